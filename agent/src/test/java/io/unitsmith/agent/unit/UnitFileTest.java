package io.unitsmith.agent.unit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnitFileTest {

    @Test
    void aFileIsACommentAndSections() {
        String text = UnitFile.startingWith("Managed")
                .section("Unit")
                .set("Description", "a unit")
                .section("Mount")
                .set("What", "//host/share")
                .text();
        assertThat(text).isEqualTo("# Managed\n\n[Unit]\nDescription=a unit\n\n[Mount]\nWhat=//host/share\n");
    }

    @Test
    void aPercentSignIsLiteralUnlessSpecifiersAreAskedFor() {
        UnitFile unit = UnitFile.startingWith("x").set("A", "100%h").setWithSpecifiers("B", "%i.sock");
        assertThat(unit.text()).endsWith("A=100%%h\nB=%i.sock\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\nb",
                "a\rb",
                "a\0b",
                "a\tb",
                "a\u007fb",
                "ends with \\",
                " leading",
                "trailing ",
                "\ud800",
                "a\udc00b"
            })
    void aValueThatSystemdWouldNotTakeAsItIsIsRefused(String value) {
        assertThat(UnitFile.fault(value)).isPresent();
        UnitFile unit = UnitFile.startingWith("x");
        assertThatIllegalArgumentException().isThrownBy(() -> unit.set("A", value));
        assertThatIllegalArgumentException().isThrownBy(() -> unit.setWithSpecifiers("A", value));
        assertThatIllegalArgumentException().isThrownBy(() -> UnitFile.startingWith(value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "//host/a share", "ends with \\ not", "a;b", "#a", "\"quoted", "日本"})
    void otherValuesAreFine(String value) {
        assertThat(UnitFile.fault(value)).isEmpty();
    }

    @Test
    void wordsAreQuotedWhereTheyNeedIt() {
        assertThat(UnitFile.words("/a/b-c", "K=v", "a b", "a:b", "say \"hi\" \\ it's", "", "$HOME"))
                .isEqualTo("/a/b-c K=v \"a b\" \"a:b\" \"say \\\"hi\\\" \\\\ it's\" \"\" \"$HOME\"");
    }

    @Test
    void aCommandHasNoVariables() {
        assertThat(UnitFile.command("/opt/$x", "$HOME", "-a=$$")).isEqualTo("\"/opt/$x\" \"$$HOME\" \"-a=$$$$\"");
    }

    @Test
    void bindsAreOptionalAndTheirColonsAndSpacesDoNotEndThem() {
        assertThat(UnitFile.optionalPaths(List.of("/home/alice", "/home/a b:c\\d")))
                .isEqualTo("-/home/alice -/home/a\\ b\\:c\\\\d");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/home/o'neill", "/home/\"x\"", "/home/../x", "/home/x\\", "/home/x\n"})
    void aPathThatASandboxWouldNotGetIsRefused(String path) {
        assertThat(UnitFile.bindFault(path)).isPresent();
        assertThat(UnitFile.bindFault("/home/a b:c\\d$%")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/opt/'x", "/opt/\"x", "/opt/x\\y"})
    void aProgramThatSystemdWouldNotStartIsRefused(String path) {
        assertThat(UnitFile.programFault(path)).isPresent();
        assertThat(UnitFile.programFault("/opt/php 8.0/$bin/100%")).isEmpty();
    }

    @Test
    void whatAMountWouldReplaceIsRefused() {
        assertThat(UnitFile.mountFault("//host/a$$b")).isPresent();
        assertThat(UnitFile.mountFault("//host/${HOME}")).isPresent();
        assertThat(UnitFile.mountFault("//host/admin$")).isEmpty();
    }
}
