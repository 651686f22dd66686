package io.unitsmith.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What `unitsmith plan --output yaml` says, and what the agent's journal says that was done, in the same words.
 *
 * @param actions {@code wrote PATH}, {@code removed PATH}, {@code start UNIT} and so on
 * @param diffs of files that are written, by path; without credentials, whose content is not shown
 */
record Planned(List<String> actions, Map<String, String> diffs) {

    private static final Pattern DONE =
            Pattern.compile("^((?:wrote|removed) /\\S+|(?:start|stop|restart|reload) \\S+)$", Pattern.MULTILINE);

    /** Plans, twice, and sees to it that this touches nothing at all. */
    static Planned touchingNothing(ContainerHost host, String manifests) {
        HostFiles before = HostFiles.settled(host);
        Planned planned = of(host.execWithInput(manifests, "unitsmith", "plan", "-f", "-", "--output", "yaml"));
        host.execWithInput(manifests, "unitsmith", "plan", "-f", "-").output();
        assertThat(HostFiles.of(host).changesSince(before))
                .as("what plan touched")
                .isEmpty();
        return planned;
    }

    /** Applies, and compares what the agent then did. */
    void isWhatIsDone(ContainerHost host, Runnable apply) {
        String cursor = journalCursor(host);
        apply.run();
        assertThat(done(host, cursor)).containsExactlyInAnyOrderElementsOf(actions);
        diffs.forEach((path, diff) -> assertThat(added(path))
                .isSubsetOf(host.exec("cat", path).output().lines().toList()));
    }

    @SuppressWarnings("unchecked")
    private static Planned of(Result plan) {
        Map<String, Object> yaml = Serialization.unmarshal(plan.output(), Map.class);
        List<String> actions = new ArrayList<>();
        Map<String, String> diffs = new TreeMap<>();
        for (Map<String, Object> file : (List<Map<String, Object>>) yaml.get("files")) {
            boolean gone = file.get("action").equals("delete");
            actions.add((gone ? "removed " : "wrote ") + file.get("path"));
            if (!gone && file.get("diff") != null) {
                diffs.put((String) file.get("path"), (String) file.get("diff"));
            }
        }
        for (Map<String, Object> unit : (List<Map<String, Object>>) yaml.get("units")) {
            actions.add(unit.get("action") + " " + unit.get("unit"));
        }
        return new Planned(actions, diffs);
    }

    /** The lines that the diff of a file adds. */
    private List<String> added(String path) {
        return diffs.get(path)
                .lines()
                .filter(line -> line.startsWith("+") && !line.startsWith("+++"))
                .map(line -> line.substring(1))
                .toList();
    }

    private static String journalCursor(ContainerHost host) {
        return host.sh("journalctl --unit unitsmith-agent --lines 0 --show-cursor --quiet | sed 's/^-- cursor: //'")
                .output();
    }

    /** What the agent has done since. */
    private static List<String> done(ContainerHost host, String cursor) {
        String journal = host.exec(
                        "journalctl", "--unit", "unitsmith-agent", "--after-cursor", cursor, "--output", "cat")
                .output();
        return DONE.matcher(journal)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }
}
