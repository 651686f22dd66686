package io.unitsmith.agent;

import io.unitsmith.agent.admit.Admission;
import io.unitsmith.agent.apply.Checks;
import io.unitsmith.agent.apply.Disk;
import io.unitsmith.agent.apply.Trials;
import io.unitsmith.agent.apply.Unmounts;
import io.unitsmith.agent.ceiling.Ceiling;
import io.unitsmith.agent.drift.DriftGuard;
import io.unitsmith.agent.drift.FolderWatch;
import io.unitsmith.agent.drift.Watch;
import io.unitsmith.agent.facts.ControlGroups;
import io.unitsmith.agent.facts.HostFacts;
import io.unitsmith.agent.facts.Probe;
import io.unitsmith.agent.facts.ProcessTable;
import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.idle.IdleStops;
import io.unitsmith.agent.remote.Servers;
import io.unitsmith.agent.report.Heartbeat.Standing;
import io.unitsmith.agent.report.Journal;
import io.unitsmith.agent.report.Outlet;
import io.unitsmith.agent.report.Statuses;
import io.unitsmith.agent.source.Source;
import io.unitsmith.agent.supervise.HostLine;
import io.unitsmith.agent.supervise.Supervisor;
import io.unitsmith.agent.systemd.Systemd;
import io.unitsmith.agent.usage.Metrics;
import io.unitsmith.agent.usage.MetricsFile;
import io.unitsmith.agent.usage.UsageBook;
import io.unitsmith.api.v1alpha1.Condition;
import io.unitsmith.api.v1alpha1.Conditions;
import io.unitsmith.api.v1alpha1.HostAgentStatus;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus;
import io.unitsmith.api.v1alpha1.Reason;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns the agent whenever something has changed, and every few seconds, and reports what came of it. */
public final class AgentLoop {

    private static final Logger LOG = LoggerFactory.getLogger(AgentLoop.class);

    private static final Duration RESYNC = Duration.ofSeconds(10);

    /** Changes come in swarms: one turn for all of them. */
    private static final Duration SETTLE = Duration.ofMillis(100);

    /** A loop that has not come round for so long hangs; the longest turn, with every deadline missed, is shorter. */
    private static final Duration DEAD = Duration.ofMinutes(6);

    private final Agent agent;
    private final Assessor assessor;
    private final Outlet outlet;
    private final MetricsFile metrics;
    private final Supervisor supervisor;
    private final Chronicle chronicle;
    private final Identity identity;
    private final Clock clock;
    private final Semaphore wakes = new Semaphore(0);
    private volatile Instant lastTurn;
    private Map<String, HostAssignmentStatus> statuses = Map.of();
    private List<Condition> conditions = List.of();
    private @Nullable String lastTrouble;

    /** What the agent's HostAgent says of it, whatever it finds. */
    public record Identity(String version, String machineId) {}

    /** An agent for the host that these files and this systemd are of, woken by its source, by systemd and by what is done to its files. */
    public static AgentLoop on(
            AtomicFiles files,
            Systemd systemd,
            Probe probe,
            Ceiling ceiling,
            Source source,
            Outlet outlet,
            Supervisor supervisor,
            Chronicle chronicle,
            Identity identity,
            Clock clock) {
        Disk disk = new Disk(files);
        Checks checks = new Checks(files, systemd);
        Admission admission = Admission.on(files, disk, ceiling, checks, new Trials(files, systemd, clock), clock);
        Journal journal = new Journal();
        Watch watch = FolderWatch.start(files);
        DriftGuard drift = new DriftGuard(files, disk, systemd, watch, clock);
        Unmounts unmounts = new Unmounts(systemd, files);
        Enforcer enforcer = new Enforcer(systemd, files, disk, drift, unmounts, clock);
        Servers servers = new Servers(files, systemd, unmounts, clock);
        IdleStops idleStops = new IdleStops(systemd, new ProcessTable(files.at("/proc")), clock);
        UsageBook usageBook = new UsageBook(new ControlGroups(files.at("/")), clock);
        Agent agent =
                new Agent(source, probe, admission, checks, enforcer, idleStops, usageBook, servers, journal::excerpt);
        Assessor assessor = new Assessor(new Statuses(clock), journal::excerpt);
        AgentLoop loop =
                new AgentLoop(agent, assessor, outlet, new MetricsFile(files), supervisor, chronicle, identity, clock);
        systemd.onChange(loop::wake);
        source.onChange(loop::wake);
        watch.onChange(loop::wake);
        return loop;
    }

