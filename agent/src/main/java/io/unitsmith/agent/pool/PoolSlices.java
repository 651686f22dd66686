package io.unitsmith.agent.pool;

import io.unitsmith.agent.unit.UnitFile;
import io.unitsmith.agent.unit.UnitName;
import io.unitsmith.agent.workload.Header;
import io.unitsmith.agent.workload.Rendering.Effect;
import io.unitsmith.agent.workload.Rendering.Entry;
import io.unitsmith.agent.workload.Rendering.File;
import io.unitsmith.agent.workload.Rendering.Layer;
import io.unitsmith.api.v1alpha1.UserLimits;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The slices of pools, one in the other: of Unitsmith, of all pools, of all pools of a user.
 *
 * <p>That of a user is there with limits and without: so limits come and go while masters run, who could not change to
 * another slice. It has a unit file and no drop-in, which all pools of the user share. An empty slice stops by itself:
 * systemd would keep it for ever.
 */
final class PoolSlices {

    /** Where sockets are: that of a user has processes only. */
    static final String ALL = "unitsmith.slice";

    private static final String POOLS = "unitsmith-fpm.slice";
    private static final Pattern FILE =
            Pattern.compile(Pattern.quote(UnitFile.FOLDER) + "/unitsmith(-fpm(-[^/]+)?)?\\.slice");

    private PoolSlices() {}

    /** Dashes in a user's name are escaped: {@code web-a} is not within {@code web}. */
    static String of(String user) {
        return "unitsmith-fpm-" + UnitName.part(user) + ".slice";
    }

    /** Whether this is the path of one of them, of whatever user. */
    static boolean isFile(String path) {
        return FILE.matcher(path).matches();
    }

    static List<Entry> files(String user, UserLimits limits) {
        UnitFile own = slice("PHP-FPM pools of user " + user).section("Slice");
        setIfGiven(own, "MemoryMax", PoolUnits.memory(limits.memoryMax()));
        setIfGiven(own, "CPUQuota", limits.cpuQuota());
        setIfGiven(own, "TasksMax", limits.tasksMax());
        return List.of(
                file(ALL, slice("Workloads of Unitsmith")),
                file(POOLS, slice("PHP-FPM pools of Unitsmith")),
                file(of(user), own));
    }

    private static UnitFile slice(String description) {
        return UnitFile.startingWith(Header.shared())
                .section("Unit")
                .set("Description", description)
                .set("StopWhenUnneeded", "yes");
    }

    private static void setIfGiven(UnitFile unit, String key, @Nullable Object limit) {
        if (limit != null) {
            unit.setWithSpecifiers(key, limit.toString());
        }
    }

    private static File file(String name, UnitFile unit) {
        return new File(UnitFile.FOLDER + "/" + name, Layer.SLICE, Effect.NONE, unit.text(), 0644, null);
    }
}
