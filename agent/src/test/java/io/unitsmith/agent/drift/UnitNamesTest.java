package io.unitsmith.agent.drift;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnitNamesTest {

    @Test
    void anInstanceHasItsOwnItsTemplatesAndItsPrefixesDropIns() {
        assertThat(UnitNames.dropInFolders("unitsmith-fpm@demo.my-shop.service"))
                .containsExactly(
                        "unitsmith-fpm@demo.my-shop.service.d", "unitsmith-fpm@.service.d", "unitsmith-.service.d");
        assertThat(UnitNames.dropInFolders("srv-a-b\\x20c.mount"))
                .containsExactly("srv-a-b\\x20c.mount.d", "srv-a-.mount.d", "srv-.mount.d");
    }

    @Test
    void aChangeConcernsTheUnitsThatAreReadFromIt() {
        String unit = "unitsmith-fpm@demo.shop.service";
        assertThat(UnitNames.concerns("/etc/systemd/system/unitsmith-fpm@.service", unit))
                .isTrue();
        assertThat(UnitNames.concerns("/run/systemd/system/" + unit, unit)).isTrue();
        assertThat(UnitNames.concerns("/run/systemd/system/" + unit + ".d", unit))
                .isTrue();
        assertThat(UnitNames.concerns("/run/systemd/system/" + unit + ".d/x.conf", unit))
                .isTrue();
        assertThat(UnitNames.concerns("/etc/systemd/system/unitsmith-fpm@.socket", unit))
                .isFalse();
        assertThat(UnitNames.concerns("/etc/unitsmith/fpm/8.4/demo.shop.conf", unit))
                .isFalse();
    }
}
