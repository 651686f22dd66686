package io.unitsmith.agent.cli;

import io.unitsmith.agent.ceiling.Ceiling;
import io.unitsmith.agent.facts.HostFacts;
import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.files.Checkpoint;
import io.unitsmith.agent.kind.Workloads;
import io.unitsmith.agent.source.InvalidManifests;
import io.unitsmith.agent.source.Manifests;
import io.unitsmith.agent.source.Manifests.Manifest;
import io.unitsmith.agent.workload.Header;
import io.unitsmith.agent.workload.Rendering;
import io.unitsmith.agent.workload.Workload;
import io.unitsmith.api.v1alpha1.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what manifests would put on this host, and touches nothing of it. */
@Command(name = "render", description = "Write the files that manifests become on this host to a folder.")
final class RenderCommand implements Callable<Integer> {

    @Option(
            names = {"-f", "--filename"},
            required = true,
            description = "A file of manifests; several are read together.")
    private List<Path> manifests = List.of();

    @Option(names = "--output-dir", required = true, description = "The folder to write to; it is made.")
    private Path output = Path.of("");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InvalidManifests {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Path manifest : manifests) {
            texts.put(manifest.toString(), Files.readString(manifest));
        }
        List<Workload> workloads = new ArrayList<>();
        for (Manifest manifest : Manifests.read(texts)) {
            workloads.add(Workloads.of(manifest.workload(), manifest.content(), manifest.secret()));
        }
        Machine machine = Machine.here();
        HostFacts facts = machine.facts(workloads, Map.of());
        Ceiling ceiling = RunCommand.ceiling(machine.files());
        Files.createDirectories(output);
        AtomicFiles files = new AtomicFiles(output.toAbsolutePath().normalize(), Checkpoint.NONE);
        boolean refused = false;
        for (Workload workload : workloads) {
            List<Problem> problems = new ArrayList<>(ceiling.check(workload.claims(), facts));
            switch (workload.render(facts)) {
                case Workload.Refused(List<Problem> more) -> problems.addAll(more);
                case Workload.Rendered(Rendering rendering) when problems.isEmpty() -> write(files, rendering);
                case Workload.Rendered denied -> {}
            }
            for (Problem problem : problems) {
                refused = true;
                spec.commandLine()
                        .getErr()
                        .printf("%s: %s: %s%n", Header.title(workload.reference()), problem.reason(), problem.text());
            }
        }
        return refused ? 1 : 0;
    }

    /** Readable by whom calls alone: there may be credentials among them. */
    private void write(AtomicFiles files, Rendering rendering) throws IOException {
        for (Rendering.Entry entry : rendering.entries()) {
            for (String folder : files.missingFolders(entry.path())) {
                files.makeFolder(folder, 0700);
            }
            switch (entry) {
                case Rendering.File file ->
                    files.write(file.path(), file.content().getBytes(StandardCharsets.UTF_8), file.mode() & 0700, null);
                case Rendering.Link link -> files.link(link.path(), link.target());
            }
            spec.commandLine().getOut().println(files.at(entry.path()));
        }
    }
}
