package io.unitsmith.agent.systemd.bus;

import java.util.List;
import org.freedesktop.dbus.Tuple;
import org.freedesktop.dbus.annotations.Position;

/** The answer to EnableUnitFiles: whether the files said how to be enabled, and the links made. */
public final class EnabledUnitFiles extends Tuple {

    @Position(0)
    private final boolean carriesInstallInfo;

    @Position(1)
    private final List<Link> links;

    public EnabledUnitFiles(boolean carriesInstallInfo, List<Link> links) {
        this.carriesInstallInfo = carriesInstallInfo;
        this.links = links;
    }

    public boolean carriesInstallInfo() {
        return carriesInstallInfo;
    }

    public List<Link> links() {
        return links;
    }

    /** One change: {@code (sss)}. */
    @SuppressWarnings("UnusedVariable") // the signature needs them all
    public static final class Link extends org.freedesktop.dbus.Struct {

        @Position(0)
        private final String type;

        @Position(1)
        private final String path;

        @Position(2)
        private final String target;

        public Link(String type, String path, String target) {
            this.type = type;
            this.path = path;
            this.target = target;
        }
    }
}
