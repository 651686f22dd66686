package io.unitsmith.agent.mount;

import io.unitsmith.agent.mount.Ownership.Owner;
import io.unitsmith.api.v1alpha1.RemoteMountSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** sshfs(1). */
record Sshfs() implements FileSystem {

    private static final Pattern SOURCE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*@" + HOST + ":/.*");

    private static final Options OPTIONS = new Options()
            .with("uid", Options.ID, "the owner that files show here, by number")
            .with("gid", Options.ID, "the group that files show here, by number")
            .with("umask", Options.MODE, "the permissions that files and directories do not show here")
            .with("idmap", "none|user", "user: files of the server's user show as those of the one who mounts")
            .with("port", Options.PORT, "the server's port")
            .with("compression", "yes|no", "less traffic, more work")
            .with("dir_cache", "yes|no", "whether names are remembered")
            .with("dcache_timeout", Options.NUMBER, "for how many seconds names are remembered")
            .with("max_conns", "[1-9][0-9]?", "connections at a time: one slow file holds up no other")
            .flag("auto_cache", "contents are remembered until the file changes")
            .flag("kernel_cache", "contents are remembered even if the file changes on the server")
            .flag("disable_hardlink", "programs that try hard links first copy at once")
            .flag("follow_symlinks", "symbolic links show as what they lead to on the server")
            .flag("transform_symlinks", "absolute symbolic links lead to the server's files, not the host's")
            .forAnyKind();

    @Override
    public RemoteMountSpec.Type type() {
        return RemoteMountSpec.Type.SSHFS;
    }

    @Override
    public String unitType() {
        return "fuse.sshfs";
    }

    @Override
    public String debianPackage() {
        return "sshfs";
    }

    @Override
    public Pattern source() {
        return SOURCE;
    }

    @Override
    public String sourceForm() {
        return "user@host:/path";
    }

    @Override
    public Options options() {
        return OPTIONS;
    }

    @Override
    public List<String> mountOptions(List<String> given) {
        List<String> options = new ArrayList<>(given);
        options.addAll(List.of(
                "allow_other", "default_permissions", "reconnect", "ServerAliveInterval=15", "ServerAliveCountMax=3"));
        return options;
    }

    @Override
    public Optional<String> secretFault(String key, String value) {
        return key.equals("privateKey") && !value.stripLeading().startsWith("-----BEGIN ")
                ? Optional.of("is no private key: it begins with -----BEGIN")
                : Optional.empty();
    }

    @Override
    public Map<String, String> files(RemoteMountSpec spec, Map<String, String> secret, String folder) {
        return Map.of(
                "identity", file(secret, "privateKey"),
                "known_hosts", file(secret, "knownHosts"));
    }

    private static String file(Map<String, String> secret, String key) {
        return secret.getOrDefault(key, "").stripTrailing() + "\n";
    }

    /**
     * Root's own ssh configuration is read all the same (sshfs can be told otherwise only by ssh_command), so what in it could
     * lead the connection elsewhere is set here, which counts first; ProxyCommand stands for ProxyJump too (ssh_config(5)).
     */
    @Override
    public List<String> loginOptions(String folder) {
        return List.of(
                "IdentityFile=" + folder + "identity",
                "IdentitiesOnly=yes",
                "UserKnownHostsFile=" + folder + "known_hosts",
                "GlobalKnownHostsFile=/dev/null",
                "StrictHostKeyChecking=yes",
                "BatchMode=yes",
                "ProxyCommand=none",
                "ControlMaster=no",
                "ControlPath=none");
    }

    @Override
    public Optional<String> ownershipFault(RemoteMountSpec.Ownership ownership) {
        return Ownership.umaskFault(name(), ownership);
    }

    @Override
    public List<String> ownershipOptions(Owner owner) {
        return owner.withUmask();
    }
}
