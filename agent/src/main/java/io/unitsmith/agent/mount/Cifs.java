package io.unitsmith.agent.mount;

import io.unitsmith.agent.mount.Ownership.Owner;
import io.unitsmith.agent.workload.SecretText;
import io.unitsmith.api.v1alpha1.RemoteMountSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Shares of Windows and Samba: mount.cifs(8).
 *
 * @param type CIFS is SMB 2.1 and newer, or what {@code vers} says, SMB3 is SMB 3.0 and newer
 */
record Cifs(RemoteMountSpec.Type type) implements FileSystem {

    /** The option of those who log in with nothing. */
    static final String GUEST = "guest";

    /** mount.cifs puts share and path between the kernel's options as they are: after a comma would be an option. */
    private static final Pattern SOURCE = Pattern.compile("//[A-Za-z0-9][A-Za-z0-9.-]*/[^/,][^,]*");

    private static final String UTF_8 = "iocharset=utf8";

    private static final String VERSION_3 = "3(?:\\.0|\\.02|\\.0\\.2|\\.1\\.1)?";
    private static final Options ANY_VERSION =
            common().with("vers", "2\\.[01]|" + VERSION_3 + "|default", "the version of SMB, from 2.0 on");
    private static final Options NEW_VERSION =
            common().with("vers", VERSION_3, "the version of SMB, where the highest that both know is not wanted");

    private static Options common() {
        return new Options()
                .flag(GUEST, "without user and password; credentials are left out then")
                .with("uid", Options.ID, "the owner that files show here, by number")
                .with("gid", Options.ID, "the group that files show here, by number")
                .with("file_mode", Options.MODE, "the permissions that files show here")
                .with("dir_mode", Options.MODE, "the permissions that directories show here")
                .flag("forceuid", "uid counts even if the server knows owners of its own")
                .flag("forcegid", "gid counts even if the server knows groups of its own")
                .with("sec", "ntlmssp|ntlmsspi", "how the password is proved; ntlmsspi signs what is sent")
                .flag("seal", "what is sent is encrypted (SMB 3)")
                .with("port", Options.PORT, "the server's port")
                .with("cache", "strict|loose|none", "what is remembered; loose may be older than the server's")
                .with("actimeo", Options.NUMBER, "seconds for which attributes are remembered")
                .with("rsize", Options.NUMBER, "bytes that are read at a time")
                .with("wsize", Options.NUMBER, "bytes that are written at a time")
                .with("echo_interval", Options.NUMBER, "seconds between two looks whether the server is there")
                .with("iocharset", "utf8", "names and passwords are UTF-8, which is always so")
                .flag("hard", "programs wait for a server that is away")
                .flag("soft", "programs get an error from a server that is away, the default")
                .flag("serverino", "inode numbers are the server's, the default")
                .flag("noserverino", "they are made up here: for servers that give one twice")
                .flag("nobrl", "locks of parts of files are not sent: for programs that the server's locks upset")
                .flag("mfsymlinks", "symbolic links are files of a form that Windows knows too")
                .flag("mapposix", "names may have characters that Windows forbids, the default")
                .flag("nosharesock", "a connection of its own, not one that mounts of this server share")
                .flag("persistenthandles", "open files survive a restart of a cluster's server (SMB 3)")
                .forAnyKind();
    }

    @Override
    public String unitType() {
        return name();
    }

    @Override
    public String debianPackage() {
        return "cifs-utils";
    }

    @Override
    public Pattern source() {
        return SOURCE;
    }

    @Override
    public String sourceForm() {
        return "//host/share without commas";
    }

    @Override
    public Options options() {
        return type == RemoteMountSpec.Type.SMB3 ? NEW_VERSION : ANY_VERSION;
    }

    @Override
    public List<String> mountOptions(List<String> given) {
        List<String> options = new ArrayList<>(given);
        if (!given.contains(UTF_8)) {
            options.add(UTF_8); // the default is the kernel's, CONFIG_NLS_DEFAULT: not UTF-8 on each distribution
        }
        if (type == RemoteMountSpec.Type.SMB3 && given.stream().noneMatch(option -> option.startsWith("vers="))) {
            options.add("vers=3"); // the kernel would take 2.1 from a server that has no more
        }
        return options;
    }

    /**
     * mount.cifs takes each value verbatim, up to the line feed (parse_cred_line): no quotes, no spaces around "=". Of the
     * password alone it doubles the commas (assemble_mountinfo): in the others, what follows one would be an option.
     */
    @Override
    public Optional<String> secretFault(String key, String value) {
        return !key.equals("password") && value.contains(",")
                ? Optional.of("has a comma in it, after which the kernel would read an option: take it out")
                : SecretText.lineFault(value);
    }

    @Override
    public Map<String, String> files(RemoteMountSpec spec, Map<String, String> secret, String folder) {
        List<String> lines = new ArrayList<>();
        for (String key : List.of("username", "password", "domain")) {
            if (secret.containsKey(key)) {
                lines.add(key + "=" + secret.get(key) + "\n");
            }
        }
        return Map.of("cifs", String.join("", lines));
    }

    @Override
    public List<String> loginOptions(String folder) {
        return List.of("credentials=" + folder + "cifs");
    }

    @Override
    public Optional<String> ownershipFault(RemoteMountSpec.Ownership ownership) {
        return Optional.empty();
    }

    /** Without forceuid and forcegid a server that knows owners of its own would be believed. */
    @Override
    public List<String> ownershipOptions(Owner owner) {
        List<String> options = new ArrayList<>(owner.withModes());
        owner.uid().ifPresent(uid -> options.add("forceuid"));
        owner.gid().ifPresent(gid -> options.add("forcegid"));
        return options;
    }
}
