package io.unitsmith.agent.ceiling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentYamlTest {

    @Test
    void theFileOfThePackageSaysWhatHoldsWithoutIt() throws IOException, InvalidAgentYaml {
        String text = Files.readString(Path.of("src/deb/agent.yaml"));
        assertThat(AgentYaml.ceiling(text)).isEqualTo(Ceiling.DEFAULT);
        assertThat(text).contains("lowestUid:", "lowestGid:", "forbiddenGroups:", "forbiddenMountPaths:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing", "---", "ceiling:", "ceiling: {}", "ceiling: {lowestUid: }"})
    void whatIsNotSaidHasItsDefault(String text) throws InvalidAgentYaml {
        assertThat(AgentYaml.ceiling(text)).isEqualTo(Ceiling.DEFAULT);
    }

    @Test
    void whatIsSaidTakesThePlaceOfTheDefault() throws InvalidAgentYaml {
        Ceiling ceiling = AgentYaml.ceiling(
                "ceiling: {lowestUid: 2000, forbiddenGroups: [wheel], forbiddenMountPaths: [/data/**]}");
        assertThat(ceiling).isEqualTo(new Ceiling(2000, 1000, Set.of("wheel"), PathPattern.list("/data/**")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ceiling: {lowestUuid: 1}                    | ceiling.lowestUuid is not a key; these are: forbiddenGroups, forbiddenMountPaths, lowestGid, lowestUid
            ceilings: {}                                | ceilings is not a key; these are: ceiling
            ceiling: {lowestUid: 0}                     | ceiling.lowestUid: 0 would allow root
            ceiling: {lowestGid: -1}                    | ceiling.lowestGid: -1 would allow root
            ceiling: {lowestUid: many}                  | ceiling.lowestUid:
            ceiling: {lowestUid: "1000"}                | ceiling.lowestUid:
            ceiling: {lowestUid: 10.5}                  | ceiling.lowestUid:
            ceiling: {forbiddenGroups: docker}          | ceiling.forbiddenGroups:
            ceiling: {forbiddenMountPaths: [/a, etc]}   | ceiling.forbiddenMountPaths[1]:
            ceiling: {lowestUid: 1, lowestUid: 2}       | line 1:
            ceiling: [                                  | line 1:
            """)
    void whatCannotBeIsRefusedWithItsKey(String text, String message) {
        assertThatThrownBy(() -> AgentYaml.ceiling(text))
                .isInstanceOf(InvalidAgentYaml.class)
                .hasMessageStartingWith(message);
    }
}
