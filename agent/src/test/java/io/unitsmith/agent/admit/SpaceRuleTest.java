package io.unitsmith.agent.admit;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.facts.FreeSpace;
import io.unitsmith.agent.workload.Rendering;
import io.unitsmith.agent.workload.Rendering.Effect;
import io.unitsmith.agent.workload.Rendering.File;
import io.unitsmith.agent.workload.Rendering.Layer;
import io.unitsmith.api.v1alpha1.Problem;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SpaceRuleTest {

    private static final long MIB = 1 << 20;

    /** One block, three times. */
    private static final long SMALL = 3 * 4096;

    @Test
    void whatFitsExactlyFits() {
        SpaceRule rule = new SpaceRule(List.of(new FreeSpace("/etc", 32 * MIB + SMALL, 1006)));
        assertThat(rule.take(file("x"))).isEmpty();
    }

    @Test
    void aByteLessIsTooLittleAndTheMessageSaysHowMuchIsNeeded() {
        SpaceRule rule = new SpaceRule(List.of(new FreeSpace("/var/lib", 31 * MIB, 1006)));
        assertThat(rule.take(file("x")))
                .contains(new Problem(
                        "DiskFull",
                        null,
                        "the file system of /var/lib has 31.0 MiB left, and 32.0 MiB are needed: make room there"));
        assertThat(new SpaceRule(List.of(new FreeSpace("/etc", 32 * MIB + SMALL - 1, 1006))).take(file("x")))
                .isPresent();
    }

    @Test
    void inodesRunOutToo() {
        SpaceRule rule = new SpaceRule(List.of(new FreeSpace("/etc", 1L << 40, 1005)));
        assertThat(rule.take(file("x")).map(Problem::message))
                .contains("the file system of /etc has 1005 inodes left, and 1006 inodes are needed: make room there");
    }

    @Test
    void memoryNeedsLess() {
        SpaceRule rule = new SpaceRule(List.of(new FreeSpace("/run", 5 * MIB, 2000)));
        assertThat(rule.take(file("x"))).isEmpty();
    }

    @Test
    void whatIsLetInTakesItsRoomFromTheNextAndWhatIsNotTakesNone() {
        SpaceRule rule = new SpaceRule(List.of(new FreeSpace("/etc", 32 * MIB + 2 * SMALL, 2000)));
        assertThat(rule.take(file("first"))).isEmpty();
        assertThat(rule.take(file("x".repeat(9000)))).isPresent();
        assertThat(rule.take(file("second"))).isEmpty();
        assertThat(rule.take(file("third"))).isPresent();
    }

    private static Rendering file(String content) {
        return new Rendering(
                List.of(new File("/etc/x", Layer.CONFIG, Effect.NONE, content, 0644, null)),
                "x.socket",
                "x.service",
                Optional.empty());
    }
}
