package io.unitsmith.agent.mount;

import io.unitsmith.api.v1alpha1.RemoteMountSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * NFS, as nfs(5) has it.
 *
 * @param type NFS is version 3, NFS4 is version 4: neither falls back to the other
 */
record Nfs(RemoteMountSpec.Type type) implements FileSystem {

    private static final Pattern SOURCE = Pattern.compile(HOST + ":/.*");

    private static final Options VERSION_4 = common().with(
                    "vers", "4(?:\\.[012])?", "the minor version, where the highest that both know is not wanted")
            .with("nfsvers", "4(?:\\.[012])?", "another word for vers")
            .with("minorversion", "[012]", "another word for the part of vers behind the dot")
            .with("proto", "tcp6?|rdma6?", "how the server is spoken to");

    private static final Options VERSION_3 = common().with("proto", "tcp6?|udp6?|rdma6?", "how the server is spoken to")
            .with("mountproto", "tcp6?|udp6?", "the same for the server's mountd")
            .with("mountport", Options.PORT, "the port of the server's mountd, where a firewall hides rpcbind")
            .with("local_lock", "all|flock|posix|none", "locks that the host keeps to itself")
            .flag("lock", "locks hold on the server, the default")
            .flag("nolock", "locks hold on this host alone: for servers without lockd")
            .flag("acl", "access control lists are used, the default")
            .flag("noacl", "access control lists are left alone")
            .flag("rdirplus", "names come with their attributes: fewer questions for ls -l")
            .flag("nordirplus", "names come alone: less for big directories")
            .flag("resvport", "from a port below 1024, as most servers ask, the default")
            .flag("noresvport", "from any port: more mounts of one host");

    private static Options common() {
        return new Options()
                .with("port", Options.PORT, "the server's port")
                .with("sec", "sys|krb5[ip]?", "how users prove who they are; krb5 needs the host's own keytab")
                .with("timeo", Options.NUMBER, "tenths of a second until a request is sent again")
                .with("retrans", Options.NUMBER, "how often it is, until soft gives up")
                .with("rsize", Options.NUMBER, "bytes that are read at a time")
                .with("wsize", Options.NUMBER, "bytes that are written at a time")
                .with("actimeo", Options.NUMBER, "seconds for which attributes are remembered: all four of the next")
                .with("acregmin", Options.NUMBER, "the least for files")
                .with("acregmax", Options.NUMBER, "the most for files")
                .with("acdirmin", Options.NUMBER, "the least for directories")
                .with("acdirmax", Options.NUMBER, "the most for directories")
                .with("nconnect", "[1-9]|1[0-6]", "connections to the server: more throughput")
                .with("lookupcache", "all|none|pos|positive", "which names are remembered")
                .flag("hard", "programs wait for a server that is away, the default")
                .flag("soft", "programs get an error from a server that is away: what they wrote may be lost")
                .flag("softerr", "the same, as ETIMEDOUT")
                .flag("ac", "attributes are remembered, the default")
                .flag("noac", "they are not: several hosts see changes at once, slowly")
                .flag("cto", "what is opened is as fresh as on the server, the default")
                .flag("nocto", "it may not be: for contents that never change")
                .flag("sharecache", "mounts of one export share what they remember, the default")
                .flag("nosharecache", "they do not, and may have different options")
                .flag("fsc", "contents are kept on the local disk by cachefilesd")
                .forAnyKind();
    }

    @Override
    public String unitType() {
        return name();
    }

    @Override
    public String debianPackage() {
        return "nfs-common";
    }

    @Override
    public Pattern source() {
        return SOURCE;
    }

    @Override
    public String sourceForm() {
        return "host:/path";
    }

    @Override
    public Options options() {
        return type == RemoteMountSpec.Type.NFS ? VERSION_3 : VERSION_4;
    }

    @Override
    public List<String> mountOptions(List<String> given) {
        List<String> options = new ArrayList<>(given);
        if (type == RemoteMountSpec.Type.NFS) {
            options.add("vers=3"); // mount.nfs would try version 4 first
        }
        return options;
    }
}
