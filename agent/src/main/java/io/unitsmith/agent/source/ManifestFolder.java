package io.unitsmith.agent.source;

import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.source.Manifests.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A folder of manifests on this host. What stands in it is done as root asks for it, so files and folder must be root's
 * alone to write.
 */
public final class ManifestFolder {

    /** Where {@code unitsmith apply} puts them, and the agent of a host without a cluster looks. */
    public static final String DEFAULT = "/etc/unitsmith/manifests";

    private static final long SIZE_LIMIT = 1 << 20;

    /** A file that was written so lately may be written again without a trace in its times. */
    private static final Duration FRESH = Duration.ofSeconds(2);

    private final AtomicFiles files;
    private final String path;
    private final Clock clock;
    private Map<String, Stamp> known = Map.of();
    private @Nullable Reading reading;

    private record Stamp(
            Instant modified, long size, @Nullable Object key) {}

    /** A folder by its absolute path. */
    public ManifestFolder(AtomicFiles files, String path, Clock clock) {
        this.files = files;
        this.path = path;
        this.clock = clock;
    }

    public String path() {
        return path;
    }

    public boolean exists() {
        return Files.isDirectory(files.at(path));
    }

    /** What stands in it; empty if there is no such folder. Files that have not changed are not read again. */
    public Optional<Reading> read() throws IOException {
        if (!exists()) {
            return Optional.empty();
        }
        Map<String, Stamp> found = look();
        Instant fresh = clock.instant().minus(FRESH);
        boolean settled =
                found.values().stream().allMatch(stamp -> stamp.modified().isBefore(fresh));
        if (reading == null || !settled || !found.equals(known)) {
            reading = read(found);
            known = found;
        }
        return Optional.of(reading);
    }

    private Map<String, Stamp> look() throws IOException {
        Map<String, Stamp> found = new TreeMap<>();
        try (var entries = Files.newDirectoryStream(files.at(path), "*.{yaml,yml,json}")) {
            for (Path entry : entries) {
                if (!String.valueOf(entry.getFileName()).startsWith(".")) {
                    var attributes = Files.readAttributes(entry, BasicFileAttributes.class);
                    found.put(
                            files.name(entry),
                            new Stamp(
                                    attributes.lastModifiedTime().toInstant(),
                                    attributes.size(),
                                    attributes.fileKey()));
                }
            }
        }
        return found;
    }

    private Reading read(Map<String, Stamp> found) {
        Map<String, String> texts = new HashMap<>();
        List<String> faults = new ArrayList<>();
        found.forEach((file, stamp) -> {
            try {
                requireRootAlone(file);
                if (stamp.size() > SIZE_LIMIT) {
                    throw new IOException(
                            "it has %d bytes; at most %d are read: split it".formatted(stamp.size(), SIZE_LIMIT));
                }
                files.read(file).ifPresent(text -> texts.put(file, text));
            } catch (IOException e) {
                faults.add(file + ": " + e.getMessage());
            }
        });
        Reading read = Manifests.readAll(texts);
        faults.addAll(read.faults());
        return new Reading(read.documents(), List.copyOf(faults));
    }

    private void requireRootAlone(String file) throws IOException {
        for (String one : List.of(path, file)) {
            if (!files.isOwn(files.at(one).toRealPath()) || (files.modeOf(one) & 022) != 0) {
                throw new IOException("others than root can write %s: chown root and chmod go-w it".formatted(one));
            }
        }
    }
}
