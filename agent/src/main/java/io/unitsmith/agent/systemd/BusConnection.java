package io.unitsmith.agent.systemd;

import io.unitsmith.agent.systemd.bus.ManagerInterface;
import java.io.IOException;
import org.freedesktop.dbus.connections.IDisconnectCallback;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.freedesktop.dbus.connections.impl.DBusConnectionBuilder;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;
import org.freedesktop.dbus.interfaces.Properties;
import org.freedesktop.dbus.matchrules.DBusMatchRuleBuilder;

/** One connection to the bus, subscribed to what systemd tells of jobs and units. */
record BusConnection(DBusConnection connection, ManagerInterface manager) {

    static final String SERVICE = "org.freedesktop.systemd1";
    static final String PATH = "/org/freedesktop/systemd1";

    static BusConnection open(String address, EndedJobs endedJobs, UnitWatch watch) throws DBusException {
        DBusConnection connection = DBusConnectionBuilder.forAddress(address)
                .withShared(false)
                .withDisconnectCallback(new IDisconnectCallback() {
                    @Override
                    public void disconnectOnError(IOException e) {
                        watch.lost();
                    }
                })
                .receivingThreadConfig()
                .withSignalThreadCount(1) // more would change the order of signals
                .connectionConfig()
                .build();
        try {
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
            ManagerInterface manager = connection.getRemoteObject(SERVICE, PATH, ManagerInterface.class);
            manager.subscribe();
            return new BusConnection(connection, manager);
        } catch (DBusException | DBusExecutionException e) {
            connection.disconnect();
            throw e;
        }
    }

    Properties properties(String path) throws DBusException {
        return connection.getRemoteObject(SERVICE, path, Properties.class);
    }

    boolean isConnected() {
        return connection.isConnected();
    }

    void close() {
        connection.disconnect();
    }
}