    AgentLoop(
            Agent agent,
            Assessor assessor,
            Outlet outlet,
            MetricsFile metrics,
            Supervisor supervisor,
            Chronicle chronicle,
            Identity identity,
            Clock clock) {
        this.agent = agent;
        this.assessor = assessor;
        this.outlet = outlet;
        this.metrics = metrics;
        this.supervisor = supervisor;
        this.chronicle = chronicle;
        this.identity = identity;
        this.clock = clock;
        this.lastTurn = clock.instant();
    }

    public void wake() {
        wakes.release();
    }

    /** Whether the loop comes round. */
    public boolean isAlive() {
        return clock.instant().isBefore(lastTurn.plus(DEAD));
    }

    /** Turns until the thread is interrupted. */
    public void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                turn();
                Duration rest = agent.wantsTurnAt()
                        .map(at -> Duration.between(clock.instant(), at).plusMillis(10))
                        .filter(until -> until.compareTo(RESYNC) < 0)
                        .orElse(RESYNC);
                if (wakes.tryAcquire(Math.max(1, rest.toMillis()), TimeUnit.MILLISECONDS)) {
                    Thread.sleep(SETTLE);
                    wakes.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One turn, and its report. Nothing that goes wrong in it ends the loop. */
    void turn() {
        lastTurn = clock.instant();
        if (outlet.standing() == Standing.DUPLICATE) {
            chronicle.failed("nothing is done until the other machine is gone", Standing.DUPLICATE);
        } else {
            work();
        }
        supervisor.turned(HostLine.of(statuses.values(), outlet.standing().trouble(), lastTrouble));
        lastTurn = clock.instant();
    }

    private void work() {
        try {
            Turn turn = agent.turn();
            Map<String, HostAssignmentStatus> known = new HashMap<>(statuses);
            statuses = assessor.assess(turn, name -> known.containsKey(name) ? known.get(name) : outlet.statusOf(name));
            outlet.report(statuses, status(turn.facts()));
            chronicle.turned(turn, statuses, outlet.standing());
            metrics.save(Metrics.of(identity.version(), turn.subjects(statuses)));
            trouble(null);
        } catch (IOException | RuntimeException e) {
            trouble(String.valueOf(e.getMessage()));
            chronicle.failed(String.valueOf(e.getMessage()), outlet.standing());
            LOG.debug("the turn failed", e);
        }
    }

    private HostAgentStatus status(HostFacts facts) {
        @Nullable Instant expires = outlet.credentialExpires();
        boolean rivalled = outlet.standing() == Standing.RIVALLED;
        conditions = new Conditions(conditions, null, clock)
                .set(
                        Condition.READY,
                        rivalled ? Condition.FALSE : Condition.TRUE,
                        rivalled ? Reason.DUPLICATE_AGENT : Reason.READY,
                        rivalled
                                ? "another machine uses this host's identity too: delete Secret unitsmith-agent-credential, and join again on the machine that is meant"
                                : agent.ledgerLoss()
                                        .map(loss -> "the agent does its work; " + loss)
                                        .orElse("the agent does its work"))
                .toList();
        return new HostAgentStatus(
                identity.version(),
                identity.machineId(),
                Integer.toString(facts.systemd()),
                facts.php().values().stream()
                        .sorted(Comparator.comparing(io.unitsmith.api.v1alpha1.HostFacts.Php::version))
                        .toList(),
                facts.mountHelpers().stream().sorted().toList(),
                expires == null ? null : expires.toString(),
                conditions);
    }

    /** Logged when it begins and when it ends. */
    private void trouble(@Nullable String message) {
        if (message != null && !message.equals(lastTrouble)) {
            LOG.error("{}; it is tried again", message);
        } else if (message == null && lastTrouble != null) {
            LOG.info("that is over: {}", lastTrouble);
        }
        lastTrouble = message;
    }
}
