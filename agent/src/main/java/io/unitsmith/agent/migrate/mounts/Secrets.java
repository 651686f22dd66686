package io.unitsmith.agent.migrate.mounts;

import io.unitsmith.agent.migrate.ConfigFiles;
import io.unitsmith.agent.migrate.ConfigFiles.Missing;
import io.unitsmith.api.v1alpha1.RemoteMountSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a mount logs in with, gathered from its options, from the files that they name, and from those that need no naming. */
final class Secrets {

    private final MountEntry entry;
    private final ConfigFiles files;
    private final Map<String, String> found = new LinkedHashMap<>();

    Secrets(MountEntry entry, ConfigFiles files) {
        this.entry = entry;
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
                    case S3FS -> name.equals("passwd_file") && readS3fs(files.read(value));
                    case CEPH -> takeCeph(name, value);
                    case NFS, NFS4, DAVFS, GLUSTERFS -> false;
                };
    }

    /** The file that the type's helper reads if no option names one; empty if there is no need, or no such file. */
    Optional<String> unnamed(RemoteMountSpec.Type type) {
        if (!found.isEmpty()) {
            return Optional.empty();
        }
        return switch (type) {
            case DAVFS -> Optional.of("/etc/davfs2/secrets");
            case S3FS -> Optional.of("/etc/passwd-s3fs");
            case CIFS, SMB3, SSHFS, NFS, NFS4, GLUSTERFS, CEPH -> Optional.empty();
        };
    }

    /**
     * Reads such a file.
     *
     * @throws Missing if it cannot be read
     */
    void read(RemoteMountSpec.Type type, String file) throws Missing {
        if (type == RemoteMountSpec.Type.DAVFS) {
            readDavfs(files.read(file));
        } else {
            readS3fs(files.read(file));
        }
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

    private boolean takeCeph(String name, String value) throws Missing {
        switch (name) {
            case "secret" -> found.put("secretKey", value);
            case "secretfile" -> found.put("secretKey", files.read(value).strip());
            default -> {
                return false;
            }
        }
        return true;
    }

    /** The last line that names the server or the mount point counts (read_secrets). */
    private void readDavfs(String text) {
        for (List<String> words : DavfsText.lines(text)) {
            String place = words.getFirst();
            if (words.size() == 3
                    && (withSlash(place).equals(withSlash(entry.source())) || place.equals(entry.path()))) {
                found.put("username", words.get(1));
                found.put("password", words.get(2));
            }
        }
    }

    private static String withSlash(String url) {
        return url.endsWith("/") ? url : url + "/";
    }

    /** The line of the bucket counts before that of all buckets (ParseS3fsPasswdFile). */
    private boolean readS3fs(String text) {
        String bucket = MountType.source(entry).replaceFirst(":.*", "");
        for (boolean isOfBucket : new boolean[] {false, true}) {
            text.lines()
                    .map(String::strip)
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(":", -1))
                    .filter(parts -> isOfBucket ? parts.length == 3 && parts[0].equals(bucket) : parts.length == 2)
                    .forEach(parts -> {
                        found.put("accessKey", parts[parts.length - 2]);
                        found.put("secretKey", parts[parts.length - 1]);
                    });
        }
        return true;
    }

    Map<String, String> found() {
        return found;
    }
}
