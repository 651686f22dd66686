package io.unitsmith.testbed;

import java.util.Map;

/** A machine with sshd and a folder; the key that opens it is made there and then. */
public final class FileServer implements AutoCloseable {

    /** What a RemoteMount has as its source. */
    public static final String SOURCE = "files@files:/srv/uploads";

    private final ContainerHost host;

    private FileServer(ContainerHost host) {
        this.host = host;
    }

    public static FileServer start(Run run) {
        return start(run, "files");
    }

    /** One more, by a name of its own: {@code files@NAME:/srv/uploads}. */
    public static FileServer start(Run run, String name) {
        ContainerHost host = ContainerHost.start(run, name, "trixie");
        host.sh("""
                id files >/dev/null 2>&1 || useradd --create-home files
                install -d -o files /srv/uploads
                echo 'this file is on the file server' >/srv/uploads/hello.txt
                install -d -o files -m 0700 /home/files/.ssh
                [ -f /root/key ] || ssh-keygen -q -t ed25519 -N '' -C unitsmith -f /root/key
                install -o files -m 0600 /root/key.pub /home/files/.ssh/authorized_keys
                # who fails to log in would be refused for a while, and tests that come next with him
                echo 'PerSourcePenalties no' >/etc/ssh/sshd_config.d/tests.conf
                systemctl enable --now --quiet ssh
                """).output();
        return new FileServer(host);
    }

    public ContainerHost host() {
        return host;
    }

    /** What a RemoteMount's Secret holds. */
    public Map<String, String> credentials() {
        return Map.of(
                "privateKey",
                host.exec("cat", "/root/key").output() + "\n",
                "knownHosts",
                host.name() + " "
                        + host.exec("cat", "/etc/ssh/ssh_host_ed25519_key.pub").output() + "\n");
    }

    /** Whoever has the private key to this one is let in from now on, too. */
    public void admit(String publicKey) {
        host.execWithInput(publicKey + "\n", "tee", "--append", "/home/files/.ssh/authorized_keys")
                .output();
    }

    @Override
    public void close() {
        host.remove();
    }
}
