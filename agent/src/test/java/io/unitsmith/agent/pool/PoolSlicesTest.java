package io.unitsmith.agent.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.workload.Rendering.Entry;
import io.unitsmith.agent.workload.Rendering.File;
import io.unitsmith.api.v1alpha1.UserLimits;
import java.util.List;
import org.junit.jupiter.api.Test;

class PoolSlicesTest {

    private static final String FOLDER = "/etc/systemd/system/";

    @Test
    void noUsersSliceIsWithinThatOfAnother() {
        assertThat(PoolSlices.of("web")).isEqualTo("unitsmith-fpm-web.slice");
        assertThat(PoolSlices.of("web-a")).isEqualTo("unitsmith-fpm-web\\x2da.slice");
    }

    @Test
    void everyFileOfThemIsKnownAgain() {
        List<Entry> files = PoolSlices.files("web-a", UserLimits.NONE);
        assertThat(files)
                .map(Entry::path)
                .containsExactly(
                        FOLDER + "unitsmith.slice",
                        FOLDER + "unitsmith-fpm.slice",
                        FOLDER + "unitsmith-fpm-web\\x2da.slice")
                .allMatch(PoolSlices::isFile);
        assertThat(List.of(
                        FOLDER + "unitsmith-mounts.slice",
                        FOLDER + "unitsmith-fpm-web.slice.d/x.conf",
                        "/run/systemd/system/unitsmith.slice"))
                .noneMatch(PoolSlices::isFile);
    }

    @Test
    void limitsAreWrittenAsSystemdReadsThem() {
        File own = (File)
                PoolSlices.files("web", new UserLimits("1536Mi", "50%", 20)).getLast();
        assertThat(own.content()).endsWith("""
                [Slice]
                MemoryMax=1536M
                CPUQuota=50%
                TasksMax=20
                """);
    }
}
