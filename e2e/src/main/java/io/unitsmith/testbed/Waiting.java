package io.unitsmith.testbed;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waiting for what others do, and telling whoever watches what it is that takes time. */
public final class Waiting {

    private static final Duration PAUSE = Duration.ofMillis(200);

    private Waiting() {}

    /** Says what begins and, where it took a while, how long that was. */
    static void step(String what, Runnable work) {
        System.out.println("• " + what);
        long start = System.nanoTime();
        work.run();
        long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
        if (seconds >= 5) {
            System.out.printf("  %d s%n", seconds);
        }
    }

    /** Looks again and again; {@code state} says what there is instead, if it does not happen in time. */
    public static void until(String what, Duration atMost, BooleanSupplier happened, Supplier<String> state) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!happened.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "%s: not within %d s\n%s".formatted(what, atMost.toSeconds(), state.get()));
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
