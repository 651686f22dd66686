package io.unitsmith.agent.apply;

import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.systemd.Job;
import io.unitsmith.agent.systemd.Systemd;
import io.unitsmith.agent.unit.UnitFile;
import io.unitsmith.agent.unit.UnitState;
import io.unitsmith.agent.workload.Rendering.File;
import io.unitsmith.agent.workload.Rendering.Trial;
import io.unitsmith.api.v1alpha1.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Mounts with new credentials, each in a service and a mount namespace of its own, which end right after: so what is
 * mounted for real goes on with the old ones until a server has taken the new.
 *
 * <p>A trial that has passed is not made again for the same, one that failed only after {@link #AGAIN}.
 */
public final class Trials implements CredentialTrial {

    /** Many servers lock an account after some wrong passwords, and a fleet tries from each of its hosts. */
    static final Duration AGAIN = Duration.ofMinutes(5);

    /** A server that answers does so within this; the turn does not wait for others. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final String UNITS = "/run/systemd/system";
    private static final String PREFIX = "unitsmith-trial-";
    private static final String FOLDER = "/run/unitsmith/trial";
    private static final String OUTPUT = "/output";
    private static final String TARGET = "/at";
    private static final String PASSED = "/passed";

    private final AtomicFiles files;
    private final Systemd systemd;
    private final Clock clock;
    private Map<Key, Attempt> attempts = new HashMap<>();
    private boolean swept;

    /** What the result depends on. */
    private record Key(String type, String source, List<String> options, List<File> credentials) {

        static Key of(Trial trial) {
            return new Key(trial.type(), trial.source(), trial.options(), trial.credentials());
        }
    }

    /**
     * One trial.
     *
     * @param id of the unit and the folder
     * @param at when it began, or ended
     * @param output what the mount helper said when it failed; null while it is under way, and once it has passed
     */
    private record Attempt(
            String id,
            Instant at,
            boolean underWay,
            @Nullable String output) {

        static Attempt begun(Instant now) {
            return new Attempt(UUID.randomUUID().toString(), now, true, null);
        }

        String unit() {
            return PREFIX + id + ".service";
        }

        String folder() {
            return FOLDER + "/" + id;
        }

        boolean isToBeRepeated(Instant now) {
            return output != null && !now.isBefore(at.plus(AGAIN));
        }
    }

    public Trials(AtomicFiles files, Systemd systemd, Clock clock) {
        this.files = files;
        this.systemd = systemd;
        this.clock = clock;
    }

    @Override
    public Map<String, Problem> judge(Map<String, Trial> wanted) throws IOException {
        if (!swept) {
            sweep(); // what an agent that was killed has left
            swept = true;
        }
        Map<Key, Trial> trials = new LinkedHashMap<>();
        wanted.values().forEach(trial -> trials.putIfAbsent(Key.of(trial), trial));
        Map<Key, Attempt> known = attempts;
        attempts = new HashMap<>();
        known.forEach((key, attempt) -> {
            if (attempt.underWay() || (trials.containsKey(key) && !attempt.isToBeRepeated(clock.instant()))) {
                attempts.put(key, attempt);
            }
        });
        collect();
        begin(trials);
        Map<String, Problem> problems = new HashMap<>();
        wanted.forEach((name, trial) -> problem(trial).ifPresent(problem -> problems.put(name, problem)));
        return problems;
    }

    private Optional<Problem> problem(Trial trial) {
        Attempt attempt = Objects.requireNonNull(attempts.get(Key.of(trial)));
        if (attempt.underWay()) {
            return Optional.of(trial.meanwhile());
        }
        return Optional.ofNullable(attempt.output()).map(trial.explain());
    }

    private void begin(Map<Key, Trial> trials) throws IOException {
        Map<String, Key> fresh = new LinkedHashMap<>();
        for (Map.Entry<Key, Trial> entry : trials.entrySet()) {
            if (!attempts.containsKey(entry.getKey())) {
                Attempt attempt = Attempt.begun(clock.instant());
                prepare(attempt, entry.getValue());
                attempts.put(entry.getKey(), attempt);
                fresh.put(attempt.unit(), entry.getKey());
            }
        }
        Map<String, Job.Result> results = fresh.isEmpty() ? Map.of() : systemd.run(Job.START, fresh.keySet(), PATIENCE);
        for (Map.Entry<String, Job.Result> result : results.entrySet()) {
            if (!result.getValue().isPending()) {
                end(Objects.requireNonNull(fresh.get(result.getKey())));
            }
        }
    }

    /** Of those that took longer. */
    private void collect() throws IOException {
        Map<String, Key> underWay = new HashMap<>();
        attempts.forEach((key, attempt) -> {
            if (attempt.underWay()) {
                underWay.put(attempt.unit(), key);
            }
        });
        Map<String, UnitState> states = underWay.isEmpty() ? Map.of() : systemd.states(underWay.keySet());
        for (UnitState state : states.values()) {
            if (!List.of("activating", "deactivating").contains(state.activeState())) {
                end(Objects.requireNonNull(underWay.get(state.name())));
            }
        }
    }

    /** What it left counts: that its unit is not failed may be since somebody reset it, or since it never began. */
    private void end(Key key) throws IOException {
        Attempt attempt = Objects.requireNonNull(attempts.get(key));
        boolean passed = Files.exists(files.at(attempt.folder() + PASSED));
        @Nullable
        String output = passed
                ? null
                : files.readForeign(attempt.folder() + OUTPUT).orElse("").strip();
        attempts.put(key, new Attempt(attempt.id(), clock.instant(), false, output));
        systemd.resetFailed(attempt.unit());
        files.delete(UNITS + "/" + attempt.unit());
        remove(files.at(attempt.folder()));
        if (attempts.values().stream().noneMatch(Attempt::underWay)) {
            remove(files.at(FOLDER));
        }
    }

    private void prepare(Attempt attempt, Trial trial) throws IOException {
        String folder = attempt.folder();
        files.makeFolder("/run/unitsmith", 0755);
        files.makeFolder(FOLDER, 0700);
        files.makeFolder(folder, 0700);
        files.makeFolder(folder + TARGET, 0755);
        Map<String, String> copies = new HashMap<>();
        trial.credentials().forEach(file -> copies.put(file.path(), folder + "/" + name(file)));
        for (File file : trial.credentials()) {
            byte[] content = moved(file.content(), copies).getBytes(StandardCharsets.UTF_8);
            files.write(folder + "/" + name(file), content, file.mode(), null);
        }
        files.write(folder + OUTPUT, new byte[0], 0600, null);
        byte[] unit = text(trial, folder, copies).getBytes(StandardCharsets.UTF_8);
        files.write(UNITS + "/" + attempt.unit(), unit, 0644, null);
    }

    private static String name(File file) {
        return file.path().substring(file.path().lastIndexOf('/') + 1);
    }

    private static String moved(String text, Map<String, String> copies) {
        String moved = text;
        for (Map.Entry<String, String> copy : copies.entrySet()) {
            moved = moved.replace(copy.getKey(), copy.getValue());
        }
        return moved;
    }

    /** A look at what is mounted is part of it: s3fs begins, and ends only when it finds that its key is not taken. */
    private static String text(Trial trial, String folder, Map<String, String> copies) {
        String options = moved(String.join(",", trial.options()), copies);
        return UnitFile.startingWith("Made for one trial by Unitsmith.")
                .section("Unit")
                .set("Description", "Trial of new credentials by Unitsmith")
                .section("Service")
                .set("Type", "oneshot")
                .set("PrivateMounts", "yes")
                .set(
                        "ExecStart",
                        UnitFile.command(
                                "/usr/bin/mount", "-t", trial.type(), "-o", options, trial.source(), folder + TARGET))
                .set("ExecStart", UnitFile.command("/usr/bin/stat", "--format=%F", folder + TARGET))
                .set("ExecStart", UnitFile.command("/usr/bin/touch", folder + PASSED))
                .set("StandardOutput", "append:" + folder + OUTPUT)
                .set("StandardError", "inherit")
                .set("TimeoutStartSec", trial.timeout() + "s")
                .set("TimeoutStopSec", "1s")
                .text();
    }

    private void sweep() throws IOException {
        if (Files.isDirectory(files.at(UNITS))) {
            try (var units = Files.newDirectoryStream(files.at(UNITS), PREFIX + "*.service")) {
                for (Path unit : units) {
                    systemd.resetFailed(String.valueOf(unit.getFileName()));
                    Files.deleteIfExists(unit);
                }
            }
        }
        if (Files.isDirectory(files.at(FOLDER))) {
            try (var folders = Files.newDirectoryStream(files.at(FOLDER))) {
                for (Path folder : folders) {
                    remove(folder);
                }
            }
        }
    }

    /** Never into a folder in it: were something mounted there against all odds, it would be emptied. */
    private static void remove(Path folder) throws IOException {
        if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            try (var files = Files.newDirectoryStream(folder)) {
                for (Path file : files) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }
}
