package io.unitsmith.e2e;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.unitsmith.testbed.Storage;
import java.util.List;
import java.util.Map;

/**
 * A RemoteMount of what a {@link Storage} serves.
 *
 * @param name also that of its folder
 * @param mounted what its line in mountinfo has behind the dash
 */
record MountCase(String name, String spec, String mounted) {

    static final String FOLDER = "/srv/types/";

    // nosharesock: or the kernel has one session for all mounts of a server, and logs in once
    static final List<MountCase> ALL = List.of(
            new MountCase("nfs4", "type: nfs4, source: 'storage:/srv/files'", "nfs4 storage:/srv/files "),
            new MountCase("nfs", "type: nfs, source: 'storage:/srv/files'", "nfs storage:/srv/files .*,vers=3,"),
            new MountCase(
                    "cifs",
                    "type: cifs, source: //storage/shop uploads, options: [nosharesock], " + with("domain"),
                    "cifs //storage/shop\\\\040uploads "),
            new MountCase(
                    "smb3",
                    "type: smb3, source: //storage/sealed, options: [seal, nosharesock], " + with("login"),
                    "smb3 //storage/sealed .*,seal,"),
            new MountCase(
                    "guest",
                    "type: cifs, source: //storage/public, options: [guest], readOnly: true",
                    "cifs //storage/public .*,sec=none,"),
            new MountCase(
                    "sshfs",
                    "type: sshfs, source: 'files@storage:/srv/files', " + with("key"),
                    "fuse.sshfs files@storage:/srv/files "),
            new MountCase(
                    "davfs",
                    "type: davfs, source: 'http://storage:8080/', " + with("login"),
                    "fuse http://storage:8080/ "),
            new MountCase(
                    "s3fs",
                    "type: s3fs, source: files, options: ['url=http://storage:7070', use_path_request_style], "
                            + with("access-key"),
                    "fuse.s3fs s3fs "),
            new MountCase(
                    "glusterfs", "type: glusterfs, source: 'storage:/uploads'", "fuse.glusterfs storage:/uploads "));

    private static String with(String secret) {
        return "credentials: {secretRef: {name: %s}}".formatted(secret);
    }

    static String secret(String name, Map<String, String> content) {
        return """
                apiVersion: v1
                kind: Secret
                metadata: {name: %s}
                stringData: %s""".formatted(name, Serialization.asJson(content));
    }

    static String manifest(String name, String spec) {
        return """
                apiVersion: unitsmith.io/v1alpha1
                kind: RemoteMount
                metadata: {name: %1$s}
                spec: {path: %2$s%1$s, %3$s}""".formatted(name, FOLDER, spec);
    }

    String manifest() {
        return manifest(name, spec + ", automount: {idleTimeout: 5s}");
    }

    String path() {
        return FOLDER + name;
    }

    boolean isReadOnly() {
        return spec.contains("readOnly: true");
    }
}
