package io.unitsmith.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The reference page and the code list the same reasons. */
class ReasonsPageTest {

    private static final Path PAGE = Path.of("../docs/reference/reasons.md");
    private static final Pattern ROW = Pattern.compile("^\\| `([A-Za-z]+)` \\| \\S", Pattern.MULTILINE);

    @Test
    void everyReasonIsExplainedOnce() throws IOException {
        assertThat(ROW.matcher(Files.readString(PAGE)).results().map(row -> row.group(1)))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Reason.values()).map(Reason::text).toList());
    }
}
