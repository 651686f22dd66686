package io.unitsmith.e2e;

import io.unitsmith.testbed.FileServer;
import io.unitsmith.testbed.Machine;
import io.unitsmith.testbed.Result;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Some states of a machine without a cluster, and a script on it that leads from each to the next, and from the last to the first. */
final class Applies {

    /** What an apply puts into force one by one: pools, mounts and a Secret. */
    static final List<String> OBJECTS = List.of("shop", "blog", "forum", "archive", "uploads", "nas-key");

    /** How the script ends when an apply has failed. */
    static final int FAILED = 1;

    private static final int STATES = 4;

    /** What the agent says of each change to the disk. */
    private static final String CHANGE = "^(wrote|removed) /";

    private static final String SCRIPT = """
            cd /root/states
            state=$1
            for round in $(seq "$2"); do
                state=$(( (state + 1) %% %1$d ))
                if [ -e gone-in-$state.yaml ]; then unitsmith delete -f gone-in-$state.yaml || exit %2$d; fi
                unitsmith apply -f $state.yaml || exit %2$d
                echo $state >&3
            done 3>&1 >&2
            """.formatted(STATES, FAILED);

    private final Machine machine;
    private final FileServer nas;

    /** @param nas by this name; new keys are tried there before they count */
    Applies(Machine machine, FileServer nas) {
        this.machine = machine;
        this.nas = nas;
        List<Map<String, String>> states = states();
        for (int state = 0; state < STATES; state++) {
            Map<String, String> gone = new LinkedHashMap<>(states.get((state + STATES - 1) % STATES));
            gone.keySet().removeAll(states.get(state).keySet());
            write(state + ".yaml", states.get(state));
            write("gone-in-%d.yaml".formatted(state), gone);
        }
    }

    static int next(int state) {
        return (state + 1) % STATES;
    }

    /** Goes through all states, and ends in the first. Returns what the machine looks like in each. */
    List<HostState> runUndisturbed() {
        apply(0);
        List<HostState> seen = new ArrayList<>();
        for (int state = 1; state < STATES; state++) {
            apply(state);
            seen.add(HostState.of(machine));
        }
        apply(0);
        seen.addFirst(HostState.of(machine));
        return seen;
    }

    /** From the state before it. */
    void apply(int state) {
        run(state - 1, 1).output();
    }

    /** From this state on, until the power goes: each line of the output is a state that was reported as applied. */
    Result runFrom(int state) {
        return run(state, 3 * STATES);
    }

    private Result run(int state, int steps) {
        return machine.exec("bash", "-c", SCRIPT, "applies", String.valueOf(state), String.valueOf(steps));
    }

    /** How often the agent has changed the disk since the machine was booted. */
    int changes() {
        return Integer.parseInt(
                machine.sh("journalctl --boot --unit unitsmith-agent --output cat | grep -cE '%s'".formatted(CHANGE))
                        .stdout()
                        .strip());
    }

    /** Until it has done so this often, and for a moment longer; then leaves a file that nobody syncs. */
    void awaitChanges(int count, int milliseconds, String notSynced) {
        machine.exec("timeout", "120", "bash", "-c", """
                grep -m %d -E '%s' < <(journalctl --boot --unit unitsmith-agent --output cat --lines all --follow 2>/dev/null)
                sleep 0.%03d
                echo lost >%s
                """.formatted(count, CHANGE, milliseconds, notSynced))
                .output();
    }

    private void write(String file, Map<String, String> manifests) {
        if (!manifests.isEmpty()) {
            machine.execWithInput(
                            String.join("---\n", manifests.values()),
                            "install",
                            "-D",
                            "-m",
                            "0600",
                            "/dev/stdin",
                            "/root/states/" + file)
                    .output();
        }
    }

    private List<Map<String, String>> states() {
        List<String> keys = IntStream.range(0, 2).mapToObj(this::key).toList();
        return List.of(
                Map.of(
                        "shop", pool("shop", "alice", "8.4", 128),
                        "blog", pool("blog", "bob", "8.2", 128),
                        "archive", nfs(300)),
                Map.of(
                        "shop", pool("shop", "alice", "8.4", 256),
                        "blog", pool("blog", "bob", "8.4", 128),
                        "forum", pool("forum", "carol", "8.2", 128),
                        "uploads", sshfs(keys.get(0)),
                        "archive", nfs(600)),
                Map.of(
                        "shop", pool("shop", "alice", "8.2", 256),
                        "forum", pool("forum", "carol", "8.2", 64),
                        "uploads", sshfs(keys.get(1)),
                        "archive", nfs(600)),
                Map.of(
                        "blog", pool("blog", "bob", "8.4", 512),
                        "forum", pool("forum", "carol", "8.4", 64)));
    }

    private String key(int number) {
        String file = "/root/key" + number;
        machine.exec("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", file)
                .output();
        nas.admit(machine.exec("cat", file + ".pub").output());
        return machine.exec("cat", file).output();
    }

    private static String pool(String name, String user, String php, int megabytes) {
        return """
                apiVersion: unitsmith.io/v1alpha1
                kind: PhpFpmPool
                metadata: {name: %s, namespace: cuts}
                spec:
                  hostNames: [mortal]
                  user: %s
                  phpVersion: "%s"
                  phpAdminValues: {memory_limit: %dM}
                """.formatted(name, user, php, megabytes);
    }

    private static String nfs(int idleSeconds) {
        return """
                apiVersion: unitsmith.io/v1alpha1
                kind: RemoteMount
                metadata: {name: archive, namespace: cuts}
                spec:
                  hostNames: [mortal]
                  type: nfs4
                  source: "nas:/archive"
                  path: /srv/archive
                  automount: {idleTimeout: %ds}
                """.formatted(idleSeconds);
    }

    private String sshfs(String key) {
        return """
                apiVersion: v1
                kind: Secret
                metadata: {name: nas-key, namespace: cuts}
                stringData:
                  knownHosts: %s
                  privateKey: |
                %s
                ---
                apiVersion: unitsmith.io/v1alpha1
                kind: RemoteMount
                metadata: {name: uploads, namespace: cuts}
                spec:
                  hostNames: [mortal]
                  type: sshfs
                  source: "files@nas:/srv/uploads"
                  path: /srv/uploads
                  credentials: {secretRef: {name: nas-key}}
                """.formatted(
                nas.credentials().get("knownHosts").strip(), key.indent(4).stripTrailing());
    }
}
