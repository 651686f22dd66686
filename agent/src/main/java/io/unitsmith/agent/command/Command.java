package io.unitsmith.agent.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end. */
public final class Command {

    private static final int LIMIT = 1 << 20;

    private Command() {}

    /** What a program printed, at most 1 MiB of it, and how it ended. */
    public record Output(int status, String text) {}

    /**
     * Runs a program with nothing but a PATH in its environment.
     *
     * @throws IOException if it cannot be run, or does not end in time
     */
    public static Output run(Duration deadline, List<String> command) throws IOException {
        return run(deadline, new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD));
    }

    /** The same, with what the program prints as its errors in the text too. */
    public static Output runWithErrors(Duration deadline, List<String> command) throws IOException {
        return run(deadline, new ProcessBuilder(command).redirectErrorStream(true));
    }

    private static Output run(Duration deadline, ProcessBuilder builder) throws IOException {
        builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL", "C.UTF-8"));
        Process process = builder.start();
        try {
            CompletableFuture<String> text = CompletableFuture.supplyAsync(() -> read(process.getInputStream()));
            if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(
                        builder.command().getFirst() + " did not end within " + deadline.toSeconds() + " s");
            }
            return new Output(process.exitValue(), text.get(1, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new IOException("the output of " + builder.command().getFirst() + " could not be read", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static String read(InputStream stream) {
        try (stream) {
            return new String(stream.readNBytes(LIMIT), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
