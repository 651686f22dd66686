package io.unitsmith.agent.facts;

import io.unitsmith.agent.command.Command;
import io.unitsmith.api.v1alpha1.HostFacts.Php;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The host's PHP-FPM binaries. One is asked again only when it has changed. */
final class PhpBinaries {

    private static final Logger LOG = LoggerFactory.getLogger(PhpBinaries.class);

    /** Distributions, then the usual panels and repositories: folder, then binary. */
    private static final List<String> PLACES = List.of(
            "/usr/sbin/php-fpm*",
            "/opt/php/*/usr/sbin/php-fpm*",
            "/opt/php/*/sbin/php-fpm",
            "/opt/remi/php*/root/usr/sbin/php-fpm",
            "/opt/cpanel/ea-php*/root/usr/sbin/php-fpm");

    /** Not what somebody has put aside beside it, such as php-fpm8.2.bak. */
    private static final Pattern NAME = Pattern.compile("php-fpm(\\d+\\.\\d+)?");

    private static final Pattern VERSION = Pattern.compile("^PHP ((\\d+\\.\\d+)\\.\\S+) \\(fpm-fcgi\\)");
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final Path root;
    private final Map<String, Known> known = new HashMap<>();
    private Set<String> told = Set.of();
    private Set<String> complaints = new TreeSet<>();

    private record Known(FileTime modified, long size, Optional<Php> php) {}

    PhpBinaries(Path root) {
        this.root = root;
    }

    /**
     * Finds the binaries: version to binary.
     *
     * @param named those that the Host names; they win
     */
    Map<String, Php> find(Map<String, String> named) {
        Map<String, Php> found = new TreeMap<>();
        named.forEach((version, path) -> {
            Optional<Php> php = probe(path);
            if (php.isPresent() && php.get().version().equals(version)) {
                found.put(version, php.get());
            } else {
                complaints.add("phpPaths names %s for PHP %s, and that is no PHP-FPM of this version"
                        .formatted(path, version));
            }
        });
        for (String place : PLACES) {
            for (String path : expand(place)) {
                probe(path).ifPresent(php -> found.putIfAbsent(php.version(), php));
            }
        }
        complain();
        return Map.copyOf(found);
    }

    /** What is new: it is looked for every few seconds. */
    private void complain() {
        complaints.stream().filter(complaint -> !told.contains(complaint)).forEach(LOG::warn);
        told = complaints;
        complaints = new TreeSet<>();
    }

    private List<String> expand(String pattern) {
        List<Path> paths = List.of(root);
        for (String part : pattern.substring(1).split("/", -1)) {
            List<Path> next = new ArrayList<>();
            for (Path path : paths) {
                next.addAll(part.contains("*") ? matching(path, part) : List.of(path.resolve(part)));
            }
            paths = next;
        }
        return paths.stream()
                .filter(path -> NAME.matcher(path.getFileName().toString()).matches())
                .filter(Files::isExecutable)
                .map(path -> "/" + root.relativize(path))
                .sorted()
                .toList();
    }

    private List<Path> matching(Path folder, String pattern) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var entries = Files.newDirectoryStream(folder, pattern);
                Stream<Path> paths = java.util.stream.StreamSupport.stream(entries.spliterator(), false)) {
            return paths.toList();
        } catch (IOException e) {
            complaints.add("%s could not be read: %s".formatted(folder, e.getMessage()));
            return List.of();
        }
    }

    private Optional<Php> probe(String path) {
        Path binary = root.resolve(path.substring(1));
        try {
            FileTime modified = Files.getLastModifiedTime(binary);
            long size = Files.size(binary);
            @Nullable Known before = known.get(path);
            if (before != null && before.modified().equals(modified) && before.size() == size) {
                return before.php();
            }
            Optional<Php> php = ask(path, binary);
            known.put(path, new Known(modified, size, php));
            return php;
        } catch (IOException e) {
            complaints.add("%s could not be asked for its version: %s".formatted(path, e.getMessage()));
            return Optional.empty();
        }
    }

    /** As nobody: a path that the cluster names is not run as root. */
    private static Optional<Php> ask(String path, Path binary) throws IOException {
        Command.Output output = Command.run(
                DEADLINE,
                List.of(
                        "setpriv",
                        "--reuid=65534",
                        "--regid=65534",
                        "--clear-groups",
                        "--no-new-privs",
                        binary.toString(),
                        "-v"));
        Matcher version = VERSION.matcher(output.text());
        return version.find()
                ? Optional.of(new Php(version.group(2), path, version.group(1), notifies(binary)))
                : Optional.empty();
    }

    /** Built --with-fpm-systemd is linked with libsystemd; {@code php-fpm -i} says nothing about it. */
    private static boolean notifies(Path binary) throws IOException {
        try (FileChannel channel = FileChannel.open(binary)) {
            ByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            byte[] wanted = "libsystemd.so".getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i <= mapped.limit() - wanted.length; i++) {
                int matched = 0;
                while (matched < wanted.length && mapped.get(i + matched) == wanted[matched]) {
                    matched++;
                }
                if (matched == wanted.length) {
                    return true;
                }
            }
            return false;
        }
    }
}
