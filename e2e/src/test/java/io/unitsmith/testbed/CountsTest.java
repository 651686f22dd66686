package io.unitsmith.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CountsTest {

    @TempDir
    private Path figures;

    @Test
    void aCountThatCameToNothingStandsInTheReportAsSuch() throws IOException {
        Counts.of(figures, "power cuts", 20);
        assertThat(Files.readString(figures.resolve("power-cuts.tsv"))).startsWith("power cuts\t20\tnot finished\t");
    }

    @Test
    void aResultTakesItsPlace() throws IOException {
        Counts.of(figures, "power cuts", 3).result("0 lost");
        assertThat(figures).isDirectoryContaining("glob:**/power-cuts.tsv");
        assertThat(Files.readString(figures.resolve("power-cuts.tsv"))).startsWith("power cuts\t3\t0 lost\t");
    }
}
