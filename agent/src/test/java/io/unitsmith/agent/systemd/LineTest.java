package io.unitsmith.agent.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.freedesktop.dbus.errors.NameHasNoOwner;
import org.freedesktop.dbus.errors.NoReply;
import org.freedesktop.dbus.errors.ServiceUnknown;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;
import org.freedesktop.dbus.exceptions.NotConnected;
import org.freedesktop.systemd1.NoSuchUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** With a clock that runs only while the line rests. */
class LineTest {

    private final List<Wire> wires = new ArrayList<>();
    private final List<Duration> rests = new ArrayList<>();
    private Duration busAwayUntil = Duration.ZERO;
    private final Line<Wire> line = new Line<>(this::dial, () -> now().toNanos(), rests::add);

    private static final class Wire implements Line.Connection {
        private boolean up = true;

        @Override
        public boolean isUp() {
            return up;
        }

        @Override
        public void close() {
            up = false;
        }
    }

    private String answer() {
        return line.ask("ask", wire -> "answered");
    }

    private Duration now() {
        return rests.stream().reduce(Duration.ZERO, Duration::plus);
    }

    private Wire dial() throws DBusException {
        if (now().compareTo(busAwayUntil) < 0) {
            throw new DBusException("Connection refused");
        }
        Wire wire = new Wire();
        wires.add(wire);
        return wire;
    }

    static Stream<DBusExecutionException> systemdIsAway() {
        return Stream.of(
                new NameHasNoOwner("it has left the bus"),
                new ServiceUnknown("it has not come yet"),
                new NoReply("it left before it answered"),
                new NotConnected("Disconnected"));
    }

    @Test
    void oneConnectionServesAsLongAsItHolds() {
        line.ask("ask", wire -> 1);
        line.ask("ask", wire -> 2);

        assertThat(wires).hasSize(1);
        assertThat(rests).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("systemdIsAway")
    void aQuestionIsAskedAgainOverANewConnectionUntilSystemdIsThere(DBusExecutionException away) {
        String answer = line.ask("ask", wire -> {
            if (wires.size() < 4) {
                throw away;
            }
            return "answered";
        });

        assertThat(answer).isEqualTo("answered");
        assertThat(wires).hasSize(4);
        assertThat(wires.stream().filter(Wire::isUp))
                .as("old connections are closed")
                .hasSize(1);
        assertThat(rests).isSorted().hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    void anErrorOfAConnectionThatIsDownIsNoAnswer() {
        String answer = line.ask("ask", wire -> {
            if (wires.size() == 1) {
                wire.up = false;
                throw new DBusExecutionException("Disconnecting");
            }
            return "answered";
        });

        assertThat(answer).isEqualTo("answered");
    }

    @Test
    void aConnectionThatBrokeBetweenTwoQuestionsIsMadeAnewWithoutARest() {
        line.ask("ask", wire -> wire.up = false);
        line.ask("ask", wire -> true);

        assertThat(wires).hasSize(2);
        assertThat(rests).isEmpty();
    }

    @Test
    void aBusThatComesBackWithinThePatienceIsWaitedFor() {
        busAwayUntil = Line.PATIENCE.minusSeconds(3);

        assertThat(answer()).isEqualTo("answered");
        assertThat(rests).allSatisfy(rest -> assertThat(rest).isLessThanOrEqualTo(Duration.ofSeconds(1)));
    }

    @Test
    void aBusThatStaysAwayIsGivenUpAndAskedForAnewNextTime() {
        busAwayUntil = Duration.ofHours(1);

        assertThatThrownBy(() -> line.ask("reload systemd", wire -> "answered"))
                .isInstanceOf(SystemdException.class)
                .hasMessage("could not reload systemd: Connection refused");
        assertThat(now()).isBetween(Line.PATIENCE.minusSeconds(1), Line.PATIENCE);

        busAwayUntil = Duration.ZERO;
        assertThat(answer()).isEqualTo("answered");
    }

    @Test
    void aRefusalOfSystemdsIsNotAskedTwice() {
        assertThatThrownBy(() -> line.ask("stop it", wire -> {
                    throw new NoSuchUnit("Unit a.service not loaded.");
                }))
                .isInstanceOf(SystemdException.class)
                .hasMessage("could not stop it: Unit a.service not loaded.");
        assertThat(rests).isEmpty();
        assertThat(wires)
                .singleElement()
                .satisfies(wire -> assertThat(wire.isUp()).isTrue());
    }
}
