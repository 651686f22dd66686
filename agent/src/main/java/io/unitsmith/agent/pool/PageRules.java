package io.unitsmith.agent.pool;

import io.unitsmith.agent.workload.Problems;
import io.unitsmith.api.v1alpha1.Monitoring;
import io.unitsmith.api.v1alpha1.Reason;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What stands against PHP-FPM's own pages of a pool. */
final class PageRules {

    /** What PHP-FPM accepts (fpm_conf.c). */
    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9/_.~-]+");

    private PageRules() {}

    static void check(Monitoring pages, Problems problems) {
        checkPath("spec.monitoring.statusPath", pages.statusPath(), problems);
        checkPath("spec.monitoring.pingPath", pages.pingPath(), problems);
        if (pages.pingPath() != null && pages.pingPath().equals(pages.statusPath())) {
            problems.add(
                    Reason.INVALID,
                    "spec.monitoring.pingPath",
                    "\"%s\" is the statusPath too: give another path".formatted(pages.pingPath()));
        }
        if (pages.pingResponse() == null) {
            return;
        }
        String field = "spec.monitoring.pingResponse";
        if (pages.pingPath() == null) {
            problems.add(Reason.INVALID, field, "goes with pingPath: give that too, or leave this out");
        } else {
            SettingRules.checkText(problems, field, pages.pingResponse());
        }
    }

    private static void checkPath(String field, @Nullable String path, Problems problems) {
        if (path != null && !PATH.matcher(path).matches()) {
            problems.add(
                    Reason.INVALID,
                    field,
                    "\"%s\" is no path such as /status: letters, digits, and any of / _ . ~ -".formatted(path));
        }
    }
}
