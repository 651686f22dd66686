package io.unitsmith.agent.mount;

import io.unitsmith.agent.facts.HostFacts;
import io.unitsmith.agent.mount.Options.Option;
import io.unitsmith.agent.unit.HostPath;
import io.unitsmith.agent.unit.UnitFile;
import io.unitsmith.agent.unit.UnitName;
import io.unitsmith.agent.workload.Problems;
import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.Reason;
import io.unitsmith.api.v1alpha1.RemoteMountSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What stands against a mount on a host, all of it at once. */
final class MountRules {

    private static final Set<String> ALWAYS = Set.copyOf(MountUnits.ALWAYS);

    private static final Set<String> OF_OWNERSHIP =
            Set.of("uid", "gid", "forceuid", "forcegid", "file_mode", "dir_mode", "umask", "mp_umask");
    /** Of all units that are called after the path, that with the longest name. */
    private static final String LONGEST = "unitsmith-unmount-force@";

    private final RemoteMountSpec spec;
    private final FileSystem type;
    private final Problems problems = new Problems();

    private MountRules(RemoteMountSpec spec) {
        this.spec = spec;
        this.type = FileSystem.of(spec.type());
    }

    static List<Problem> check(RemoteMountSpec spec, Credentials credentials, Ownership ownership, HostFacts facts) {
        var rules = new MountRules(spec);
        rules.checkHelper(facts);
        rules.checkSource();
        rules.checkPath();
        rules.checkOptions();
        rules.problems.addUnlessDuration(
                "spec.automount.idleTimeout", spec.automount().idleTimeout(), 0);
        rules.problems.addUnlessDuration("spec.mountTimeout", spec.mountTimeout(), 1);
        rules.checkDirectoryMode();
        ownership.check(rules.problems, facts);
        rules.problems.addUnlessDuration("spec.health.interval", spec.health().interval(), 10);
        rules.problems.addUnlessDuration("spec.health.timeout", spec.health().timeout(), 1);
        credentials.check(rules.problems);
        return rules.problems.toList();
    }

    private void checkHelper(HostFacts facts) {
        if (!facts.mountHelpers().contains(type.name())) {
            problems.add(
                    Reason.MOUNT_HELPER_NOT_FOUND,
                    "spec.type",
                    "this host cannot mount %s: install the package %s".formatted(type.name(), type.debianPackage()));
        }
    }

    private void checkSource() {
        Optional<String> fault = UnitFile.mountFault(spec.source());
        if (fault.isEmpty() && !type.source().matcher(spec.source()).matches()) {
            fault = Optional.of("is no source for %s: write %s".formatted(type.name(), type.sourceForm()));
        }
        if (UnitFile.bytes(spec.source()) > UnitFile.MOST_BYTES) {
            fault = Optional.of("has more than " + UnitFile.MOST_BYTES + " bytes");
        }
        problems.addIf(fault, "spec.source", spec.source());
    }

    private void checkPath() {
        Optional<String> fault = HostPath.fault(spec.path()).or(() -> UnitFile.mountFault(spec.path()));
        if (fault.isEmpty()) {
            fault = type.pathFault(spec.path());
        }
        if (fault.isEmpty()
                && LONGEST.length() + UnitName.ofPath(spec.path(), "service").length() > UnitName.MAX_LENGTH) {
            fault = Optional.of(
                    "is too long: the name of its unit, with four characters for each but letters and digits,"
                            + " would have more than " + UnitName.MAX_LENGTH);
        }
        problems.addIf(fault, "spec.path", spec.path());
    }

    private void checkDirectoryMode() {
        if (!spec.directoryMode().matches(Options.MODE)) {
            problems.add(Reason.INVALID, "spec.directoryMode", Ownership.modeFault(spec.directoryMode()));
        }
    }

    private void checkOptions() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < spec.options().size(); i++) {
            String field = "spec.options[" + i + "]";
            String option = spec.options().get(i);
            String name = option.replaceFirst("=.*", "");
            @Nullable Option allowed = type.options().get(name);
            if (spec.ownership() != null && OF_OWNERSHIP.contains(name)) {
                problems.addIf(Optional.of("is not for the options: spec.ownership says it"), field, name);
            } else if (allowed == null) {
                // Only the name: people try passwords here.
                problems.addIf(Optional.of(notAllowed(name)), field, name);
            } else if (!allowed.allows(option)) {
                problems.addIf(Optional.of("is not of the form " + allowed.form()), field, option);
            } else if (!seen.add(name)) {
                problems.addIf(Optional.of("gives " + name + " again: leave one out"), field, option);
            }
        }
        type.neededOption()
                .filter(name -> !seen.contains(name))
                .ifPresent(name -> problems.add(
                        Reason.INVALID, "spec.options", "%s needs the option %s=".formatted(type.name(), name)));
    }

    private String notAllowed(String name) {
        if (ALWAYS.contains(name)) {
            return "is always so: leave it out";
        }
        String allowed = String.join(", ", new TreeSet<>(type.options().all().keySet()));
        return Options.field(name)
                .map(field -> "is not for the options: %s says it".formatted(field))
                .orElse("is not allowed for %s; these are: %s".formatted(type.name(), allowed));
    }
}
