package io.unitsmith.testbed;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The engine's own command line, so that whatever the fixture does can be typed too. */
final class Docker {

    private static final Duration LONGEST = Duration.ofMinutes(5);

    private Docker() {}

    static Result run(String... arguments) {
        return run(InputStream.nullInputStream(), List.of(arguments));
    }

    static Result run(InputStream input, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(arguments);
        try (input) {
            Process process = new ProcessBuilder(command).start();
            CompletableFuture<String> stdout = read(process.getInputStream());
            CompletableFuture<String> stderr = read(process.getErrorStream());
            feed(process, input);
            if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("`%s` has not ended within %s".formatted(join(command), LONGEST));
            }
            return new Result(join(command), process.exitValue(), stdout.join(), stderr.join());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in `%s`".formatted(join(command)), e);
        }
    }

    static Result run(Path input, List<String> arguments) {
        try {
            return run(Files.newInputStream(input), arguments);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A network of that name; made if it is not there. One at a time: Docker would make a second one of that name. */
    static synchronized void ensureNetwork(Run run) {
        if (!run("network", "inspect", run.network()).succeeded()) {
            run("network", "create", "--label", Run.LABEL + "=" + run.name(), run.network())
                    .output();
        }
    }

    static void remove(String container) {
        run("rm", "--force", "--volumes", container);
    }

    private static void feed(Process process, InputStream input) throws IOException {
        try (OutputStream stdin = process.getOutputStream()) {
            input.transferTo(stdin);
        } catch (IOException e) {
            // a command that does not read its input says why by its own exit code
            if (process.isAlive()) {
                throw e;
            }
        }
    }

    private static CompletableFuture<String> read(InputStream stream) {
        CompletableFuture<String> text = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try (stream) {
                text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                text.completeExceptionally(e);
            }
        });
        return text;
    }

    private static String join(List<String> command) {
        return String.join(" ", command);
    }
}
