package io.unitsmith.agent.systemd;

import io.unitsmith.agent.systemd.bus.ManagerInterface;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.freedesktop.dbus.connections.IDisconnectCallback;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.freedesktop.dbus.connections.impl.DBusConnectionBuilder;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;
import org.freedesktop.dbus.interfaces.DBus;
import org.freedesktop.dbus.interfaces.Properties;
import org.freedesktop.dbus.matchrules.DBusMatchRuleBuilder;

/**
 * One connection to the bus, subscribed to what systemd tells of jobs and units. It ends with the bus, and also when
 * systemd leaves the bus or comes back to it: what was told in between is lost.
 */
final class BusConnection implements Line.Connection {

    static final String SERVICE = "org.freedesktop.systemd1";
    static final String PATH = "/org/freedesktop/systemd1";

    private final DBusConnection connection;
    private final ManagerInterface manager;
    private final AtomicBoolean up;

    private BusConnection(DBusConnection connection, AtomicBoolean up) throws DBusException {
        this.connection = connection;
        this.up = up;
        this.manager = remote(PATH, ManagerInterface.class);
    }

    /**
     * Connects, and has systemd tell of what happens.
     *
     * @param lost run once, when the connection ends without being closed
     */
    static BusConnection open(String address, EndedJobs endedJobs, UnitWatch watch, Runnable lost)
            throws DBusException {
        AtomicBoolean up = new AtomicBoolean(true);
        Runnable down = () -> {
            if (up.getAndSet(false)) {
                lost.run();
            }
        };
        DBusConnection connection = DBusConnectionBuilder.forAddress(address)
                .withShared(false)
                .withDisconnectCallback(new IDisconnectCallback() {
                    @Override
                    public void disconnectOnError(IOException e) {
                        down.run();
                    }

                    @Override
                    public void requestedDisconnect(Integer connectionId) {
                        down.run();
                    }
                })
                .receivingThreadConfig()
                .withSignalThreadCount(1) // more would change the order of signals
                .connectionConfig()
                .build();
        try {
            connection.addSigHandler(
                    DBusMatchRuleBuilder.create()
                            .withType(DBus.NameOwnerChanged.class)
                            .withArg0123(0, SERVICE)
                            .build(),
                    (DBus.NameOwnerChanged signal) -> down.run());
            connection.addSigHandler(
                    DBusMatchRuleBuilder.create()
                            .withType(ManagerInterface.JobRemoved.class)
                            .withPath(PATH)
                            .build(),
                    (ManagerInterface.JobRemoved signal) -> endedJobs.ended(signal.job(), signal.result()));
            connection.addSigHandler(
                    DBusMatchRuleBuilder.create()
                            .withType(Properties.PropertiesChanged.class)
                            .withPathNamespace(PATH + "/unit")
                            .build(),
                    (Properties.PropertiesChanged signal) ->
                            watch.changed(signal.getPath(), signal.getPropertiesChanged()));
            BusConnection made = new BusConnection(connection, up);
            made.manager.subscribe();
            return made;
        } catch (DBusException | DBusExecutionException e) {
            up.set(false);
            connection.disconnect();
            throw e;
        }
    }

    ManagerInterface manager() {
        return manager;
    }

    Properties properties(String path) throws DBusException {
        return remote(path, Properties.class);
    }

    /** The bus is not to start systemd where it is away: it cannot. */
    private <I extends org.freedesktop.dbus.interfaces.DBusInterface> I remote(String path, Class<I> type)
            throws DBusException {
        return connection.getRemoteObject(SERVICE, path, type, false);
    }

    @Override
    public boolean isUp() {
        return up.get() && connection.isConnected();
    }

    @Override
    public void close() {
        up.set(false);
        connection.disconnect();
    }
}
