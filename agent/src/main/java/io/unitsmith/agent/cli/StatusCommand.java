package io.unitsmith.agent.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.unitsmith.agent.apply.LedgerKeeper;
import io.unitsmith.agent.cluster.Credential;
import io.unitsmith.agent.cluster.Token;
import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.files.Checkpoint;
import io.unitsmith.agent.plan.Goal;
import io.unitsmith.agent.plan.Ledger;
import io.unitsmith.agent.plan.Ledger.Applied;
import io.unitsmith.agent.source.DesiredState;
import io.unitsmith.agent.source.LastKnownState;
import io.unitsmith.agent.systemd.BusSystemd;
import io.unitsmith.agent.unit.UnitState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what is on this host, from disk and from systemd: also with the agent, or the cluster, gone. */
@Command(name = "status", description = "Show what Unitsmith has set up on this host.")
final class StatusCommand implements Callable<Integer> {

    enum Format {
        table,
        yaml,
        json
    }

    @Option(names = "--output", defaultValue = "table", description = "${COMPLETION-CANDIDATES}")
    private Format format = Format.table;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /**
     * One workload on this host.
     *
     * @param orphaned whether nobody assigns it any more; it stays in force
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Row(
            String kind,
            String namespace,
            String name,
            @Nullable String revision,
            boolean orphaned,
            boolean underWay,
            String trigger,
            String triggerState,
            String payload,
            String payloadState) {}

    /**
     * All of it.
     *
     * @param ledger what became of the ledger, if anything did
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Status(String credential, @Nullable String ledger, List<Row> workloads) {}

    @Override
    public Integer call() throws IOException {
        AtomicFiles files = new AtomicFiles(Path.of("/"), Checkpoint.NONE);
        LedgerKeeper.Opened opened = new LedgerKeeper(files).look();
        Ledger ledger = opened.ledger();
        Set<String> assigned = new LastKnownState(files)
                .load()
                .map(DesiredState::of)
                .orElse(DesiredState.NOTHING)
                .assignments()
                .keySet();
        List<Row> rows = new ArrayList<>();
        try (var systemd = new BusSystemd(BusSystemd.SYSTEM_BUS)) {
            Map<String, UnitState> units = systemd.states(new Goal(List.of(), Set.of()).units(ledger));
            ledger.assignments().forEach((name, applied) -> rows.add(row(applied, !assigned.contains(name), units)));
        }
        print(new Status(credential(files), opened.loss(), rows));
        return 0;
    }

    private static String credential(AtomicFiles files) throws IOException {
        Token token = new Credential(files).token().orElse(null);
        if (token == null) {
            return "none: this host has not joined a cluster";
        }
        return (token.expires().isBefore(Instant.now()) ? "expired " : "expires ") + token.expires();
    }

    private static Row row(Applied applied, boolean orphaned, Map<String, UnitState> units) {
        return new Row(
                applied.workload().kind(),
                applied.workload().namespace(),
                applied.workload().name(),
                applied.revision(),
                orphaned,
                applied.pending() != null,
                applied.trigger(),
                state(units, applied.trigger()),
                applied.payload(),
                state(units, applied.payload()));
    }

    private static String state(Map<String, UnitState> units, String unit) {
        return units.getOrDefault(unit, UnitState.absent(unit)).activeState();
    }

    private void print(Status status) throws IOException {
        var out = spec.commandLine().getOut();
        switch (format) {
            case json ->
                out.println(new ObjectMapper()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .writeValueAsString(status));
            case yaml -> out.print(new YAMLMapper().writeValueAsString(status));
            case table -> {
                out.printf("credential: %s%n", status.credential());
                if (status.ledger() != null) {
                    out.printf("ledger: %s%n", status.ledger());
                }
                out.printf("%-14s %-40s %-30s %s%n", "KIND", "WORKLOAD", "REVISION", "UNITS");
                status.workloads()
                        .forEach(row -> out.printf(
                                "%-14s %-40s %-30s %s %s, %s %s%s%s%n",
                                row.kind(),
                                row.namespace() + "/" + row.name(),
                                row.revision() == null ? "-" : row.revision(),
                                row.trigger(),
                                row.triggerState(),
                                row.payload(),
                                row.payloadState(),
                                row.underWay() ? " (being changed)" : "",
                                row.orphaned() ? " (orphaned: assigned no more, stays in force)" : ""));
            }
        }
        out.flush();
    }
}
