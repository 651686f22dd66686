package io.unitsmith.agent;

import io.unitsmith.agent.systemd.Job;
import io.unitsmith.agent.systemd.ReloadRefused;
import io.unitsmith.agent.systemd.Since;
import io.unitsmith.agent.systemd.Systemd;
import io.unitsmith.agent.unit.UnitState;
import io.unitsmith.api.v1alpha1.Names;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** As much of systemd as the agent sees: units that are loaded from files, stay as they were loaded, and start one another. */
public final class FakeSystemd implements Systemd {

    private static final String TRIAL = "unitsmith-trial-";

    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    final List<String> jobs = new ArrayList<>();
    final Set<String> busy = new TreeSet<>();
    /** What becomes of a mount with new credentials, which stand in the folder that it is given. */
    Function<Path, Trial> trial = folder -> Trial.PASSES;

    Predicate<String> check = configuration -> true;
    int daemonReloads;
    int questions;
    boolean refusesToReload;
    Predicate<String> runs = configuration -> true;
    Hook hook = moment -> true;

    /** Whether masters wait for requests under way before they execute themselves anew. */
    boolean slow;

    enum Trial {
        PASSES,
        FAILS,
        GOES_ON
    }

    /** Told before every change to a unit; may end the agent there, lose the bus, or say no: then the job fails. */
    interface Hook {
        boolean reached(String moment);
    }

    private final Map<String, Integer> pids = new HashMap<>();
    private int lastPid = 1000;
    private int images;
    private int mountings;

    private final Path root;
    private final Map<String, String> active = new HashMap<>();
    private final Map<String, Since> since = new HashMap<>();
    private final Map<String, Instant> ended = new HashMap<>();
    private final Map<String, String> loadedFrom = new HashMap<>();
    /** What group and mode the file of a socket has. */
    private final Map<String, String> accesses = new HashMap<>();

    private final Map<String, String> configurations = new HashMap<>();
    private final Set<String> masked = new TreeSet<>();

    /** Slices whose limits were handed to the kernel. */
    final List<String> limited = new ArrayList<>();

    public FakeSystemd(Path root) {
        this.root = root;
    }

    /** A request starts the service of a socket, or an access the mount of an automount. */
    void activate(String unit) {
        loadedFrom.put(unit, files(unit));
        accesses.put(unit, access(unit));
        Instant then = now().plusNanos(unit.endsWith(".mount") ? ++mountings : 0); // no two at the same time
        since.put(unit, new Since(then, then));
        if (unit.endsWith(".service")) {
            pids.put(unit, ++lastPid);
        }
        execute(unit);
    }

    /** Group and mode as a socket's unit has them. */
    private String access(String socket) {
        Path dropIn = root.resolve("etc/systemd/system/" + socket + ".d/unitsmith.conf");
        return !Files.exists(dropIn)
                ? ""
                : read(dropIn)
                        .lines()
                        .filter(line -> line.startsWith("SocketGroup=") || line.startsWith("SocketMode="))
                        .collect(Collectors.joining(" "));
    }

    @Override
    public void applyAccess(Collection<String> sockets) {
        for (String socket : sockets) {
            hook.reached("access " + socket);
            accesses.put(socket, access(socket));
        }
    }

