package io.unitsmith.agent;

import io.unitsmith.agent.report.Heartbeat.Standing;
import io.unitsmith.agent.report.HostStatus;
import io.unitsmith.agent.report.HostStatus.Agent;
import io.unitsmith.agent.report.HostStatus.Change;
import io.unitsmith.agent.report.HostStatus.Origin;
import io.unitsmith.agent.report.HostStatus.Workload;
import io.unitsmith.agent.report.StatusFile;
import io.unitsmith.agent.source.Assignment;
import io.unitsmith.api.v1alpha1.Condition;
import io.unitsmith.api.v1alpha1.Conditions;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.Live;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.State;
import java.io.IOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down on the host what comes of every turn, where it is not what stands there already. */
public final class Chronicle {

    private static final Logger LOG = LoggerFactory.getLogger(Chronicle.class);

    private final StatusFile file;
    private final Agent agent;
    private final Place place;
    private final Supplier<List<String>> faults;
    private final Clock clock;
    private Map<String, Workload> workloads;
    private @Nullable Origin origin;
    private @Nullable String lastTrouble;

    /** Where the desired state comes from: {@code cluster} or {@code manifests}, and which. */
    public record Place(String kind, String name) {}

    /**
     * Goes on with what the last agent has written.
     *
     * @param faults what is wrong with manifests
     */
    public Chronicle(StatusFile file, Place place, String version, Supplier<List<String>> faults, Clock clock)
            throws IOException {
        this.file = file;
        this.place = place;
        this.faults = faults;
        this.clock = clock;
        this.agent = new Agent(version, ProcessHandle.current().pid(), now());
        this.workloads = file.load().map(HostStatus::workloads).orElse(Map.of());
    }

    /** What was last written of each workload. */
    public Map<String, Workload> workloads() {
        return workloads;
    }

    void turned(Turn turn, Map<String, HostAssignmentStatus> statuses, Standing standing) {
        Map<String, Workload> now = new TreeMap<>();
        statuses.forEach((name, status) -> {
            @Nullable Assignment assignment = turn.desired().assignments().get(name);
            if (assignment != null) {
                now.put(name, workload(assignment, status, workloads.get(name)));
            }
        });
        workloads = now;
        lastTrouble = null;
        write(standing);
    }

    /** A turn has come to nothing. */
    void failed(String trouble, Standing standing) {
        lastTrouble = Conditions.bounded(trouble);
        write(standing);
    }

    private Workload workload(Assignment assignment, HostAssignmentStatus status, @Nullable Workload before) {
        @Nullable Live live = status.live();
        @Nullable Live liveBefore = before == null ? null : before.status().live();
        @Nullable Change change = before == null ? null : before.change();
        if (live != null) {
            @Nullable String what = what(liveBefore, live);
            change = what == null ? change : new Change(now(), Conditions.bounded(what));
        }
        return new Workload(assignment.workload(), assignment.generation(), status, change);
    }

    private static @Nullable String what(@Nullable Live before, Live now) {
        @Nullable State trouble = before != null && before.state().isTrouble() ? before.state() : null;
        if (now.state().isTrouble() && now.state() != trouble) {
            return word(now.state()) + ": " + ready(now);
        }
        if (!Objects.equals(before == null ? null : before.revision(), now.revision())) {
            String instead = before == null || before.revision() == null ? "" : " in place of " + before.revision();
            return (now.revision() == null ? "nothing is in force" : now.revision() + " is in force") + instead;
        }
        if (before != null && !Objects.equals(before.secret(), now.secret())) {
            return "its Secret was changed";
        }
        return trouble != null && !now.state().isTrouble() ? "no longer " + word(trouble) + ": " + ready(now) : null;
    }

    private static String word(State state) {
        return state.text().toLowerCase(Locale.ROOT);
    }

    private static String ready(Live live) {
        @Nullable Condition ready = Conditions.find(live.conditions(), Condition.READY);
        return ready == null ? "" : ready.message();
    }

    private void write(Standing standing) {
        String text = text(standing);
        if (origin == null || !origin.standing().equals(text)) {
            origin = new Origin(place.kind(), place.name(), text, now());
        }
        try {
            file.save(new HostStatus(
                    agent,
                    origin,
                    workloads,
                    faults.get().stream().map(Conditions::bounded).toList(),
                    lastTrouble));
        } catch (IOException e) {
            LOG.warn("the status could not be written: {}", e.getMessage());
        }
    }

    private String text(Standing standing) {
        if (place.kind().equals("manifests")) {
            return "read";
        }
        return Objects.requireNonNullElse(standing.trouble(), "the API answers");
    }

    private String now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
