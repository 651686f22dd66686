package io.unitsmith.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * How much of something a test does: some of it in {@code make test}, all of it in {@code make soak}, whose report lists
 * every count with what came of it. A test that counts is tagged {@code soak}.
 */
public final class Counts {

    private static final Path FIGURES = Path.of("target/figures");

    private final Path figures;
    private final String what;
    private final int count;
    private final long begun = System.nanoTime();

    private Counts(Path figures, String what, int count) {
        this.figures = figures;
        this.what = what;
        this.count = count;
    }

    /**
     * Begins to count: until there is a {@link #result}, the report says that there is none.
     *
     * @param what in the plural, such as "power cuts"
     */
    public static Counts of(String what, int some, int all) {
        return of(FIGURES, what, Boolean.parseBoolean(System.getenv("UNITSMITH_SOAK")) ? all : some);
    }

    static Counts of(Path figures, String what, int count) {
        Counts counts = new Counts(figures, what, count);
        counts.record("not finished");
        return counts;
    }

    public int count() {
        return count;
    }

    /** What came of it, such as "0 lost". */
    public void result(String result) {
        System.out.printf("• %d %s: %s (%d s)%n", count, what, result, seconds());
        record(result);
    }

    private void record(String result) {
        String name = what.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        try {
            Files.createDirectories(figures);
            Files.writeString(
                    figures.resolve(name + ".tsv"), "%s\t%d\t%s\t%d%n".formatted(what, count, result, seconds()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long seconds() {
        return Duration.ofNanos(System.nanoTime() - begun).toSeconds();
    }
}
