package io.unitsmith.agent.report;

import io.unitsmith.agent.facts.Mounted;
import io.unitsmith.agent.workload.Sight;
import io.unitsmith.api.v1alpha1.Conditions;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.Mount;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is told of a file system that is mounted. */
public final class MountView {

    private static final int SOURCE_LIMIT = 256;
    private static final int OPTIONS_LIMIT = 384;
    private static final int ADDRESS_LIMIT = 64;
    private static final String ADDRESS = "addr=";

    private MountView() {}

    /**
     * What its status says.
     *
     * @param mask for all secrets that there are
     */
    public static Mount of(Sight sight, Mask mask) {
        Mounted mounted = sight.mounted();
        @Nullable
        String address = Arrays.stream(mounted.options().split(",", -1))
                .filter(option -> option.startsWith(ADDRESS))
                .map(option -> option.substring(ADDRESS.length()))
                .filter(text -> text.length() <= ADDRESS_LIMIT)
                .findFirst()
                .orElse(null);
        return new Mount(
                Conditions.bounded(mask.apply(mounted.source()), SOURCE_LIMIT),
                address,
                Conditions.bounded(mask.apply(mounted.options()), OPTIONS_LIMIT),
                sight.answer() instanceof Sight.Well(long freeBytes, long bytes) && bytes > 0
                        ? free(freeBytes, bytes)
                        : null);
    }

    /** As coarse as that, since each change of it is a message to the cluster. */
    private static String free(long freeBytes, long bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
        int unit = 0;
        double size = bytes;
        while (size >= 1024 && unit < units.length - 1) {
            size /= 1024;
            unit++;
        }
        return "%d%% of %s %s"
                .formatted(
                        (long) (100.0 * freeBytes / bytes),
                        String.format(Locale.ROOT, size < 10 && unit > 0 ? "%.1f" : "%.0f", size),
                        units[unit]);
    }
}
