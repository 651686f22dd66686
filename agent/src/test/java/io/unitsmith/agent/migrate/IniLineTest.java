package io.unitsmith.agent.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.unitsmith.agent.migrate.IniLine.Entry;
import io.unitsmith.agent.migrate.IniLine.Section;
import io.unitsmith.agent.migrate.IniLine.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IniLineTest {

    private static final PhpConstants PHP_8_2 = new PhpConstants("8.2");

    @ParameterizedTest
    @CsvSource(
            delimiter = '→',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "plain→plain",
                "two  words→two  words",
                "edges \t→edges",
                "a;b→a",
                "a ; b→a",
                "'a;b'→a;b",
                "'  a  '→  a  ",
                "\"a;b\"→a;b",
                "\"\"→``",
                "a \"b\" c→abc",
                "a 'b' c→a b c",
                "\"a\\\"b\"→a\"b",
                "\"a\\\\b\"→a\\b",
                "\"a\\nb\"→a\\nb",
                "\"\\$x $y\"→$x $y",
                "\"C:\\dir\\\"→C:\\dir\\",
                "'a\\'→a\\",
                "a\\b→a\\b",
                "$x→$x",
                "a$;b→a$;b",
                "a#b→a#b",
                "[x]{y}→[x]{y}",
                "on→1",
                "YES→1",
                "True→1",
                "1→1",
                "off→``",
                "No→``",
                "none→``",
                "NULL→``",
                "false ; really→``",
                "0→0",
                "\"on\"→on",
                "'on'→on",
                "only→only",
                "no-reply@example.com→no-reply@example.com",
                "E_ALL→32767",
                "E_ALL & ~E_NOTICE→32759",
                "E_ERROR|E_WARNING→3",
                "~E_ALL & 7→0",
                "(E_ERROR | E_PARSE) ^ 1→4",
                "6 | 1 & 3→3",
                "!0→1",
                "!x→1",
                "a&b→0",
                "PHP_OS→Linux",
                "PHP_OSX→PHP_OSX",
                "php_os→php_os",
                "-1→-1",
                "1.5→1.5",
                "it'→it",
                "→``"
            })
    void aValueIsWhatPhpMakesOfIt(String written, String expected) throws Unreadable {
        assertThat(IniLine.read("name = " + written, PHP_8_2))
                .singleElement()
                .isInstanceOfSatisfying(
                        Entry.class, entry -> assertThat(entry.value().text()).isEqualTo(expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "# comment",
                "name",
                "= value",
                "name = a=b",
                "name = f(x)",
                "name = (1",
                "name = &",
                "name = 1 &",
                "name = a!b",
                "name = on off",
                "name = turn on",
                "name = on other = 1",
                "name = (1) other = 1",
                "name = \"open",
                "name = it's",
                "name = ''",
                "name = ${open",
                "[open",
                "name[open = 1",
                "name['open] = 1",
                "name] = 1",
                "a{b = 1"
            })
    void whatPhpRefusesIsRefused(String line) {
        assertThatThrownBy(() -> IniLine.read(line, PHP_8_2)).isInstanceOf(Unreadable.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '→',
            quoteCharacter = '`',
            value = {
                "memory_limit→memory_limit",
                "session.save_path→session.save_path",
                "'quoted'→quoted",
                "\"quoted\"→quoted",
                "PHP_OS→Linux",
                "TRUE→1",
                "APP_ENV→APP_ENV",
                "→``"
            })
    void aKeyIsWhatPhpMakesOfIt(String written, String expected) throws Unreadable {
        assertThat(IniLine.read("env[" + (written == null ? "" : written) + "] = x", PHP_8_2))
                .singleElement()
                .isInstanceOfSatisfying(
                        Entry.class, entry -> assertThat(entry.key()).isEqualTo(expected));
    }

    @Test
    void aSectionsNameIsTakenAsItStands() throws Unreadable {
        assertThat(IniLine.read("[PHP_OS]", PHP_8_2)).containsExactly(new Section("PHP_OS"));
        assertThat(IniLine.read("[80] ; comment", PHP_8_2)).containsExactly(new Section("80"));
        assertThat(IniLine.read("[\"two words\"]", PHP_8_2)).containsExactly(new Section("two words"));
    }

    @Test
    void aLineMayHaveASectionAndAnEntry() throws Unreadable {
        List<Statement> statements = IniLine.read("[shop] user = alice", PHP_8_2);
        assertThat(statements).hasSize(2).first().isEqualTo(new Section("shop"));
        assertThat(statements.getLast()).hasToString("user = alice");
    }

    @Test
    void allErrorsHaveNoStrictSincePhp84() throws Unreadable {
        Entry entry = (Entry) IniLine.read("x = E_ALL", new PhpConstants("8.4")).getFirst();
        assertThat(entry.value().text()).isEqualTo("30719");
    }

    @Test
    void whatOnlyTheHostKnowsIsNamed() throws Unreadable {
        assertThat(unknownOf("x = ${PATH}")).isEqualTo("${PATH}");
        assertThat(unknownOf("x = \"a${PATH}b\"")).isEqualTo("${PATH}");
        assertThat(unknownOf("x = PHP_VERSION")).isEqualTo("PHP_VERSION");
        assertThat(unknownOf("x = '${PATH}'")).isNull();
        assertThat(unknownOf("x = \\${PATH}")).isEqualTo("${PATH}");
        assertThat(unknownOf("x = \"\\${PATH}\"")).isNull();
    }

    private static String unknownOf(String line) throws Unreadable {
        return ((Entry) IniLine.read(line, PHP_8_2).getFirst()).value().unknown();
    }

    @Test
    void emptyLinesAndCommentsSayNothing() throws Unreadable {
        for (String line : List.of("", "  ", "\t", "; comment", "  ; [x]", "\r", ";#==")) {
            assertThat(IniLine.read(line, PHP_8_2)).as(line).isEmpty();
        }
    }

    @Test
    void numbersWrapAround() {
        assertThat(IniExpression.number("99999999999")).isEqualTo(1215752191);
        assertThat(IniExpression.number(" -12x")).isEqualTo(-12);
        assertThat(IniExpression.number("x")).isZero();
    }
}
