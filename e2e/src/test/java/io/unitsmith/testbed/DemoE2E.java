package io.unitsmith.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The README shows what the demo prints. */
@ExtendWith(TestbedExtension.class)
class DemoE2E {

    private static final Pattern SHOWN = Pattern.compile("ends with:\\n\\n```\\n(.*?)```\\n", Pattern.DOTALL);

    private final Testbed bed;

    DemoE2E(Testbed bed) {
        this.bed = bed;
    }

    @Test
    void theReadmeShowsWhatTheDemoPrints() throws IOException {
        var printed = new ByteArrayOutputStream();
        new Demo(bed, new PrintStream(printed, true, StandardCharsets.UTF_8)).present();

        String readme = Files.readString(Path.of("../README.md"));
        String shown = SHOWN.matcher(readme)
                .results()
                .map(match -> match.group(1))
                .findFirst()
                .orElseThrow();
        String actual = printed.toString(StandardCharsets.UTF_8)
                .replace(bed.run().container(""), Run.demo().container(""));
        assertThat(comparable(actual)).as(actual).isEqualTo(comparable(shown));
    }

    @AfterEach
    void removeWhatTheDemoLeavesRunning() {
        bed.cluster().kubectl("delete", "phpfpmpools,remotemounts", "--all", "--namespace", "demo");
        bed.cluster().kubectl("delete", "namespace/demo", "tenantpolicy/demo");
        Docker.remove(bed.run().container("files"));
    }

    /** Without what differs from run to run: ages, PHP's patch level, and the width of columns. */
    private static List<String> comparable(String text) {
        return text.lines()
                .map(line -> line.strip()
                        .replaceAll(" {2,}", " ")
                        .replaceAll("\\b(\\d+[dhms])+$", "AGE")
                        .replaceAll("PHP (\\d+\\.\\d+)\\.\\d+", "PHP $1"))
                .filter(line -> !line.isEmpty())
                .toList();
    }
}
