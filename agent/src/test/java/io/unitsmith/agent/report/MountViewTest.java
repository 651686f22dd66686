package io.unitsmith.agent.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.facts.Mounted;
import io.unitsmith.agent.workload.Sight;
import io.unitsmith.agent.workload.Sight.Unknown;
import io.unitsmith.agent.workload.Sight.Well;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.Mount;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MountViewTest {

    private static final Mask MASK =
            Mask.of(List.of(Map.of("password", "s3cret-word".getBytes(StandardCharsets.UTF_8))));

    @Test
    void theServersAddressAndTheOptionsAreToldAndNoSecret() {
        Mounted mounted = new Mounted("0:41", "//files/share", "cifs", "rw,username=bob,x=s3cret-word,addr=10.0.0.7");
        assertThat(MountView.of(new Sight(mounted, new Unknown()), MASK))
                .isEqualTo(new Mount("//files/share", "10.0.0.7", "rw,username=bob,x=***,addr=10.0.0.7", null));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1000, 0% of 1000 B",
        "873, 1000, 87% of 1000 B",
        "1610612736, 1610612736, 100% of 1.5 GiB",
        "1, 270582939648, 0% of 252 GiB",
        "9223372036854775807, 9223372036854775807, 100% of 8.0 EiB"
    })
    void freeSpaceIsToldAsCoarselyAsItMatters(long free, long all, String expected) {
        Mounted mounted = new Mounted("0:41", "files:/", "nfs4", "rw");
        assertThat(MountView.of(new Sight(mounted, new Well(free, all)), MASK).free())
                .isEqualTo(expected);
    }

    @Test
    void aServerThatCountsNothingHasNoFreeSpace() {
        Mounted mounted = new Mounted("0:41", "files:/", "nfs4", "rw");
        assertThat(MountView.of(new Sight(mounted, new Well(0, 0)), MASK).free())
                .isNull();
    }
}
