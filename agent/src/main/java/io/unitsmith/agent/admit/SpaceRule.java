package io.unitsmith.agent.admit;

import io.unitsmith.agent.facts.FreeSpace;
import io.unitsmith.agent.workload.Rendering;
import io.unitsmith.agent.workload.Rendering.File;
import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.Reason;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Whether there is room for what is new: a change that runs out of it half-way would have to be undone without any. */
final class SpaceRule {

    /** For the host itself, which shares these file systems. */
    private static final long SPARE_BYTES = 32L << 20;

    /** /run is memory, a fifth of it: a small machine has no more. */
    private static final long SPARE_MEMORY = 4L << 20;

    private static final long SPARE_INODES = 1000;
    private static final long BLOCK = 4096;

    /** Each file is there twice for a moment, and a third time to go back to; each may be in a folder of its own. */
    private static final int COPIES = 3;

    private final List<FreeSpace> spaces;
    private long bytes;
    private long inodes;

    SpaceRule(List<FreeSpace> spaces) {
        this.spaces = spaces;
    }

    /** Takes the room that this needs from what there is, or says what is lacking. */
    Optional<Problem> take(Rendering rendering) {
        long moreBytes = bytes
                + COPIES
                        * rendering.entries().stream()
                                .mapToLong(SpaceRule::size)
                                .sum();
        long moreInodes = inodes + COPIES * 2L * rendering.entries().size();
        Optional<Problem> lack = spaces.stream()
                .flatMap(space -> lack(space, moreBytes, moreInodes).stream())
                .findFirst();
        if (lack.isEmpty()) {
            bytes = moreBytes;
            inodes = moreInodes;
        }
        return lack;
    }

    private static long size(Rendering.Entry entry) {
        return entry instanceof File file
                ? (file.content().getBytes(StandardCharsets.UTF_8).length / BLOCK + 1) * BLOCK
                : BLOCK;
    }

    private static Optional<Problem> lack(FreeSpace space, long moreBytes, long moreInodes) {
        long neededBytes = moreBytes + (space.folder().equals("/run") ? SPARE_MEMORY : SPARE_BYTES);
        long neededInodes = moreInodes + SPARE_INODES;
        if (space.bytes() < neededBytes) {
            return full(space.folder(), mebibytes(space.bytes()), mebibytes(neededBytes));
        }
        return space.inodes() < neededInodes
                ? full(space.folder(), space.inodes() + " inodes", neededInodes + " inodes")
                : Optional.empty();
    }

    private static Optional<Problem> full(String folder, String there, String needed) {
        return Optional.of(Problem.of(
                Reason.DISK_FULL,
                null,
                "the file system of %s has %s left, and %s are needed: make room there"
                        .formatted(folder, there, needed)));
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
    }
}
