package io.unitsmith.agent.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.freedesktop.dbus.types.Variant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitWatchTest {

    private final AtomicInteger changes = new AtomicInteger();

    @ParameterizedTest
    @CsvSource({"mnt-backup.mount, mnt_2dbackup_2emount", "0day.service, _30day_2eservice", "a@b.socket, a_40b_2esocket"
    })
    void namesAUnitsObjectAsSystemdDoes(String unit, String object) {
        assertThat(UnitWatch.objectPath(unit)).isEqualTo("/org/freedesktop/systemd1/unit/" + object);
    }

    @Test
    void tellsOfAStateThatChangesAndNotOfAStatusText() {
        UnitWatch watch = watching("a.service");
        watch.changed(UnitWatch.objectPath("a.service"), state("active", "running"));
        watch.changed(UnitWatch.objectPath("a.service"), state("active", "running"));
        watch.changed(UnitWatch.objectPath("a.service"), Map.of("StatusText", new Variant<>("Requests: 1")));
        assertThat(changes).hasValue(1);

        watch.changed(UnitWatch.objectPath("a.service"), state("inactive", "dead"));
        assertThat(changes).hasValue(2);
    }

    @Test
    void doesNotTellOfOthersUnits() {
        watching("a.service").changed(UnitWatch.objectPath("b.service"), state("active", "running"));

        assertThat(changes).hasValue(0);
    }

    private UnitWatch watching(String unit) {
        UnitWatch watch = new UnitWatch();
        watch.listener(changes::incrementAndGet);
        watch.follow(List.of(unit));
        return watch;
    }

    private static Map<String, Variant<?>> state(String active, String sub) {
        return Map.of("ActiveState", new Variant<>(active), "SubState", new Variant<>(sub));
    }
}
