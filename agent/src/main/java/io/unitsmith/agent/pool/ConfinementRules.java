package io.unitsmith.agent.pool;

import io.unitsmith.agent.unit.HostPath;
import io.unitsmith.agent.unit.UnitFile;
import io.unitsmith.agent.workload.Problems;
import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec;
import io.unitsmith.api.v1alpha1.Reason;
import io.unitsmith.api.v1alpha1.Resources;
import io.unitsmith.api.v1alpha1.Sizes;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What stands against a pool's sandbox and limits. */
final class ConfinementRules {

    private static final Pattern PERCENT = Pattern.compile("[1-9][0-9]{0,5}%");
    private static final Pattern CORE = Pattern.compile("[0-9]{1,18}|unlimited");
    private static final Pattern UMASK = Pattern.compile("0[0-7]{3}");
    private static final String OPEN_BASEDIR = "open_basedir";

    private final PhpFpmPoolSpec spec;
    private final Problems problems;

    private ConfinementRules(PhpFpmPoolSpec spec, Problems problems) {
        this.spec = spec;
        this.problems = problems;
    }

    static void check(PhpFpmPoolSpec spec, Problems problems) {
        var rules = new ConfinementRules(spec, problems);
        rules.checkResources(spec.resources());
        rules.checkForm("spec.rlimitCore", spec.rlimitCore(), CORE, "bytes, or unlimited");
        rules.checkForm("spec.hardening.umask", spec.hardening().umask(), UMASK, "four octal digits such as \"0027\"");
        rules.checkWritable(spec.hardening().readWritePaths());
        rules.checkBasedir(spec.hardening().openBasedir());
    }

    private void checkResources(Resources resources) {
        OptionalLong max = size("spec.resources.memoryMax", resources.memoryMax());
        OptionalLong high = size("spec.resources.memoryHigh", resources.memoryHigh());
        if (max.isPresent() && high.isPresent() && high.getAsLong() > max.getAsLong()) {
            add(
                    "spec.resources.memoryHigh",
                    "\"%s\" is more than memoryMax, which is %s: it would never count"
                            .formatted(resources.memoryHigh(), resources.memoryMax()));
        }
        checkForm(
                "spec.resources.cpuQuota", resources.cpuQuota(), PERCENT, "percent of one processor such as \"150%\"");
    }

    private OptionalLong size(String field, @Nullable String size) {
        if (size == null) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Sizes.bytes(size));
        } catch (IllegalArgumentException e) {
            add(field, "\"%s\" is no size such as 512Mi or 2Gi".formatted(size));
            return OptionalLong.empty();
        }
    }

    private void checkForm(String field, @Nullable String value, Pattern form, String right) {
        if (value != null && !form.matcher(value).matches()) {
            add(field, "\"%s\" is wrong: give %s".formatted(value, right));
        }
    }

    private void checkWritable(List<String> paths) {
        for (int i = 0; i < paths.size(); i++) {
            String path = paths.get(i);
            String field = "spec.hardening.readWritePaths[" + i + "]";
            problems.addIf(HostPath.fault(path).or(() -> UnitFile.bindFault(path)), field, path);
            if (PoolSandbox.HIDDEN.contains(path)) {
                add(field, "\"%s\" is hidden as a whole: name directories in it".formatted(path));
            }
        }
    }

    /** php.ini separates them by colons, and knows no escape for one (main/fopen_wrappers.c). */
    private void checkBasedir(List<String> paths) {
        for (int i = 0; i < paths.size(); i++) {
            String path = paths.get(i);
            String field = "spec.hardening.openBasedir[" + i + "]";
            problems.addIf(HostPath.fault(path), field, path);
            if (path.contains(":")) {
                add(field, "\"%s\" has a colon in it, which would separate two directories".formatted(path));
            }
            SettingRules.checkText(problems, field, path);
        }
        if (!paths.isEmpty() && spec.phpAdminValues().containsKey(OPEN_BASEDIR)) {
            add(
                    "spec.phpAdminValues." + OPEN_BASEDIR,
                    "spec.hardening.openBasedir says it already: leave one of the two out");
        }
    }

    private void add(String field, String message) {
        problems.add(Reason.INVALID, field, message);
    }
}
