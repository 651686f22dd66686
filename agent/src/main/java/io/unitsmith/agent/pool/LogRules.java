package io.unitsmith.agent.pool;

import io.unitsmith.agent.workload.Problems;
import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec;
import io.unitsmith.api.v1alpha1.Reason;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What stands against a pool's logs. */
final class LogRules {

    private static final Pattern URL_PATH = Pattern.compile("/[!-~]*");

    private LogRules() {}

    static void check(PhpFpmPoolSpec spec, Problems problems) {
        if (spec.accessLog().format() != null) {
            SettingRules.checkText(
                    problems, "spec.accessLog.format", spec.accessLog().format());
        }
        List<String> paths = spec.accessLog().suppressPaths();
        for (int i = 0; i < paths.size(); i++) {
            String field = "spec.accessLog.suppressPaths[" + i + "]";
            if (!URL_PATH.matcher(paths.get(i)).matches()) {
                problems.add(
                        Reason.INVALID,
                        field,
                        "\"%s\" is no path of a URL such as /ping: it begins with /, and has no space"
                                .formatted(paths.get(i)));
            } else {
                SettingRules.checkText(problems, field, paths.get(i));
            }
        }
        if (spec.slowlog() != null) {
            checkSlowTimeout(spec.slowlog().timeout(), spec.requestTerminateTimeout(), problems);
        }
    }

    private static void checkSlowTimeout(String timeout, @Nullable String terminateTimeout, Problems problems) {
        String field = "spec.slowlog.timeout";
        OptionalInt slow = problems.addUnlessDuration(field, timeout, 1);
        // its own problems are told elsewhere
        OptionalInt end = new Problems().addUnlessDuration("spec.requestTerminateTimeout", terminateTimeout, 1);
        if (slow.isPresent() && end.isPresent() && slow.getAsInt() > end.getAsInt()) {
            problems.add(
                    Reason.INVALID,
                    field,
                    "\"%s\" is longer than requestTerminateTimeout, which is %s: such a request has ended before"
                            .formatted(timeout, terminateTimeout));
        }
    }
}
