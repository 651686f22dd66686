package io.unitsmith.agent.cli;

import io.unitsmith.agent.apply.LedgerKeeper;
import io.unitsmith.agent.cluster.Credential;
import io.unitsmith.agent.cluster.Token;
import io.unitsmith.agent.plan.Goal;
import io.unitsmith.agent.plan.Ledger;
import io.unitsmith.agent.report.HostStatus;
import io.unitsmith.agent.report.StatusFile;
import io.unitsmith.agent.source.DesiredState;
import io.unitsmith.agent.unit.UnitState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what is on this host, from disk and from systemd: also with the agent, or the cluster, gone. */
@Command(name = "status", description = "Show what Unitsmith has set up on this host, and how it fares.")
final class StatusCommand implements Callable<Integer> {

    private final Machine machine;
    private final List<String> unknown = new ArrayList<>();

    @Option(names = "--output", defaultValue = "table", description = "${COMPLETION-CANDIDATES}")
    private Format format = Format.table;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    StatusCommand() {
        this(Machine.here());
    }

    StatusCommand(Machine machine) {
        this.machine = machine;
    }

    @Override
    public Integer call() throws IOException {
        HostReport report = report();
        spec.commandLine().getOut().print(format.of(report, () -> StatusTable.of(report)));
        spec.commandLine().getOut().flush();
        return 0;
    }

    private HostReport report() {
        @Nullable
        HostStatus written = ask("what the agent has written", () -> new StatusFile(machine.files()).load())
                .orElse(null);
        Ledger ledger = ask("the ledger", this::ledger).orElse(Ledger.EMPTY);
        Set<String> wanted = new HashSet<>(new Goal(List.of(), Set.of()).units(ledger));
        wanted.add(AgentUnit.NAME);
        @Nullable
        Map<String, UnitState> units = ask(
                        "the state of units",
                        () -> Optional.of(machine.systemd().states(wanted)))
                .orElse(null);
        @Nullable
        Boolean running = units == null
                ? null
                : Objects.requireNonNull(units.get(AgentUnit.NAME)).isActive();
        return new HostReport(
                new HostReport.Agent(
                        running,
                        AgentUnit.NAME,
                        written == null ? null : written.agent().version(),
                        written == null ? null : written.agent().started()),
                written == null ? null : written.source(),
                ask("the credential", this::credential).orElse(null),
                written == null ? null : written.trouble(),
                HostReport.workloads(written, ledger, units),
                written == null ? List.of() : written.faults(),
                ask("what would be done next", this::next).orElse(List.of()),
                unknown);
    }

    private Optional<Ledger> ledger() throws IOException {
        LedgerKeeper.Opened opened = new LedgerKeeper(machine.files()).look();
        if (opened.loss() != null) {
            unknown.add(opened.loss());
        }
        return Optional.of(opened.ledger());
    }

    private Optional<String> credential() throws IOException {
        Optional<Token> token = new Credential(machine.files()).token();
        return token.map(
                one -> (one.expires().isBefore(machine.clock().instant()) ? "! expired " : "expires ") + one.expires());
    }

    private Optional<List<String>> next() throws IOException {
        return Optional.of(PlanText.summary(machine.foresight().of(DesiredState.of(machine.asked()))));
    }

    private interface Question<T> {
        Optional<T> ask() throws IOException;
    }

    /** At night half an answer is better than none. */
    private <T> Optional<T> ask(String what, Question<T> question) {
        try {
            return question.ask();
        } catch (IOException | RuntimeException e) {
            unknown.add("%s: %s".formatted(what, e.getMessage()));
            return Optional.empty();
        }
    }
}
