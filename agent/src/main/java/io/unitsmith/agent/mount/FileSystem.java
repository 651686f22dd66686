package io.unitsmith.agent.mount;

import io.unitsmith.api.v1alpha1.RemoteMountSpec;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A kind of file system, and what it allows.
 *
 * <p>Options are an allowlist, since some are code execution (ssh_command, ProxyCommand) and some hand root's files to
 * others. None of the patterns allows a comma, a quote or a backslash.
 *
 * @param unitType as systemd and mount(8) spell it
 * @param debianPackage the package that brings the mount helper
 * @param source what a source matches
 * @param sourceForm what a source looks like
 * @param options the options that a user may give, by name, each with what its value may be; a flag has the empty pattern
 */
record FileSystem(
        RemoteMountSpec.Type type,
        String unitType,
        String debianPackage,
        Pattern source,
        String sourceForm,
        Map<String, Pattern> options) {

    /** A host name or an address; not with a leading -, which ssh would take for an option. */
    private static final String HOST = "(?:[A-Za-z0-9][A-Za-z0-9.-]*|\\[[0-9A-Fa-f:.]+])";

    private static final String NUMBER = "[0-9]{1,9}";
    private static final String PORT = "[1-9][0-9]{0,4}";
    private static final String MODE = "0[0-7]{3}";

    /** Not root's, nor a number that 32 bits turn into root's: nothing that a server holds should pass for root's own. */
    private static final String ID = "[1-9][0-9]{0,8}";

    private static final FileSystem SSHFS = new FileSystem(
            RemoteMountSpec.Type.SSHFS,
            "fuse.sshfs",
            "sshfs",
            Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*@" + HOST + ":/.*"),
            "user@host:/path",
            new Options()
                    .with("uid", ID)
                    .with("gid", ID)
                    .with("umask", MODE)
                    .with("idmap", "none|user")
                    .with("port", PORT)
                    .with("compression", "yes|no")
                    .with("dir_cache", "yes|no")
                    .with("dcache_timeout", NUMBER)
                    .with("max_conns", "[1-9][0-9]?")
                    .flags("auto_cache", "kernel_cache", "disable_hardlink", "follow_symlinks", "transform_symlinks")
                    .flags("noexec", "noatime", "nodiratime", "relatime")
                    .asMap());

    private static final FileSystem NFS4 = new FileSystem(
            RemoteMountSpec.Type.NFS4,
            "nfs4",
            "nfs-common",
            Pattern.compile(HOST + ":/.*"),
            "host:/path",
            new Options()
                    .with("vers", "4(?:\\.[012])?")
                    .with("nfsvers", "4(?:\\.[012])?")
                    .with("minorversion", "[012]")
                    .with("port", PORT)
                    .with("proto", "tcp6?|rdma6?")
                    .with("sec", "sys|krb5[ip]?")
                    .with("timeo", NUMBER)
                    .with("retrans", NUMBER)
                    .with("rsize", NUMBER)
                    .with("wsize", NUMBER)
                    .with("actimeo", NUMBER)
                    .with("acregmin", NUMBER)
                    .with("acregmax", NUMBER)
                    .with("acdirmin", NUMBER)
                    .with("acdirmax", NUMBER)
                    .with("nconnect", "[1-9]|1[0-6]")
                    .with("lookupcache", "all|none|pos|positive")
                    .flags("hard", "soft", "softerr", "ac", "noac", "cto", "nocto", "sharecache", "nosharecache", "fsc")
                    .flags("noexec", "noatime", "nodiratime", "relatime")
                    .asMap());

    private static final FileSystem CIFS = new FileSystem(
            RemoteMountSpec.Type.CIFS,
            "cifs",
            "cifs-utils",
            Pattern.compile("//[A-Za-z0-9][A-Za-z0-9.-]*/[^/].*"),
            "//host/share",
            new Options()
                    .with("uid", ID)
                    .with("gid", ID)
                    .with("vers", "2\\.[01]|3(?:\\.0|\\.02|\\.0\\.2|\\.1\\.1)?|default")
                    .with("sec", "ntlmssp|ntlmsspi")
                    .with("port", PORT)
                    .with("file_mode", MODE)
                    .with("dir_mode", MODE)
                    .with("cache", "strict|loose|none")
                    .with("actimeo", NUMBER)
                    .with("rsize", NUMBER)
                    .with("wsize", NUMBER)
                    .with("echo_interval", NUMBER)
                    .with("iocharset", "utf8")
                    .flags("seal", "hard", "soft", "forceuid", "forcegid", "serverino", "noserverino")
                    .flags("nobrl", "mfsymlinks", "mapposix", "nosharesock", "persistenthandles")
                    .flags("noexec", "noatime", "nodiratime", "relatime")
                    .asMap());

    static FileSystem of(RemoteMountSpec.Type type) {
        return switch (type) {
            case SSHFS -> SSHFS;
            case NFS4 -> NFS4;
            case CIFS -> CIFS;
        };
    }

    /** As {@code spec.type} and the host's facts spell it. */
    String name() {
        return type.name().toLowerCase(Locale.ROOT);
    }

    /** Builds an allowlist. */
    private static final class Options {

        private final Map<String, Pattern> allowed = new TreeMap<>();

        Options with(String name, String value) {
            allowed.put(name, Pattern.compile(value));
            return this;
        }

        Options flags(String... names) {
            for (String name : names) {
                with(name, "");
            }
            return this;
        }

        Map<String, Pattern> asMap() {
            return allowed;
        }
    }
}
