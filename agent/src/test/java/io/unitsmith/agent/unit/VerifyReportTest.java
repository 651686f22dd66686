package io.unitsmith.agent.unit;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.unit.VerifyReport.Complaint;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerifyReportTest {

    private static final List<String> NAMES =
            List.of("a:b.mount", "srv-my\\x20share.automount", "pool@x.service", "pool@x.service.d/unitsmith.conf");

    @Test
    void linesOfAFileAndWordsAboutAUnitAreFound() {
        // as systemd 252 and 257 print them
        String output = """
                /run/v/pool@x.service.d/unitsmith.conf:14: Failed to parse TimeoutStartSec= parameter, ignoring: abc
                /run/v/srv-my\\x20share.automount:13: Unknown key 'X' in section [Install], ignoring.
                pool@x.service: Command /opt/no is not executable: No such file or directory
                a:b.mount: Where= setting doesn't match unit name. Refusing.
                """;
        assertThat(VerifyReport.parse(output, "/run/v", NAMES))
                .containsExactly(
                        new Complaint(
                                "pool@x.service.d/unitsmith.conf",
                                14,
                                "Failed to parse TimeoutStartSec= parameter, ignoring: abc"),
                        new Complaint(
                                "srv-my\\x20share.automount", 13, "Unknown key 'X' in section [Install], ignoring."),
                        new Complaint(
                                "pool@x.service", 0, "Command /opt/no is not executable: No such file or directory"),
                        new Complaint("a:b.mount", 0, "Where= setting doesn't match unit name. Refusing."));
    }

    @Test
    void whatIsSaidOfOtherUnitsOfTheHostIsLeftOut() {
        String output = """
                /etc/systemd/system/pool@x.service.d/admin.conf:2: Unknown key 'Y' in section [Service], ignoring.
                /usr/lib/systemd/system/plymouth.service:15: Unit uses KillMode=none.
                other.service: Command /opt/no is not executable: No such file or directory
                a:b.mount.wants: nothing of ours

                """;
        assertThat(VerifyReport.parse(output, "/run/v", NAMES)).isEmpty();
    }

    @Test
    void whatIsSaidTwiceIsSaidOnce() {
        String line = "/run/v/a:b.mount:3: Bad.\n";
        assertThat(VerifyReport.parse(line + line, "/run/v", NAMES))
                .containsExactly(new Complaint("a:b.mount", 3, "Bad."));
    }

    @Test
    void aComplaintNamesUnitAndLine() {
        assertThat(new Complaint("a.mount", 3, "Bad.")).hasToString("a.mount, line 3: Bad.");
        assertThat(new Complaint("a.mount", 0, "Bad.")).hasToString("a.mount: Bad.");
    }
}
