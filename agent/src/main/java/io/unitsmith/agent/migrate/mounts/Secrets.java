package io.unitsmith.agent.migrate.mounts;

import io.unitsmith.agent.migrate.ConfigFiles;
import io.unitsmith.agent.migrate.ConfigFiles.Missing;
import io.unitsmith.api.v1alpha1.RemoteMountSpec;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What a mount logs in with, gathered from its options and from the files that they name. */
final class Secrets {

    private final ConfigFiles files;
    private final Map<String, String> found = new LinkedHashMap<>();

    Secrets(ConfigFiles files) {
        this.files = files;
    }

    /**
     * Takes an option that is about credentials.
     *
     * @return whether it is one
     * @throws Missing if it names a file that cannot be read
     */
    boolean take(RemoteMountSpec.Type type, String option) throws Missing {
        int equals = option.indexOf('=');
        String name = equals < 0 ? option : option.substring(0, equals);
        String value = equals < 0 ? "" : option.substring(equals + 1);
        return equals >= 0
                && switch (type) {
                    case CIFS, SMB3 -> takeCifs(name, value);
                    case SSHFS -> takeSsh(name, value);
                    case NFS, NFS4, DAVFS, S3FS, GLUSTERFS, CEPH -> false;
                };
    }

    private boolean takeCifs(String name, String value) throws Missing {
        switch (name) {
            case "user", "username" -> found.put("username", value);
            case "pass", "password" -> found.put("password", value);
            case "dom", "domain", "workgroup" -> found.put("domain", value);
            case "cred", "credentials" -> readCifs(files.read(value));
            default -> {
                return false;
            }
        }
        return true;
    }

    /** As mount.cifs does (parse_cred_line): all behind the first = is the value. */
    private void readCifs(String text) {
        for (String line : text.split("\n", -1)) {
            String trimmed = line.stripLeading();
            int equals = trimmed.indexOf('=');
            String key = equals < 0 ? "" : trimmed.substring(0, equals).toLowerCase(Locale.ROOT);
            String value = trimmed.substring(equals + 1);
            if (key.startsWith("user")) {
                found.put("username", value);
            } else if (key.startsWith("pass")) {
                found.put("password", value);
            } else if (key.startsWith("dom")) {
                found.put("domain", value);
            }
        }
    }

    private boolean takeSsh(String name, String value) throws Missing {
        switch (name) {
            case "IdentityFile" -> found.put("privateKey", files.read(value));
            case "UserKnownHostsFile" -> found.put("knownHosts", files.read(value));
            default -> {
                return false;
            }
        }
        return true;
    }

    Map<String, String> found() {
        return found;
    }
}
