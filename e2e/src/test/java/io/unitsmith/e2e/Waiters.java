package io.unitsmith.e2e;

import io.unitsmith.testbed.Host;

/** Processes that wait in the kernel for a server, where nobody can interrupt them. */
final class Waiters {

    private Waiters() {}

    /** One line for each in a unit whose name has this in it. */
    static String of(Host host, String unit) {
        return host.sh("""
                for process in /proc/[0-9]*; do
                  grep -qF '%s' $process/cgroup 2>/dev/null || continue
                  state=$(sed -n 's/^State:\\t\\(.\\).*/\\1/p' $process/status 2>/dev/null)
                  place=$(cat $process/wchan 2>/dev/null)
                  case $state$place in D*|*request_wait_answer*) echo "$process $state $place $(cat $process/comm)";; esac
                done; true
                """.formatted(unit)).output();
    }
}
