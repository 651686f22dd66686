package io.unitsmith.agent;

import static io.unitsmith.agent.TestHost.mount;
import static io.unitsmith.agent.TestHost.pool;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.ceiling.Ceiling;
import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.files.Checkpoint;
import io.unitsmith.agent.preview.Preview;
import io.unitsmith.agent.source.DesiredState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is foretold touches nothing, and is then what happens. */
class ForesightTest {

    private static final String SERVICE = "unitsmith-fpm@demo.shop.service";

    @TempDir
    private Path root;

    private TestHost host;

    @BeforeEach
    void setUp() throws IOException {
        host = new TestHost(root);
    }

    @Test
    void aNewPoolAndANewMount() throws IOException {
        Preview preview = comesTrue(it -> {
            it.live("shop", pool("r1", "alice", "8.4", "128M"));
            it.live("files", mount("r1", "/srv/files", true));
        });
        assertThat(preview.files()).allMatch(file -> file.action() == Preview.Action.CREATE);
        assertThat(preview.impact()).allMatch(effect -> effect.impact().equals("none"));
    }

    @Test
    void anEditIsAReloadAndItsDiffHasThatLineAlone() throws IOException {
        running();
        Preview preview = comesTrue(it -> it.live("shop", pool("r2", "alice", "8.4", "256M")));

        assertThat(hit(preview))
                .singleElement()
                .satisfies(effect -> assertThat(effect.impact()).isEqualTo("reload"));
        assertThat(preview.files().getFirst().diff().lines().filter(line -> line.matches("[+-][^+-].*")))
                .containsExactly(
                        "-php_admin_value['memory_limit'] = '128M'", "+php_admin_value['memory_limit'] = '256M'");
    }

    @Test
    void anotherPhpVersionRestartsTheMasterAndNotTheSocket() throws IOException {
        running();
        Preview preview = comesTrue(it -> it.live("shop", pool("r2", "alice", "8.2", "128M")));

        assertThat(hit(preview)).singleElement().satisfies(effect -> {
            assertThat(effect.unit()).isEqualTo(SERVICE);
            assertThat(effect.impact()).isEqualTo("restart");
        });
    }

    @Test
    void aRemovalStopsBoth() throws IOException {
        running();
        Preview preview = comesTrue(it -> it.remove("shop"));

        assertThat(preview.impact())
                .hasSize(2)
                .allMatch(effect -> effect.impact().equals("stop"));
        assertThat(preview.files()).allMatch(file -> file.action() == Preview.Action.DELETE);
    }

    @Test
    void whatIsAsItIsAskedToBeChangesNothing() throws IOException {
        running();
        assertThat(comesTrue(it -> {}).changesNothing()).isTrue();
    }

    @Test
    void whatTheHostRefusesIsToldAndChangesNothing() throws IOException {
        running();
        Preview preview = comesTrue(it -> it.live("shop", pool("r2", "nobody-here", "8.4", "128M")));

        assertThat(preview.changesNothing()).isTrue();
        assertThat(preview.refused()).singleElement().satisfies(refusal -> {
            assertThat(refusal.workload()).isEqualTo("PhpFpmPool demo/shop");
            assertThat(refusal.field()).isEqualTo("spec.user");
        });
    }

    private static List<Preview.UnitEffect> hit(Preview preview) {
        return preview.impact().stream()
                .filter(effect -> !effect.impact().equals("none"))
                .toList();
    }

    private void running() {
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        host.turn();
        host.systemd.activate(SERVICE);
    }

    private Preview comesTrue(Consumer<TestHost> change) throws IOException {
        change.accept(host);
        host.systemd.jobs.clear();
        Map<String, String> before = host.tree();
        var foresight = new Foresight(
                new AtomicFiles(root, Checkpoint.NONE),
                host.systemd,
                (users, groups, paths) -> host.facts(),
                Ceiling.DEFAULT,
                host.clock);
        Preview preview = foresight.of(new DesiredState(host.assignments, host.secrets, Map.of()));
        assertThat(host.tree()).isEqualTo(before);
        assertThat(host.systemd.jobs).isEmpty();

        host.turn();
        assertThat(host.systemd.jobs)
                .containsExactlyInAnyOrderElementsOf(preview.units().stream()
                        .map(one -> one.action().toUpperCase(Locale.ROOT) + " " + one.unit())
                        .toList());
        assertThat(preview.files().stream().map(file -> file.path().substring(1)))
                .containsExactlyInAnyOrderElementsOf(changes(before, host.tree()));
        return preview;
    }

    private static Set<String> changes(Map<String, String> before, Map<String, String> after) {
        Set<String> changed = new TreeSet<>(before.keySet());
        changed.addAll(after.keySet());
        changed.removeIf(path -> Objects.equals(before.get(path), after.get(path))
                || path.startsWith("var/lib/unitsmith")
                || path.startsWith("run/")
                || "folder".equals(before.getOrDefault(path, after.get(path))));
        return changed;
    }
}
