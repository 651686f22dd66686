package io.unitsmith.agent.remote;

import io.unitsmith.agent.apply.Unmounts;
import io.unitsmith.agent.facts.MountTable;
import io.unitsmith.agent.facts.Mounted;
import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.remote.Questions.Session;
import io.unitsmith.agent.systemd.Job;
import io.unitsmith.agent.systemd.Since;
import io.unitsmith.agent.systemd.Systemd;
import io.unitsmith.agent.workload.Sight;
import io.unitsmith.agent.workload.Sight.Answer;
import io.unitsmith.agent.workload.Sight.Broken;
import io.unitsmith.agent.workload.Sight.Hung;
import io.unitsmith.agent.workload.Sight.Unknown;
import io.unitsmith.agent.workload.Watch;
import io.unitsmith.api.v1alpha1.RemoteMountSpec.UnmountPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the servers of what is mounted whether they answer, each by stat(1) in a unit of its own: unitsmith-probe@.service. It
 * may wait for ever, and cannot be killed while it does: it is no child of the agent's, nobody waits for it, and systemd has
 * at most one for each path. That of an agent before this one counts.
 */
public final class Servers {

    /** Where the answers are, one file for each path: empty while there is none. */
    static final String FOLDER = "/run/unitsmith/probe/";

    private static final Logger LOG = LoggerFactory.getLogger(Servers.class);

    /** systemd only has to execute it. */
    private static final Duration EXECUTED = Duration.ofSeconds(2);

    /** A server that is well has answered by then, or has the next turn do. */
    private static final Duration AT_ONCE = Duration.ofMillis(100);

    private final AtomicFiles files;
    private final Systemd systemd;
    private final MountTable table;
    private final Unmounts unmounts;
    private final Clock clock;
    private final Questions questions = new Questions();
    private Optional<Instant> next = Optional.empty();

    public Servers(AtomicFiles files, Systemd systemd, Unmounts unmounts, Clock clock) {
        this.files = files;
        this.systemd = systemd;
        this.table = new MountTable(files.at("/proc/self/mountinfo"));
        this.unmounts = unmounts;
        this.clock = clock;
    }

    /** When there may be something to be seen that was not there before, if that is known. */
    public Optional<Instant> wantsTurnAt() {
        return next;
    }

    /**
     * What is mounted of these, and whether it can be used. What hangs for too long is taken away, if that is asked for.
     *
     * @param watches by the unit of the mount
     */
    public Map<String, Sight> look(Map<String, Watch> watches) {
        Map<String, Mounted> there = table.fileSystems();
        Map<String, Watch> mounted = new HashMap<>(watches);
        mounted.values().removeIf(watch -> !there.containsKey(watch.path()));
        ask(mounted, there);
        Map<String, Sight> sights = new HashMap<>();
        Set<String> hung = new TreeSet<>();
        List<String> forced = new ArrayList<>();
        Instant now = clock.instant();
        next = Optional.empty();
        mounted.forEach((unit, watch) -> {
            Optional<Reply> reply = watch.asks() ? reply(unit) : Optional.empty();
            Answer answer = watch.asks() ? questions.note(unit, watch, reply, now) : new Unknown();
            sights.put(unit, new Sight(Objects.requireNonNull(there.get(watch.path())), answer));
            Questions.hangsAt(reply, watch, now)
                    .ifPresent(at -> next = next.filter(at::isAfter).or(() -> Optional.of(at)));
            if (answer instanceof Hung) {
                hung.add(unit);
            }
            if (Questions.isToBeForced(answer, reply, watch, now)) {
                LOG.warn("{} is taken away by force: {}", watch.path(), why(answer));
                forced.add(unit);
            }
        });
        unmounts.hung(hung);
        unmounts.takeAway(UnmountPolicy.FORCE, forced);
        return sights;
    }

    /** What others have answered is not kept; who waits for an answer, of a mount that was deleted, leaves it later. */
    public void forgetAllBut(Collection<String> units) throws IOException {
        Path folder = files.at(FOLDER);
        if (!Files.isDirectory(folder)) {
            return;
        }
        Set<String> kept = units.stream().map(Servers::instance).collect(Collectors.toSet());
        try (var replies = Files.newDirectoryStream(folder)) {
            for (Path reply : replies) {
                if (!kept.contains(String.valueOf(reply.getFileName())) && Files.size(reply) > 0) {
                    Files.deleteIfExists(reply);
                }
            }
        }
    }

    private static String why(Answer answer) {
        return answer instanceof Broken broken ? broken.words() : "its server does not answer";
    }

    private void ask(Map<String, Watch> mounted, Map<String, Mounted> there) {
        Instant now = clock.instant();
        questions.retain(mounted.keySet());
        List<String> asked = new ArrayList<>();
        Map<String, Since> since = mounted.isEmpty() ? Map.of() : systemd.since(mounted.keySet());
        mounted.forEach((unit, watch) -> {
            @Nullable Mounted one = there.get(watch.path());
            if (watch.asks() && one != null && questions.isDue(unit, session(one, since.get(unit)), watch, now)) {
                asked.add(unit);
            }
        });
        questions.looked();
        if (!asked.isEmpty()) {
            List<String> jobs = asked.stream()
                    .map(unit -> "unitsmith-probe@" + instance(unit) + ".service")
                    .toList();
            systemd.run(Job.START, jobs, EXECUTED).forEach((job, result) -> {
                if (!result.done()) {
                    LOG.warn("{} could not be started: {}", job, result.text());
                }
            });
            awaitReplies(asked);
        }
    }

    private static Session session(Mounted mounted, @Nullable Since since) {
        return new Session(mounted.device(), since == null ? null : since.active());
    }

    private void awaitReplies(List<String> units) {
        long end = System.nanoTime() + AT_ONCE.toNanos();
        try {
            while (System.nanoTime() < end && units.stream().anyMatch(this::isOpen)) {
                Thread.sleep(5);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isOpen(String unit) {
        return reply(unit).filter(Reply::isOpen).isPresent();
    }

    private Optional<Reply> reply(String unit) {
        String path = FOLDER + instance(unit);
        try {
            Instant at = Files.getLastModifiedTime(files.at(path)).toInstant();
            return Optional.of(new Reply(Instant.ofEpochSecond(at.getEpochSecond()), Files.readString(files.at(path))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.warn("{} could not be read: {}", path, e.getMessage());
            return Optional.empty();
        }
    }

    private static String instance(String unit) {
        return unit.replaceFirst("\\.mount$", "");
    }
}
