package io.unitsmith.e2e.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.unitsmith.agent.workload.Rendering;
import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec;
import io.unitsmith.api.v1alpha1.RemoteMountSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What systemd says of the units of one workload, beside what was asked for. */
record UnitsReadBack(HostileWorkload hostile, Rendering rendering, Map<String, Map<String, JsonNode>> properties) {

    void check() {
        assertThat(text(rendering.trigger(), "LoadState"))
                .as(of(rendering.trigger()))
                .isEqualTo("loaded");
        assertThat(text(rendering.payload(), "LoadState"))
                .as(of(rendering.payload()))
                .isEqualTo("loaded");
        if (hostile.isMount()) {
            checkMount(hostile.mount());
        } else {
            checkPool(hostile.pool());
        }
    }

    private void checkMount(RemoteMountSpec spec) {
        String mount = rendering.payload();
        assertEqual(mount, "Description", "RemoteMount h/" + hostile.reference().name());
        assertEqual(mount, "What", spec.source());
        assertEqual(mount, "Where", spec.path());
        List<String> options = Arrays.asList(text(mount, "Options").split(",", -1));
        assertThat(options.subList(0, spec.options().size())).as(of(mount)).isEqualTo(spec.options());
        assertThat(options).contains("nosuid", "nodev", "_netdev").doesNotContain("suid", "dev", "exec");
        String point = HostileInputE2E.mountPoint(rendering);
        assertThat(arguments(point, "ExecStartPre"))
                .containsExactly("/usr/bin/mkdir", "-p", "-m", spec.directoryMode(), spec.path());
        assertThat(arguments(point, "ExecStart")).containsExactly("/usr/bin/chattr", "+i", spec.path());
        assertThat(arguments(point, "ExecCondition"))
                .endsWith(spec.path().replace("\\", "\\134").replace(" ", "\\040"), "/proc/self/mountinfo");
        if (spec.automount().enabled()) {
            assertEqual(rendering.trigger(), "Where", spec.path());
            assertThat(property(rendering.trigger(), "TimeoutIdleUSec").asLong())
                    .isEqualTo(300_000_000);
        }
    }

    private void checkPool(PhpFpmPoolSpec spec) {
        String instance = HostileInputE2E.instance(hostile);
        String service = rendering.payload();
        String binary = hostile.facts().php().get("8.4").binary();
        JsonNode command = property(service, "ExecStart").path(0);
        assertThat(property(service, "ExecStart").size()).as(of(service)).isEqualTo(1);
        assertThat(command.path(0).asText()).as(of(service)).isEqualTo(binary);
        assertThat(texts(command.path(1)))
                .as(of(service))
                .containsExactly(
                        binary, "--nodaemonize", "--fpm-config", "/etc/unitsmith/fpm/8.4/" + instance + ".conf");
        assertEqual(service, "User", spec.user());
        assertEqual(service, "Group", HostileWorkload.USER);
        assertThat(texts(property(service, "Environment")))
                .as(of(service))
                .containsExactly("FPM_SOCKETS=/run/unitsmith/fpm/" + instance + ".sock=3");
        assertThat(StreamSupport.stream(property(service, "BindPaths").spliterator(), false)
                        .map(bind -> bind.path(0).asText() + " on "
                                + bind.path(1).asText() + " " + bind.path(2).asBoolean())
                        .toList())
                .as(of(service))
                .isEqualTo(binds(spec));

        assertThat(texts(property(service, "ReadWritePaths")))
                .as(of(service))
                .isEqualTo(spec.hardening().readWritePaths().stream()
                        .map(path -> "-" + shortest(path))
                        .toList());

        String socket = rendering.trigger();
        assertThat(property(socket, "Listen").path(0).path(1).asText())
                .isEqualTo("/run/unitsmith/fpm/" + instance + ".sock");
        assertThat(property(socket, "SocketMode").asInt())
                .isEqualTo(Integer.parseInt(spec.socket().mode(), 8));
        assertThat(property(socket, "Backlog").asInt()).isEqualTo(spec.socket().backlog());
    }

    /** Before variables are put in: a dollar that is one is there twice. */
    private List<String> arguments(String unit, String property) {
        return texts(property(unit, property).path(0).path(1)).stream()
                .map(argument -> argument.replace("$$", "$"))
                .toList();
    }

    /** The home, the working directory and what may be written, where ProtectHome= would hide them; systemd shows paths in their shortest form. */
    private List<String> binds(PhpFpmPoolSpec spec) {
        List<String> binds = new ArrayList<>();
        String home = hostile.facts().users().get(spec.user()).home();
        binds.add(home);
        Stream.concat(Stream.ofNullable(spec.chdir()), spec.hardening().readWritePaths().stream())
                .filter(path -> path.startsWith("/home/"))
                .filter(path -> binds.stream().noneMatch(bind -> path.equals(bind) || path.startsWith(bind + "/")))
                .forEach(binds::add);
        return binds.stream()
                .map(UnitsReadBack::shortest)
                .map(path -> path + " on " + path + " true")
                .toList();
    }

    private static String shortest(String path) {
        return path.replaceAll("/(\\./|/)*", "/").replaceAll("(?<=.)/\\.?$", "");
    }

    private void assertEqual(String unit, String property, String expected) {
        assertThat(text(unit, property)).as(property + " of " + of(unit)).isEqualTo(expected);
    }

    private String text(String unit, String property) {
        return property(unit, property).asText();
    }

    private JsonNode property(String unit, String property) {
        JsonNode value = properties.get(unit).get(property);
        assertThat(value).as(property + " of " + of(unit)).isNotNull();
        return value;
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.toList());
    }

    private String of(String unit) {
        return "%s of hostile workload %d".formatted(unit, hostile.index());
    }
}
