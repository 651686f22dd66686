package io.unitsmith.agent.mount;

import io.unitsmith.api.v1alpha1.RemoteMountSpec;
import java.util.Optional;
import java.util.regex.Pattern;

/** Volumes of GlusterFS: mount.glusterfs(8), a shell script that quotes nothing. */
record Glusterfs() implements FileSystem {

    private static final String SERVER = "[A-Za-z0-9][A-Za-z0-9.-]*";
    private static final Pattern SOURCE =
            Pattern.compile(SERVER + "(?:," + SERVER + ")*:/[A-Za-z0-9][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_.-]+)*");
    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9/._-]+");

    private static final Options OPTIONS = new Options()
            .with("backup-volfile-servers", SERVER + "(?::" + SERVER + ")*", "servers to ask if the first is away")
            .with("log-level", "TRACE|DEBUG|INFO|WARNING|ERROR|CRITICAL|NONE", "how much is logged")
            .flag("acl", "access control lists count")
            .with("attribute-timeout", Options.NUMBER, "seconds for which attributes are remembered")
            .with("entry-timeout", Options.NUMBER, "seconds for which names are remembered")
            .with("negative-timeout", Options.NUMBER, "seconds for which it is remembered that a name is not there")
            .with("gid-timeout", Options.NUMBER, "seconds for which the groups of a user are remembered")
            .with("direct-io-mode", "enable|disable|auto", "whether the kernel remembers contents")
            .with("use-readdirp", "yes|no", "whether names come with their attributes")
            .with("lru-limit", Options.NUMBER, "files that are remembered")
            .forAnyKind();

    @Override
    public RemoteMountSpec.Type type() {
        return RemoteMountSpec.Type.GLUSTERFS;
    }

    @Override
    public String unitType() {
        return "glusterfs";
    }

    @Override
    public String debianPackage() {
        return "glusterfs-client";
    }

    @Override
    public Pattern source() {
        return SOURCE;
    }

    @Override
    public String sourceForm() {
        return "host:/volume";
    }

    @Override
    public Options options() {
        return OPTIONS;
    }

    @Override
    public Optional<String> pathFault(String path) {
        return PATH.matcher(path).matches()
                ? Optional.empty()
                : Optional.of("is a path that mount.glusterfs would take apart: letters, digits and any of / . _ -");
    }
}
