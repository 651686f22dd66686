package io.unitsmith.agent.mount;

import io.unitsmith.api.v1alpha1.RemoteMountSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** CephFS: mount.ceph(8). Sources are of the older form, which is the one that every version of it takes. */
record Ceph() implements FileSystem {

    private static final String MONITOR = HOST + "(?::" + Options.PORT + ")?";
    private static final Pattern SOURCE = Pattern.compile(MONITOR + "(?:," + MONITOR + ")*:/.*");
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9+/]+={0,2}");

    private static final Options OPTIONS = new Options()
            .with(
                    "name",
                    "[A-Za-z0-9][A-Za-z0-9._-]*",
                    "the user that the key is of, without \"client.\"; always needed")
            .with("fs", "[A-Za-z0-9][A-Za-z0-9._-]*", "the file system, where the cluster has several")
            .with("ms_mode", "legacy|crc|secure|prefer-crc|prefer-secure", "whether what is sent is encrypted")
            .with("recover_session", "no|clean", "clean: it comes back by itself after the cluster shut it out")
            .with("read_from_replica", "no|balance|localize", "which copy is read")
            .with("rasize", Options.NUMBER, "bytes that are read ahead")
            .with("rsize", Options.NUMBER, "bytes that are read at a time")
            .with("wsize", Options.NUMBER, "bytes that are written at a time")
            .flag("rbytes", "the size of a directory is that of all in it")
            .flag("norbytes", "it is not, the default")
            .flag("acl", "access control lists count")
            .flag("noacl", "they do not")
            .flag("wsync", "a new name is there once the server has it")
            .flag("nowsync", "it is there before, the default")
            .flag("noshare", "a connection of its own, not one that mounts of this cluster share")
            .forAnyKind();

    @Override
    public RemoteMountSpec.Type type() {
        return RemoteMountSpec.Type.CEPH;
    }

    @Override
    public String unitType() {
        return "ceph";
    }

    @Override
    public String debianPackage() {
        return "ceph-common";
    }

    @Override
    public Pattern source() {
        return SOURCE;
    }

    @Override
    public String sourceForm() {
        return "monitor:/path, or monitor,monitor:/path";
    }

    @Override
    public Options options() {
        return OPTIONS;
    }

    @Override
    public Optional<String> neededOption() {
        return Optional.of("name");
    }

    @Override
    public Optional<String> secretFault(String key, String value) {
        return KEY.matcher(value).matches()
                ? Optional.empty()
                : Optional.of("is no key as ceph auth get-key prints it: base64, without a line break at its end");
    }

    @Override
    public Map<String, String> files(RemoteMountSpec spec, Map<String, String> secret, String folder) {
        return Map.of("ceph", secret.get("secretKey") + "\n");
    }

    @Override
    public List<String> loginOptions(String folder) {
        return List.of("secretfile=" + folder + "ceph");
    }
}
