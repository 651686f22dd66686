package io.unitsmith.agent.mount;

import io.unitsmith.agent.mount.Ownership.Owner;
import io.unitsmith.api.v1alpha1.RemoteMountSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Buckets of S3: s3fs(1). */
record S3fs() implements FileSystem {

    private static final Pattern SOURCE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9](?::/.*)?");
    static final String URL = "https?://" + HOST + "(?::" + Options.PORT + ")?(?:/[A-Za-z0-9/._~-]*)?";

    private static final Options OPTIONS = new Options()
            .with("url", URL, "the server; without it Amazon's")
            .with("endpoint", "[a-z0-9-]+", "the server's region, which signatures are for")
            .flag("use_path_request_style", "the bucket is in the URL's path, not its host: most servers but Amazon's")
            .flag("sigv4", "signatures of version 4 alone, never 2")
            .flag("listobjectsv2", "for servers without the older way to list a bucket")
            .with("uid", Options.ID, "the owner that files show here, by number")
            .with("gid", Options.ID, "the group that files show here, by number")
            .with("umask", Options.MODE, "the permissions that files and directories do not show here")
            .with("mp_umask", Options.MODE, "the same for the directory that it is mounted at")
            .flag("complement_stat", "what other programs put there, without permissions, can be read")
            .flag("compat_dir", "directories that other programs made are seen too")
            .with("storage_class", "[a-z_]+", "the class that new objects get")
            .flag("use_sse", "the server encrypts what it stores, with its own keys")
            .with("connect_timeout", Options.NUMBER, "seconds to wait for a connection")
            .with("readwrite_timeout", Options.NUMBER, "seconds to wait for an answer")
            .with("retries", Options.NUMBER, "how often a request is tried")
            .with("max_stat_cache_size", Options.NUMBER, "files whose attributes are remembered")
            .with("stat_cache_expire", Options.NUMBER, "seconds for which they are")
            .flag("disable_noobj_cache", "it is not remembered that a file is not there: several hosts write")
            .with("parallel_count", "[1-9][0-9]{0,2}", "requests at a time for one big file")
            .with("multireq_max", "[1-9][0-9]{0,2}", "requests at a time for one directory")
            .with("multipart_size", Options.NUMBER, "MiB of each part of a big file")
            .with("max_dirty_data", Options.NUMBER, "MiB that are written before they are sent")
            .flag("nomultipart", "for servers that take no file in parts")
            .flag("nocopyapi", "for servers that cannot copy")
            .flag("norenameapi", "the same, where a file gets another name")
            .flag("enable_content_md5", "the server checks what it gets")
            .flag("use_xattr", "extended attributes are kept")
            .flag("requester_pays", "for buckets where the reader pays")
            .forAnyKind();

    @Override
    public RemoteMountSpec.Type type() {
        return RemoteMountSpec.Type.S3FS;
    }

    /** A kind that systemd does not know as remote: it is _netdev that orders it after the network. */
    @Override
    public String unitType() {
        return "fuse.s3fs";
    }

    @Override
    public String debianPackage() {
        return "s3fs";
    }

    @Override
    public Pattern source() {
        return SOURCE;
    }

    @Override
    public String sourceForm() {
        return "bucket or bucket:/path";
    }

    @Override
    public Options options() {
        return OPTIONS;
    }

    @Override
    public List<String> mountOptions(List<String> given) {
        List<String> options = new ArrayList<>(given);
        options.add("allow_other");
        return options;
    }

    /** It checks bucket and key once it is in the background (s3fs_init), and ends itself. */
    @Override
    public boolean mountsUnasked() {
        return true;
    }

    /** As s3fs splits a line at its colons, and looks into it for words with = (ParseS3fsPasswdFile). */
    @Override
    public Optional<String> secretFault(String key, String value) {
        if (value.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
            return Optional.of(
                    "has a space, a line break or another control character in it: take it out, also at the end (echo -n, or stringData)");
        }
        boolean isId = key.equals("accessKey");
        if (value.indexOf(':') >= 0 || (isId && value.matches("[#\\[].*|.*=.*"))) {
            return Optional.of(
                    isId
                            ? "has a : or = in it, or begins with # or [, which the file of s3fs cannot hold"
                            : "has a : in it, which the file of s3fs cannot hold");
        }
        return Optional.empty();
    }

    @Override
    public Map<String, String> files(RemoteMountSpec spec, Map<String, String> secret, String folder) {
        return Map.of("s3fs", secret.get("accessKey") + ":" + secret.get("secretKey") + "\n");
    }

    @Override
    public List<String> loginOptions(String folder) {
        return List.of("passwd_file=" + folder + "s3fs");
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
