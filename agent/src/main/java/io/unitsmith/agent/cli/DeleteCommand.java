package io.unitsmith.agent.cli;

import io.unitsmith.agent.apply.LedgerKeeper;
import io.unitsmith.agent.plan.Ledger;
import io.unitsmith.agent.source.Assigning;
import io.unitsmith.agent.source.Assignment;
import io.unitsmith.agent.source.Deletions;
import io.unitsmith.agent.source.InvalidManifests;
import io.unitsmith.agent.source.ManifestDocument;
import io.unitsmith.agent.source.ManifestFolder;
import io.unitsmith.agent.source.Manifests;
import io.unitsmith.agent.source.Manifests.Reading;
import io.unitsmith.agent.standalone.ManifestStore;
import io.unitsmith.agent.standalone.Progress;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.State;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Takes workloads off a host without a cluster. Wherever it is cut off, it can be run again. */
@Command(
        name = "delete",
        description = "Take what these manifests name off this host, which has no cluster, and wait until it is gone.")
final class DeleteCommand implements Callable<Integer> {

    private final Machine machine;

    @Mixin
    private ManifestOptions options = new ManifestOptions();

    @Mixin
    private Convergence convergence = new Convergence();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    DeleteCommand() {
        this(Machine.here());
    }

    DeleteCommand(Machine machine) {
        this.machine = machine;
    }

    @Override
    public Integer call() throws IOException, InvalidManifests {
        machine.requireStandalone("delete");
        Reading reading = options.read();
        if (reading.documents().isEmpty()) {
            Manifests.sound(reading); // what is wrong with a spec is no matter here, but something must be named
        }
        Reading there = machine.manifests().read().orElse(Reading.NOTHING);
        Ledger ledger = new LedgerKeeper(machine.files()).look().ledger();
        ManifestStore store = new ManifestStore(machine.files(), ManifestFolder.DEFAULT);
        Deletions deletions = new Deletions(machine.files());
        Map<WorkloadReference, String> foreign = new HashMap<>();
        Map<WorkloadReference, Convergence.Question> questions = new LinkedHashMap<>();
        for (ManifestDocument document : reading.documents()) {
            WorkloadReference workload = document.workload();
            String name = Assigning.name(workload);
            boolean known = ManifestStore.find(workload, there).isPresent()
                    || ledger.assignments().containsKey(name)
                    || deletions.all().containsKey(name);
            if (!document.isSecret() && known) {
                store.foreignFile(workload, there).ifPresent(file -> foreign.put(workload, file));
                deletions.mark(workload);
                store.remove(workload);
                questions.put(workload, status -> {
                    Assignment removal = Assigning.removal(workload);
                    return deletions.all().containsKey(name)
                            ? Progress.of(removal, status)
                            : new Progress.Done(State.REMOVED, "");
                });
            } else if (!document.isSecret()) {
                tell(workload, "not found on this host");
            }
        }
        if (!questions.isEmpty()) {
            new AgentUnit(machine.systemd()).ensureRunning();
        }
        int code = convergence.await(
                machine, questions, (workload, progress) -> tell(workload, progress, foreign.get(workload)));
        deleteSecrets(reading.documents(), there, store);
        return code;
    }

    private void deleteSecrets(List<ManifestDocument> documents, Reading there, ManifestStore store)
            throws IOException {
        for (ManifestDocument document : documents) {
            if (document.isSecret()) {
                Optional<String> file = store.foreignFile(document.workload(), there);
                boolean known = ManifestStore.find(document.workload(), there).isPresent();
                store.remove(document.workload());
                tell(
                        document.workload(),
                        file.map(path -> "not deleted: it stands in %s, which was not written by unitsmith apply"
                                        .formatted(path))
                                .orElse(known ? "deleted" : "not found on this host"));
            }
        }
    }

    private void tell(WorkloadReference workload, Progress progress, @Nullable String foreignFile) {
        switch (progress) {
            case Progress.Done done ->
                tell(
                        workload,
                        foreignFile == null
                                ? "deleted"
                                : "deleted; it still stands in %s, and stays away until you run unitsmith apply for it: take it out of there"
                                        .formatted(foreignFile));
            case Progress.Failed(var message) -> complain(workload, "not deleted: " + message);
            case Progress.UnderWay(var message) ->
                complain(workload, "not deleted yet, and still being tried: " + message);
        }
    }

    private void tell(WorkloadReference workload, String what) {
        spec.commandLine().getOut().println(name(workload) + " " + what);
        spec.commandLine().getOut().flush();
    }

    private void complain(WorkloadReference workload, String what) {
        spec.commandLine().getErr().println(name(workload) + " " + what);
        spec.commandLine().getErr().flush();
    }

    private static String name(WorkloadReference workload) {
        return "%s %s/%s".formatted(workload.kind().toLowerCase(Locale.ROOT), workload.namespace(), workload.name());
    }
}
