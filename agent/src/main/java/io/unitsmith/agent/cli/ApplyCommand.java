package io.unitsmith.agent.cli;

import io.unitsmith.agent.facts.HostFacts;
import io.unitsmith.agent.kind.Workloads;
import io.unitsmith.agent.source.Assigning;
import io.unitsmith.agent.source.Assignment;
import io.unitsmith.agent.source.Deletions;
import io.unitsmith.agent.source.InvalidManifests;
import io.unitsmith.agent.source.ManifestDocument;
import io.unitsmith.agent.source.ManifestFolder;
import io.unitsmith.agent.source.Manifests;
import io.unitsmith.agent.source.Manifests.Manifest;
import io.unitsmith.agent.source.Manifests.Reading;
import io.unitsmith.agent.standalone.ManifestStore;
import io.unitsmith.agent.standalone.ManifestStore.Outcome;
import io.unitsmith.agent.standalone.Progress;
import io.unitsmith.agent.workload.Header;
import io.unitsmith.agent.workload.Workload;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Puts manifests into force on a host without a cluster. */
@Command(
        name = "apply",
        description = "Put manifests into force on this host, which has no cluster, and wait until they are.")
final class ApplyCommand implements Callable<Integer> {

    private static final Set<String> INVALID = Set.of(Reason.INVALID.text(), Reason.NOT_UNDERSTOOD.text());

    private final Machine machine;

    @Mixin
    private ManifestOptions options = new ManifestOptions();

    @Mixin
    private Convergence convergence = new Convergence();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ApplyCommand() {
        this(Machine.here());
    }

    ApplyCommand(Machine machine) {
        this.machine = machine;
    }

    @Override
    public Integer call() throws IOException, InvalidManifests {
        machine.requireStandalone("apply");
        Reading reading = Manifests.sound(options.read());
        Reading there = machine.manifests().read().orElse(Reading.NOTHING);
        ManifestStore store = new ManifestStore(machine.files(), ManifestFolder.DEFAULT);
        Map<WorkloadReference, Outcome> outcomes = outcomes(reading, there, store);
        List<Manifest> workloads = reading.workloadsBeside(there);
        requireValid(workloads, reading);

        store(reading, outcomes, store);
        Deletions deletions = new Deletions(machine.files());
        for (Manifest manifest : workloads) {
            deletions.unmark(Assigning.name(manifest.workload()));
        }
        new AgentUnit(machine.systemd()).ensureRunning();
        Map<WorkloadReference, Convergence.Question> questions = new LinkedHashMap<>();
        for (Manifest manifest : workloads) {
            Assignment asked = Assigning.assignment(manifest);
            questions.put(manifest.workload(), status -> Progress.of(asked, status));
        }
        return convergence.await(
                machine,
                questions,
                (workload, progress) -> tell(workload, Objects.requireNonNull(outcomes.get(workload)), progress));
    }

    /** What the API server's rules would refuse, nobody else does here. What the host lacks it may have tomorrow. */
    private void requireValid(List<Manifest> manifests, Reading reading) throws IOException, InvalidManifests {
        List<Workload> workloads = manifests.stream()
                .map(manifest -> Workloads.of(manifest.workload(), manifest.content(), manifest.secret()))
                .toList();
        HostFacts facts = machine.facts(workloads, Map.of());
        List<String> faults = new ArrayList<>();
        for (Workload workload : workloads) {
            if (workload.render(facts) instanceof Workload.Refused(List<Problem> problems)) {
                problems.stream()
                        .filter(problem -> INVALID.contains(problem.reason()))
                        .forEach(problem -> faults.add("%s: %s: %s"
                                .formatted(
                                        ManifestStore.find(workload.reference(), reading)
                                                .map(ManifestDocument::file)
                                                .orElse(""),
                                        Header.title(workload.reference()),
                                        problem.text())));
            }
        }
        if (!faults.isEmpty()) {
            throw new InvalidManifests(faults);
        }
    }

    /** What storing each of them comes to; nothing is stored if one of them belongs to a file of somebody else's. */
    private static Map<WorkloadReference, Outcome> outcomes(Reading reading, Reading there, ManifestStore store)
            throws IOException {
        Map<WorkloadReference, Outcome> outcomes = new LinkedHashMap<>();
        List<String> foreign = new ArrayList<>();
        for (ManifestDocument document : reading.documents()) {
            Outcome outcome = store.outcome(document, there);
            Optional<String> file = store.foreignFile(document.workload(), there);
            if (outcome != Outcome.UNCHANGED && file.isPresent()) {
                foreign.add(
                        "%s stands in %s, which was not written by unitsmith apply: edit it there, the agent notices; or take it out of there first"
                                .formatted(Header.title(document.workload()), file.get()));
            }
            outcomes.put(document.workload(), outcome);
        }
        if (!foreign.isEmpty()) {
            throw new IOException(String.join("\n", foreign));
        }
        return outcomes;
    }

    /** Secrets first, so that no workload is refused for want of one. */
    private void store(Reading reading, Map<WorkloadReference, Outcome> outcomes, ManifestStore store)
            throws IOException {
        List<ManifestDocument> documents = reading.documents().stream()
                .sorted(Comparator.comparing(document -> !document.isSecret()))
                .toList();
        for (ManifestDocument document : documents) {
            Outcome outcome = Objects.requireNonNull(outcomes.get(document.workload()));
            if (outcome != Outcome.UNCHANGED) {
                store.store(document);
            }
            if (document.isSecret()) {
                spec.commandLine().getOut().println(line(document.workload(), outcome));
            }
        }
    }

    private static String line(WorkloadReference object, Outcome outcome) {
        return "%s %s/%s %s"
                .formatted(object.kind().toLowerCase(Locale.ROOT), object.namespace(), object.name(), outcome.word());
    }

    private void tell(WorkloadReference workload, Outcome outcome, Progress progress) {
        String line = line(workload, outcome);
        var out = spec.commandLine().getOut();
        var err = spec.commandLine().getErr();
        switch (progress) {
            case Progress.Done done when outcome == Outcome.UNCHANGED -> out.println(line);
            case Progress.Done(var state, var message) -> out.printf("%s: %s%n", line, message);
            case Progress.Failed(var message) ->
                err.printf("%s, and this host cannot have it as it is: %s%n", line, message);
            case Progress.UnderWay(var message) -> err.printf("%s, and not in force yet: %s%n", line, message);
        }
        out.flush();
        err.flush();
    }
}
