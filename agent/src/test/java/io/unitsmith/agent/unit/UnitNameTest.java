package io.unitsmith.agent.unit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitNameTest {

    /** What systemd-escape --path prints for each of them. */
    @ParameterizedTest
    @CsvSource(quoteCharacter = '^', textBlock = """
            /srv/uploads,srv-uploads
            /a-b,a\\x2db
            /.hidden,\\x2ehidden
            /a/.b,a-.b
            /a:b,a:b
            /a_b.c,a_b.c
            /a@b,a\\x40b
            /über,\\xc3\\xbcber
            /日本,\\xe6\\x97\\xa5\\xe6\\x9c\\xac
            /my share,my\\x20share
            /a/./b,a-b
            /a//b/,a-b
            /./.hidden,\\x2ehidden
            /100%,100\\x25
            /a\\b,a\\x5cb
            /,-
            """)
    void aPathIsEscapedAsSystemdDoes(String path, String escaped) {
        assertThat(UnitName.ofPath(path, "mount")).isEqualTo(escaped + ".mount");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/srv/uploads",
                "/a-b",
                "/.hidden",
                "/a/.b",
                "/über/日本",
                "/my share",
                "/100%",
                "/a\\b",
                "/$1"
            })
    void thePathIsReadBackFromTheName(String path) {
        String unit = UnitName.ofPath(path, "mount");

        assertThat(UnitName.path(unit.substring(0, unit.length() - ".mount".length())))
                .contains(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a--b", "a\\xzz", "a\\x2", "a\\x61", "a b", "ü", ""})
    void aNameThatIsOfNoPathHasNone(String name) {
        assertThat(UnitName.path(name)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"web, web", "web-a, web\\x2da", "web-a-b, web\\x2da\\x2db", "_web9, _web9"})
    void aPartOfANameHasNoDashThatWouldNestIt(String text, String escaped) {
        assertThat(UnitName.part(text)).isEqualTo(escaped);
    }
}
