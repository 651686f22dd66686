package io.unitsmith.agent.cli;

import io.unitsmith.agent.preview.Preview;
import io.unitsmith.agent.source.Assigning;
import io.unitsmith.agent.source.DesiredState;
import io.unitsmith.agent.source.InvalidManifests;
import io.unitsmith.agent.source.Manifests;
import io.unitsmith.agent.source.Manifests.Reading;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what manifests would change on this host, joined or not, and touches nothing at all. */
@Command(
        name = "plan",
        description = "Show what these manifests would change on this host: files, units, and what clients notice."
                + " Nothing is touched.")
final class PlanCommand implements Callable<Integer> {

    private final Machine machine;

    @Mixin
    private ManifestOptions options = new ManifestOptions();

    @Option(names = "--output", defaultValue = "table", description = "${COMPLETION-CANDIDATES}")
    private Format format = Format.table;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    PlanCommand() {
        this(Machine.here());
    }

    PlanCommand(Machine machine) {
        this.machine = machine;
    }

    @Override
    public Integer call() throws IOException, InvalidManifests {
        Reading reading = Manifests.sound(options.read());
        Reading there = machine.hasJoined()
                ? Reading.NOTHING
                : machine.manifests().read().orElse(Reading.NOTHING);
        DesiredState then = DesiredState.of(Assigning.with(machine.asked(), reading.workloadsBeside(there)));
        Preview preview = machine.foresight().of(then);
        spec.commandLine().getOut().print(format.of(preview, () -> PlanText.of(preview)));
        spec.commandLine().getOut().flush();
        return 0;
    }
}
