package io.unitsmith.agent.facts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatSpaceProbeTest {

    @Test
    void blocksBecomeBytes() {
        assertThat(StatSpaceProbe.parse("/etc", "3 4096 17 100")).isEqualTo(new FreeSpace("/etc", 12288, 17));
    }

    @Test
    void aFileSystemWithoutATableOfInodesDoesNotRunOutOfThem() {
        assertThat(StatSpaceProbe.parse("/etc", "3 4096 0 0")).isEqualTo(new FreeSpace("/etc", 12288, Long.MAX_VALUE));
    }

    @Test
    void theHostsOwnFoldersAreLookedAtInTheirOrder() throws IOException {
        assertThat(new StatSpaceProbe(List.of("/etc", "/proc")).look())
                .extracting(FreeSpace::folder)
                .containsExactly("/etc", "/proc");
    }
}