    /** A program begins, and reads its configuration. */
    private void execute(String unit) {
        configurations.put(unit, configuration(unit));
        active.put(unit, runs.test(configuration(unit)) ? "active" : "failed");
        if (pids.containsKey(unit)) {
            Path process = root.resolve("proc/" + pids.get(unit));
            try {
                Files.createDirectories(process);
                Files.writeString(process.resolve("auxv"), "image " + ++images);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The last request under way has ended. */
    void finish(String service) {
        execute(service);
    }

    void fail(String unit) {
        active.put(unit, "failed");
    }

    /** Its stop goes on. */
    void deactivate(String unit) {
        active.put(unit, "deactivating");
    }

    /** A mount fails. */
    void fail(String mount, Instant when) {
        activate(mount);
        fail(mount);
        ended.put(mount, when);
    }

    /** A mount goes away by itself right after it began. */
    void endAtOnce(String mount, Instant when) {
        activate(mount);
        active.put(mount, "inactive");
        ended.put(mount, when);
    }

    /** As `systemctl mask` does it. */
    void mask(String unit) throws IOException {
        Files.createSymbolicLink(maskOf(unit), Path.of("/dev/null"));
        masked.add(unit);
    }

    private Path maskOf(String unit) {
        return root.resolve("run/systemd/system/" + unit);
    }

    /** As `systemctl stop` does it. */
    void stop(String unit) {
        active.remove(unit);
    }

    boolean isActive(String unit) {
        return "active".equals(active.get(unit));
    }

    Set<String> active() {
        return new TreeSet<>(active.keySet());
    }

    /** Whether what runs is what is on disk. */
    boolean isCurrent(String payload) {
        return files(payload).equals(loadedFrom.get(payload))
                && access(payload).equals(accesses.get(payload))
                && configuration(payload).equals(configurations.get(payload));
    }

    /** Whether it is active, or has failed, and whether it runs what is on disk. */
    String stateOf(String unit) {
        return active.get(unit) + (isCurrent(unit) ? "" : ", of something else than what is on disk");
    }

    @Override
    public Map<String, UnitState> states(Collection<String> units) {
        questions++;
        Map<String, UnitState> states = new HashMap<>();
        for (String unit : units) {
            String state = active.get(unit);
            states.put(
                    unit,
                    state == null
                            ? UnitState.absent(unit)
                            : new UnitState(
                                    unit,
                                    masked.contains(unit) ? "masked" : "loaded",
                                    state,
                                    "",
                                    "success",
                                    null,
                                    pids.getOrDefault(unit, 0),
                                    state.equals("inactive") ? AT_ONCE : null,
                                    ended.get(unit)));
        }
        return states;
    }

    @Override
    public Map<String, Job.Result> run(Job job, Collection<String> units, Duration deadline) {
        Map<String, Job.Result> results = new LinkedHashMap<>();
        for (String unit : units) {
            if (unit.startsWith(TRIAL)) {
                results.put(unit, trial(unit));
                continue;
            }
            if (!unit.startsWith("unitsmith-check-")) {
                jobs.add(job + " " + unit);
            }
            boolean done = hook.reached(job + " " + unit) ? run(job, unit) : failed(job, unit);
            results.put(unit, done ? new Job.Result(true, "done") : new Job.Result(false, "failed"));
        }
        return results;
    }

    private Job.Result trial(String unit) {
        hook.reached("trial");
        Path folder = folderOf(unit);
        return switch (trial.apply(folder)) {
            case PASSES -> {
                pass(folder);
                yield new Job.Result(true, "done");
            }
            case FAILS -> {
                active.put(unit, "failed");
                yield new Job.Result(false, "failed");
            }
            case GOES_ON -> {
                active.put(unit, "activating");
                yield Job.Result.PENDING;
            }
        };
    }

    /** The one trial that goes on has ended. */
    void endTrial(boolean passed) {
        String unit = active.keySet().stream()
                .filter(name -> name.startsWith(TRIAL))
                .findFirst()
                .orElseThrow();
        active.remove(unit);
        if (passed) {
            pass(folderOf(unit));
        } else {
            active.put(unit, "failed");
        }
    }

    /** The one trial that goes on is not there any more, as after reset-failed by somebody else. */
    void forgetTrial() {
        active.keySet().removeIf(name -> name.startsWith(TRIAL));
    }

    private Path folderOf(String trial) {
        return root.resolve("run/unitsmith/trial/" + trial.substring(TRIAL.length(), trial.lastIndexOf('.')));
    }

    /** What the last of its commands does. */
    private static void pass(Path folder) {
        try {
            Files.createFile(folder.resolve("passed"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One that cannot be stopped runs on; what else fails is down. */
    private boolean failed(Job job, String unit) {
        if (job != Job.STOP) {
            active.put(unit, "failed");
        }
        return false;
    }

    private boolean run(Job job, String unit) {
        switch (job) {
            case START -> {
                if (unit.startsWith("unitsmith-check-")) {
                    return passes(unit);
                }
                if (files(unit).isEmpty() || masked.contains(unit)) {
                    return false;
                }
                activate(unit);
            }
            case STOP -> {
                if (busy.contains(unit)) {
                    return false;
                }
                active.remove(unit);
            }
            case RESTART -> activate(unit);
            case RELOAD -> {
                if (!slow) {
                    execute(unit);
                    since.computeIfPresent(unit, (name, before) -> new Since(before.active(), now()));
                }
            }
        }
        return true;
    }

    private boolean passes(String unit) {
        String text = read(root.resolve("run/systemd/system/" + unit));
        String path = text.lines()
                .filter(line -> line.startsWith("ExecStart="))
                .map(line -> line.substring(line.lastIndexOf(' ') + 2))
                .findFirst()
                .orElseThrow();
        return check.test(read(root.resolve(path)));
    }

    @Override
    public boolean needsDaemonReload(Collection<String> units) {
        return units.stream()
                .anyMatch(unit -> masked.contains(unit) != Files.isSymbolicLink(maskOf(unit))
                        || (active.containsKey(unit) && !files(unit).equals(loadedFrom.get(unit))));
    }

    @Override
    public Map<String, Since> since(Collection<String> units) {
        Map<String, Since> active = new HashMap<>(since);
        active.keySet().removeIf(unit -> !units.contains(unit) || !isActive(unit));
        return active;
    }

    /** By the clock that files have their times of. */
    private Instant now() {
        try {
            return Files.getLastModifiedTime(Files.writeString(root.resolve("run/unitsmith-now"), ""))
                    .toInstant();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void daemonReload() {
        hook.reached("daemon-reload");
        if (refusesToReload) {
            throw new ReloadRefused("systemd refuses to reload: too often of late", new IllegalStateException());
        }
        daemonReloads++;
        active.keySet().forEach(unit -> loadedFrom.put(unit, files(unit)));
        masked.removeIf(unit -> !Files.isSymbolicLink(maskOf(unit)));
    }

    /** As systemd does it: what it was told is a drop-in. */
    @Override
    public void applyLimits(Collection<String> slices) {
        for (String slice : slices) {
            limited.add(slice);
            Path folder = root.resolve(CONTROL.substring(1) + slice + ".d");
            try {
                Files.createDirectories(folder);
                for (String limit : LIMITS) {
                    Files.writeString(folder.resolve(limit), "[Slice]\n");
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void resetFailed(String unit) {
        active.remove(unit, "failed");
    }

    @Override
    public String version() {
        return "257";
    }

    @Override
    public void enable(String unit) {
        jobs.add("ENABLE " + unit);
    }

    @Override
    public void onChange(Runnable listener) {}

    /** The hashes of a unit's files: its own or its template's, and its drop-ins. */
    private String files(String unit) {
        Path units = root.resolve("etc/systemd/system");
        Path own = units.resolve(unit);
        Path file = Files.exists(own) ? own : units.resolve(unit.replaceAll("@.*\\.", "@."));
        if (!Files.exists(file)) {
            return "";
        }
        Path dropIn = units.resolve(unit + ".d/unitsmith.conf");
        return Names.hash(read(file)) + (Files.exists(dropIn) ? Names.hash(read(dropIn)) : "");
    }

    private String configuration(String unit) {
        String instance = unit.replaceAll(".*@", "").replaceAll("\\.[a-z]+$", "");
        Path folder = root.resolve("etc/unitsmith/fpm");
        if (!Files.exists(folder)) {
            return "";
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.endsWith(instance + ".conf"))
                    .map(FakeSystemd::read)
                    .reduce("", String::concat);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
