package io.unitsmith.agent.mount;

import io.unitsmith.agent.mount.Ownership.Owner;
import io.unitsmith.agent.workload.SecretText;
import io.unitsmith.api.v1alpha1.RemoteMountSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** WebDAV: mount.davfs(8), with a davfs2.conf(5) and a file of secrets for each mount. */
record Davfs() implements FileSystem {

    private static final Pattern SOURCE = Pattern.compile("https?://" + HOST + "(?::" + Options.PORT + ")?(?:/.*)?");
    private static final String FLAG = "[01]";

    private static final String CONFIG = "davfs.conf";
    private static final String SECRETS = "davfs.secrets";

    /** What mount.davfs takes from its arguments, where it ignores the others: those are for its configuration. */
    private static final Set<String> OF_MOUNT = Set.of("uid", "gid", "file_mode", "dir_mode", "grpid", "noexec");

    private static final Options OPTIONS = new Options()
            .with("uid", Options.ID, "the owner that files show here, by number")
            .with("gid", Options.ID, "the group that files show here, by number")
            .with("file_mode", Options.MODE, "the permissions that files show here")
            .with("dir_mode", Options.MODE, "the permissions that directories show here")
            .flag("grpid", "a new file has the group of its directory")
            .flag("noexec", "nothing on it can be run")
            .with("use_locks", FLAG, "0 for servers without locks; 1 is the default")
            .with("lock_timeout", Options.NUMBER, "seconds until the server drops a lock that nobody renews")
            .with("lock_refresh", Options.NUMBER, "how many seconds before that it is renewed")
            .with("delay_upload", Options.NUMBER, "seconds from closing a file to sending it")
            .with("max_upload_attempts", Options.NUMBER, "how often that is tried")
            .with("dir_refresh", Options.NUMBER, "seconds for which a directory is remembered")
            .with("file_refresh", Options.NUMBER, "seconds for which a file counts as unchanged")
            .with("gui_optimize", FLAG, "1: all files of a directory are asked about at once")
            .with("cache_size", Options.NUMBER, "MiB of the local disk for what is remembered")
            .with("table_size", Options.NUMBER, "entries that are remembered; a power of 2")
            .with("minimize_mem", FLAG, "1: what was long not used is forgotten")
            .with("connect_timeout", Options.NUMBER, "seconds to wait for a connection")
            .with("read_timeout", Options.NUMBER, "seconds to wait for an answer")
            .with("retry", Options.NUMBER, "seconds until a server that was away is tried again")
            .with("max_retry", Options.NUMBER, "the most that this grows to")
            .with("use_compression", FLAG, "1: downloads are compressed")
            .with("use_expect100", FLAG, "1: the server is asked before a big file is sent")
            .with("if_match_bug", FLAG, "1 for servers that get If-Match wrong")
            .with("drop_weak_etags", FLAG, "1 for servers whose weak etags never match")
            .with("ignore_dav_header", FLAG, "1 for servers that say wrongly what they can")
            .with("n_cookies", Options.NUMBER, "cookies to send back, for servers that insist");

    @Override
    public RemoteMountSpec.Type type() {
        return RemoteMountSpec.Type.DAVFS;
    }

    @Override
    public String unitType() {
        return "davfs";
    }

    @Override
    public String debianPackage() {
        return "davfs2";
    }

    @Override
    public Pattern source() {
        return SOURCE;
    }

    @Override
    public String sourceForm() {
        return "https://host/path";
    }

    @Override
    public Options options() {
        return OPTIONS;
    }

    private static boolean isOfMount(String option) {
        return OF_MOUNT.contains(option.replaceFirst("=.*", ""));
    }

    @Override
    public Optional<String> secretFault(String key, String value) {
        if (value.chars().anyMatch(c -> c == '\f' || c == 0x0b)) {
            return Optional.of("has a form feed or vertical tab in it, which davfs2 cannot read");
        }
        if (key.equals("username") && value.indexOf(':') >= 0) {
            return Optional.of("has a colon in it, at which HTTP ends the name (RFC 7617)");
        }
        return SecretText.lineFault(value);
    }

    /**
     * It never asks for a password or about a certificate (ask_auth), and has room for what newer kernels say in one
     * message: with the buffer of 16 KiB that is its default, directories cannot be read since Linux 6.18.
     */
    @Override
    public Map<String, String> files(RemoteMountSpec spec, Map<String, String> secret, String folder) {
        List<String> lines = new ArrayList<>(List.of("secrets " + folder + SECRETS, "ask_auth 0", "buf_size 64"));
        spec.options().stream()
                .filter(option -> !isOfMount(option))
                .map(option -> option.replaceFirst("=", " "))
                .forEach(lines::add);
        String login = String.join(
                " ",
                word(spec.source()),
                word(secret.getOrDefault("username", "")),
                word(secret.getOrDefault("password", "")));
        return Map.of(CONFIG, String.join("\n", lines) + "\n", SECRETS, login + "\n");
    }

    /** As parse_line() of mount.davfs takes it for one word. */
    private static String word(String value) {
        return value.replaceAll("[ \t#\\\\\"]", "\\\\$0");
    }

    @Override
    public List<String> loginOptions(String folder) {
        return List.of("conf=" + folder + CONFIG);
    }

    @Override
    public Optional<String> ownershipFault(RemoteMountSpec.Ownership ownership) {
        return Optional.empty();
    }

    @Override
    public List<String> ownershipOptions(Owner owner) {
        return owner.withModes();
    }
}
