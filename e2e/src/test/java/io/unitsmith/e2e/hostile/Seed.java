package io.unitsmith.e2e.hostile;

/** What the generated texts come from: another one each time, unless {@code -Dunitsmith.seed=} names one. */
final class Seed {

    private static final long SEED = Long.getLong("unitsmith.seed", System.nanoTime());

    private Seed() {}

    static long get() {
        System.out.printf("• hostile input with -Dunitsmith.seed=%d%n", SEED);
        return SEED;
    }
}
