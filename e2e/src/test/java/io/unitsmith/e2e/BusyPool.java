package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.testbed.ContainerHost;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A pool under short requests, slow ones and uploads, which remembers what it was asked to be, and since when it has been that. */
final class BusyPool implements AutoCloseable {

    private static final int CLIENTS = 4;
    private static final int UPLOAD_BYTES = 4 << 20;

    /** A change waits for slow requests, those of other pools, and an agent that was just killed. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final ContainerHost host;
    private final Pool pool;
    private final List<State> states = new ArrayList<>();
    private final List<Load> loads;
    private String version;
    private int edit;
    private int sockets;
    private int files = 4096;
    private int token;

    /**
     * What its scripts answer.
     *
     * @param live when this was known to be so: nothing that begins later is answered as before
     */
    private record State(String answer, Instant live) {}

    private BusyPool(ContainerHost host, Pool pool, String version, int slowSeconds, int least) {
        this.host = host;
        this.pool = pool;
        this.version = version;
        writeToken();
        apply();
        this.loads = loads(host, pool.user(), pool.socket(), slowSeconds, least);
    }

    /**
     * One under load.
     *
     * @param slowSeconds how long a slow request takes
     * @param least how many short requests it is to get
     */
    static BusyPool start(ContainerHost host, Pool pool, String version, int slowSeconds, int least) {
        return new BusyPool(host, pool, version, slowSeconds, least);
    }

    /** The same for any socket. */
    static List<Load> loads(ContainerHost host, String user, String socket, int slowSeconds, int least) {
        Tenant.script(host, user, "state.php", Resource.text("state.php"));
        Tenant.script(
                host, user, "slow.php", "<?php sleep(%d); require __DIR__ . '/state.php';".formatted(slowSeconds));
        Tenant.script(
                host,
                user,
                "upload.php",
                "<?php echo hash('sha256', file_get_contents('php://input')), ' '; require __DIR__ . '/state.php';");
        String folder = "/home/" + user + "/www/";
        return List.of(
                Load.on(host, socket, new Load.Work(folder + "state.php", CLIENTS, 0, 20, least / CLIENTS + 1)),
                Load.on(host, socket, new Load.Work(folder + "slow.php", 1, 0, 0, 1)),
                Load.on(host, socket, new Load.Work(folder + "upload.php", 1, UPLOAD_BYTES, 500, 1)));
    }

    void edit() {
        edit++;
        apply();
    }

    /** Of the socket alone, which no answer shows. */
    void editSocket() {
        sockets++;
        place();
    }

    /** An edit that no reload takes up. */
    void replaceMaster() {
        files++;
        edit();
    }

    void switchVersion() {
        version = version.equals("8.4") ? "8.2" : "8.4";
        edit++;
        apply();
    }

    void rotateSecret() {
        token++;
        writeToken();
        // the operator looks at secrets once a minute, and whenever a label of the host changes
        pool.tenant()
                .kubectl("label --overwrite hosts.unitsmith.io %s rotation=%s-%d"
                        .formatted(host.name(), pool.name(), token))
                .output();
        String script = "/home/" + pool.user() + "/www/state.php";
        until(
                "PHP of %s has the Secret's value %d".formatted(pool.name(), token),
                PATIENCE,
                () -> pool.run(host, script).stdout().contains(answer()),
                () -> host.journal("unitsmith-agent"));
        states.add(new State(answer(), Instant.now()));
    }

    /** Ends the load. Every answer has to be that of a state which was not over when the request began. */
    Load.Outcome stop() {
        Load.Outcome all = Load.Outcome.NONE;
        for (Load load : loads) {
            all = all.plus(load.stop());
        }
        assertThat(states.stream().map(State::answer))
                .as("answers of %s", pool.name())
                .containsAll(all.answers().keySet());
        for (int state = 0; state + 1 < states.size(); state++) {
            String answer = states.get(state).answer();
            if (all.answers().containsKey(answer)) {
                assertThat(all.lastBegun(answer))
                        .as("when the last request of %s began that was answered '%s'", pool.name(), answer)
                        .isBeforeOrEqualTo(states.get(state + 1).live());
            }
        }
        return all;
    }

    @Override
    public void close() {
        loads.forEach(Load::close);
    }

    private void apply() {
        place();
        states.add(new State(answer(), Instant.now()));
    }

    private void place() {
        pool.apply("""
                  hostNames: [%s]
                  phpVersion: "%s"
                  processManager: {maxChildren: 12}
                  rlimitFiles: %d
                  env: {EDIT: "%d"}
                  socket: {mode: "%s", backlog: %d}
                  envFrom: [{secretRef: {name: %s}}]
                """.formatted(
                                host.name(),
                                version,
                                files,
                                edit,
                                sockets % 2 == 0 ? "0660" : "0760",
                                511 + sockets,
                                pool.name()))
                .awaitReady(PATIENCE);
    }

    private void writeToken() {
        pool.tenant().secret(pool.name(), Map.of("TOKEN", "token " + token));
    }

    private String answer() {
        return "edit %d on PHP %s with token %d".formatted(edit, version, token);
    }
}
