package io.unitsmith.e2e;

import io.unitsmith.testbed.Machine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What a power cut has left on a disk, as it was when the agent was started at boot.
 *
 * @param files the hash of every file where units and configurations are
 * @param unlisted files of the agent that its ledger does not list
 */
record AfterCut(Map<String, String> files, List<String> unlisted) {

    private static final String FOLDER = "/run/after-cut";

    /** What is never there for longer than a write takes. */
    private static final String TEMPORARY = "/.unitsmith-";

    private static final String UNLISTED = """
            cd /
            for file in $(grep -rl 'Managed by Unitsmith' etc/systemd/system etc/unitsmith); do
                case $file in *%s*) continue;; esac
                grep -qF "\\"/$file\\"" var/lib/unitsmith/ledger.json || echo "not in the ledger: /$file"
            done
            """.formatted(TEMPORARY);

    /** Has the machine look at itself from now on, at each boot, before its agent does. */
    static void recordAtBoot(Machine machine) {
        String script = """
                #!/bin/bash
                [ -e %1$s ] && exit 0
                mkdir %1$s
                (%2$s) >%1$s/files
                (%3$s) >%1$s/unlisted
                """.formatted(FOLDER, HostState.HASHES, UNLISTED);
        machine.execWithInput(script, "install", "/dev/stdin", "/root/record").output();
        machine.sh("""
                install -D /dev/stdin /etc/systemd/system/unitsmith-agent.service.d/record.conf <<'END'
                [Service]
                ExecStartPre=+/root/record
                END
                systemctl daemon-reload
                """).output();
    }

    static AfterCut of(Machine machine) {
        return new AfterCut(
                HostState.hashes(machine.exec("cat", FOLDER + "/files").output().lines()),
                machine.exec("cat", FOLDER + "/unlisted").output().lines().toList());
    }

    /** What the agent has left behind that it should have cleaned up by now. */
    static List<String> leftovers(Machine machine) {
        return machine.sh("find /etc /var/lib/unitsmith -path '*%s*'\n%s".formatted(TEMPORARY, UNLISTED))
                .output()
                .lines()
                .toList();
    }

    /** Every file is there with all of its content, the old or the new, and the ledger lists it. */
    List<String> faults(HostState before, HostState after) {
        List<String> faults = new ArrayList<>(unlisted);
        files.forEach((path, hash) -> {
            if (!path.contains(TEMPORARY)
                    && Stream.of(before, after)
                            .noneMatch(state -> hash.equals(state.files().get(path)))) {
                faults.add(path + " has neither the content of before nor that of after");
            }
        });
        before.files().keySet().stream()
                .filter(path -> after.files().containsKey(path) && !files.containsKey(path))
                .forEach(path -> faults.add(path + " is gone"));
        return faults;
    }

    /** Whether the cut came in the midst of the change from the one to the other. */
    boolean isBetween(HostState before, HostState after) {
        return Stream.of(before, after).noneMatch(state -> Objects.equals(files, state.files()));
    }
}
