package io.unitsmith.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.unitsmith.operator.host.HostNamespace;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {

    private static final Map<String, String> ENVIRONMENT = Map.of(
            "UNITSMITH_AGENT_SERVER", "https://api:6443",
            "POD_NAME", "operator-1",
            "POD_NAMESPACE", "unitsmith",
            "POD_SERVICE_ACCOUNT", "unitsmith-operator");

    @Test
    void theEnvironmentSaysAll() {
        assertThat(Settings.of(ENVIRONMENT))
                .isEqualTo(new Settings(
                        "https://api:6443",
                        "operator-1",
                        new HostNamespace.Account("unitsmith", "unitsmith-operator")));
    }

    @Test
    void whatIsMissingIsNamed() {
        for (String name : ENVIRONMENT.keySet()) {
            Map<String, String> blank = new HashMap<>(ENVIRONMENT);
            blank.put(name, " ");
            assertThatThrownBy(() -> Settings.of(blank)).hasMessageContaining(name);
        }
    }
}
