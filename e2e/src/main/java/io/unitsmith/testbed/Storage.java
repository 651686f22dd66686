package io.unitsmith.testbed;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A machine with files that can be mounted in every way but CephFS: by NFS 3 and 4 and SFTP as /srv/files, by SMB as the
 * shares "shop uploads", "sealed" and "public", by WebDAV at port 8080, by S3 as the bucket "files" at port 7070. The
 * volume "uploads" of GlusterFS has files of its own.
 */
public final class Storage implements AutoCloseable {

    /** Its name on the network. */
    public static final String NAME = "storage";

    /** What is in the file hello.txt, whichever way it is mounted. */
    public static final String CONTENT = "this file is on the file server";

    /** Of SMB, SFTP, WebDAV and, as the access key, S3. */
    private static final String USER = "files";

    private static final String PASSWORD = "50% \"off\", $USER's=\\#canaryOfPassword";
    private static final String SECRET_KEY = "50%/\"off\",$USER's=\\#+canaryOfSecretKey";

    private final Machine machine;

    private Storage(Machine machine) {
        this.machine = machine;
    }

    /** A new one, which serves. */
    public static Storage start(Run run) {
        Machine machine = Machine.boot(run, NAME, "files");
        machine.execWithInput(PASSWORD + "\n" + PASSWORD + "\n", "smbpasswd", "-s", "-a", USER)
                .output();
        write(machine, "/etc/default/webdav", Map.of("RCLONE_USER", USER, "RCLONE_PASS", PASSWORD));
        write(machine, "/etc/default/s3", Map.of("ROOT_ACCESS_KEY", USER, "ROOT_SECRET_KEY", SECRET_KEY));
        machine.sh("""
                        set -e
                        install -d -o files /srv/files /srv/brick
                        echo '%s' | tee /srv/files/hello.txt >/srv/brick/hello.txt
                        ssh-keygen -q -t ed25519 -N '' -f /root/key
                        install -d -o files -m 0700 /home/files/.ssh
                        install -o files -m 0600 /root/key.pub /home/files/.ssh/authorized_keys
                        systemctl enable --now --quiet webdav s3
                        gluster volume create uploads %s:/srv/brick force
                        gluster volume start uploads
                        sync
                        """.formatted(CONTENT, NAME)).output();
        return new Storage(machine);
    }

    /** In a file that systemd reads: what it takes for special has a backslash. */
    private static void write(Machine machine, String path, Map<String, String> environment) {
        String lines = environment.entrySet().stream()
                .map(variable -> variable.getKey() + "=" + variable.getValue().replaceAll("[^A-Za-z0-9]", "\\\\$0"))
                .collect(Collectors.joining("\n", "", "\n"));
        machine.execWithInput(lines, "tee", path).output();
    }

    public Machine machine() {
        return machine;
    }

    /** For SMB and WebDAV. */
    public Map<String, String> login() {
        return Map.of("username", USER, "password", PASSWORD);
    }

    /** For SFTP. */
    public Map<String, String> key() {
        return Map.of(
                "privateKey",
                machine.exec("cat", "/root/key").output() + "\n",
                "knownHosts",
                NAME + " "
                        + machine.exec("cat", "/etc/ssh/ssh_host_ed25519_key.pub")
                                .output() + "\n");
    }

    /** For S3. */
    public Map<String, String> accessKey() {
        return Map.of("accessKey", USER, "secretKey", SECRET_KEY);
    }

    /** What the files of such names hold, such as "*.txt", by their names. */
    public Map<String, String> files(String names) {
        return machine.sh("cd /srv/files && grep -H '' %1$s; cd /srv/brick && grep -H '' %1$s".formatted(names))
                .stdout()
                .lines()
                .map(line -> line.split(":", 2))
                .collect(Collectors.toMap(line -> line[0], line -> line[1]));
    }

    /** Its power goes and comes back: whoever was connected is not any more. Returns once it serves. */
    public void restart() {
        machine.powerCut();
        machine.powerOn();
        Waiting.until(
                "the volume of GlusterFS is served",
                Duration.ofMinutes(1),
                () -> machine.sh("gluster volume status uploads | grep -q 'Brick.* Y '")
                        .succeeded(),
                () -> machine.sh("gluster volume status uploads").toString());
    }

    @Override
    public void close() {
        machine.remove();
    }
}
