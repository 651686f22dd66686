package io.unitsmith.agent.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.migrate.FpmDirective.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table that people read is the one that the importer goes by. {@code -Dunitsmith.write=true} writes it anew. */
class MigratingPageTest {

    private static final Path PAGE = Path.of("../docs/migrating.md");

    @Test
    void everyDirectiveStandsInThePageWithWhatBecomesOfIt() throws IOException {
        String page = Files.readString(PAGE);
        String tables = "## Directive by directive\n\n"
                + table("In `[global]`", Scope.GLOBAL)
                + "\n" + table("In a pool", Scope.POOL)
                + "\n" + table("Anywhere", Scope.ANYWHERE);
        String before = page.substring(0, page.indexOf("## Directive by directive"));
        if (Boolean.getBoolean("unitsmith.write")) {
            Files.writeString(PAGE, before + tables);
        }
        assertThat(Files.readString(PAGE)).isEqualTo(before + tables);
    }

    private static String table(String heading, Scope scope) {
        return Arrays.stream(FpmDirective.values())
                .filter(directive -> directive.scope() == scope)
                .map(directive ->
                        "| `%s` | %s | %s |\n".formatted(directive.text(), becomes(directive), directive.remark()))
                .collect(Collectors.joining(
                        "", "### %s\n| directive | becomes | |\n|---|---|---|\n".formatted(heading), ""));
    }

    private static String becomes(FpmDirective directive) {
        if (directive.field() == null) {
            return directive.scope() == Scope.ANYWHERE ? "" : "dropped";
        }
        return "`%s`".formatted(directive.field());
    }
}
