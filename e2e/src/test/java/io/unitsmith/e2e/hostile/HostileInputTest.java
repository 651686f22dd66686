package io.unitsmith.e2e.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.workload.Rendering;
import io.unitsmith.agent.workload.Rendering.File;
import io.unitsmith.api.v1alpha1.Names;
import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec;
import io.unitsmith.api.v1alpha1.RemoteMountSpec;
import io.unitsmith.testbed.Counts;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the renderers write, read by readers of our own; systemd and PHP-FPM read it in HostileInputE2E. */
@Tag("soak")
class HostileInputTest {

    private static final Set<String> SERVICE = Set.of(
            "Unit.Description",
            "Service.Type",
            "Service.User",
            "Service.Group",
            "Service.Slice",
            "Service.ExecStart",
            "Service.ExecStartPre",
            "Service.ExecStopPost",
            "Service.BindPaths",
            "Service.ReadWritePaths");

    private static final Set<String> MOUNT = Set.of(
            "Unit.Description",
            "Unit.StartLimitIntervalSec",
            "Unit.Wants",
            "Unit.After",
            "Mount.What",
            "Mount.Where",
            "Mount.Type",
            "Mount.Options",
            "Mount.TimeoutSec",
            "Mount.DirectoryMode",
            "Install.WantedBy");

    private static final Set<String> MOUNT_POINT = Set.of(
            "Unit.Description",
            "Unit.DefaultDependencies",
            "Unit.RequiresMountsFor",
            "Unit.After",
            "Unit.Before",
            "Unit.PartOf",
            "Service.Type",
            "Service.RemainAfterExit",
            "Service.ExecCondition",
            "Service.ExecStartPre",
            "Service.ExecStart",
            "Service.ExecStop",
            "Service.TimeoutSec");

    private final long seed = Seed.get();

    @Test
    void aWorkloadIsRefusedWithAFieldOrEveryLineOfItsFilesIsAsItWasAskedFor() {
        Counts workloads = Counts.of("hostile workloads rendered", 1000, 10_000);
        int refused = 0;
        for (int index = 0; index < workloads.count(); index++) {
            HostileWorkload hostile = HostileWorkload.of(seed, index);
            assertThat(hostile).satisfies(HostileInputTest::check);
            refused += hostile.rendering().isEmpty() ? 1 : 0;
        }
        assertThat(refused).isBetween(workloads.count() / 5, workloads.count() * 4 / 5);
        workloads.result("%d refused, %d with every line as asked for, 0 otherwise"
                .formatted(refused, workloads.count() - refused));
    }

    private static void check(HostileWorkload hostile) {
        if (hostile.rendering().isEmpty()) {
            assertThat(hostile.problems()).isNotEmpty().allSatisfy(problem -> {
                assertThat(problem.field()).isNotNull();
                assertThat(problem.message()).isNotEmpty();
            });
            return;
        }
        Map<String, String> files = new HashMap<>();
        hostile.rendering().get().entries().forEach(entry -> {
            assertThat(entry.path()).matches("/etc/(systemd/system|unitsmith)/[^\\x00-\\x20\\x7f]+");
            assertThat(entry.path()).doesNotContain("/../", "/./", "//");
            if (entry instanceof File file) {
                files.put(file.path(), file.content());
                assertThat(new String(file.content().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                        .as("the file as bytes")
                        .isEqualTo(file.content());
            }
        });
        if (hostile.isMount()) {
            checkMount(hostile.mount(), hostile.rendering().get(), files);
        } else {
            checkPool(hostile, hostile.rendering().get(), files);
        }
    }

    private static void checkMount(RemoteMountSpec spec, Rendering rendering, Map<String, String> files) {
        Map<String, String> unit = UnitText.parse(files.get("/etc/systemd/system/" + rendering.payload()));
        assertThat(MOUNT).containsAll(unit.keySet());
        assertThat(UnitText.literal(unit.get("Mount.What"))).isEqualTo(spec.source());
        assertThat(UnitText.literal(unit.get("Mount.Where"))).isEqualTo(spec.path());
        Set<String> options = new TreeSet<>(
                Arrays.asList(UnitText.literal(unit.get("Mount.Options")).split(",", -1)));
        assertThat(options).containsAll(spec.options()).contains("nosuid", "nodev", "_netdev", "nofail");
        options.removeAll(spec.options());
        assertThat(options.stream()
                        .map(option -> option.replaceFirst("=.*", ""))
                        .collect(Collectors.toSet()))
                .as("options that nobody asked for")
                .doesNotContain("suid", "dev", "exec", "user", "x-systemd.automount", "remount", "bind");
        Map<String, String> point =
                UnitText.parse(files.get("/etc/systemd/system/" + HostileInputE2E.mountPoint(rendering)));
        assertThat(MOUNT_POINT).containsAll(point.keySet());
        point.values().forEach(UnitText::literal);
        if (spec.automount().enabled()) {
            assertThat(UnitText.literal(UnitText.parse(files.get("/etc/systemd/system/" + rendering.trigger()))
                            .get("Automount.Where")))
                    .isEqualTo(spec.path());
        }
    }

    private static void checkPool(HostileWorkload hostile, Rendering rendering, Map<String, String> files) {
        PhpFpmPoolSpec spec = hostile.pool();
        Map<String, String> unit =
                UnitText.parse(files.get("/etc/systemd/system/" + rendering.payload() + ".d/unitsmith.conf"));
        assertThat(SERVICE).containsAll(unit.keySet());
        assertThat(unit).containsEntry("Service.User", spec.user());
        unit.values().forEach(UnitText::literal);
        UnitText.parse(files.get("/etc/systemd/system/" + rendering.trigger() + ".d/unitsmith.conf"));

        String instance = Names.instance(
                hostile.reference().namespace(), hostile.reference().name());
        Map<String, String> config =
                FpmText.parse(files.get("/etc/unitsmith/fpm/" + spec.phpVersion() + "/" + instance + ".conf"));
        Map<String, String> given = new HashMap<>();
        config.forEach((key, value) -> {
            if (key.contains("['")) {
                given.put(key.substring(instance.length() + 1), value);
            }
        });
        Map<String, String> asked = new HashMap<>();
        spec.env().forEach((key, value) -> asked.put("env['" + key + "']", value));
        spec.phpValues().forEach((key, value) -> asked.put("php_value['" + key + "']", value));
        spec.phpAdminValues().forEach((key, value) -> asked.put("php_admin_value['" + key + "']", value));
        List<String> basedir = spec.hardening().openBasedir();
        if (!basedir.isEmpty()) {
            asked.put("php_admin_value['open_basedir']", String.join(":", basedir));
        }
        assertThat(given).isEqualTo(asked);
        assertThat(config.get(instance + ".access.format"))
                .isEqualTo(spec.accessLog().enabled() ? spec.accessLog().format() : null);
        assertThat(config.get(instance + ".pm.status_path"))
                .isEqualTo(spec.monitoring().statusPath());
        assertThat(config.get(instance + ".ping.response"))
                .isEqualTo(spec.monitoring().pingResponse());
        assertThat(config.get(instance + ".chdir")).isEqualTo(spec.chdir());
        assertThat(config.get(instance + ".security.limit_extensions"))
                .isEqualTo(String.join(" ", spec.limitExtensions()));
    }
}
