package io.unitsmith.agent.unit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
}
