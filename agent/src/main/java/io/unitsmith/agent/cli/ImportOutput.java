package io.unitsmith.agent.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.unitsmith.agent.migrate.Imported;
import io.unitsmith.agent.migrate.Imports;
import io.unitsmith.agent.migrate.Note;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What all imports print, and where to: manifests, and on the standard error what is not as it was. */
final class ImportOutput {

    @Option(names = "--namespace", defaultValue = "default", description = "The namespace of all of them.")
    private String namespace = "default";

    @Spec(Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    /** @throws ParameterException if Kubernetes cannot have it */
    String namespace() {
        if (!namespace.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--namespace: \"%s\" is not lower-case letters, digits and -".formatted(namespace));
        }
        return namespace;
    }

    /** The exit code: 1 if there is something that a person has to decide. */
    int print(Imports imports) throws JsonProcessingException {
        List<String> documents = new ArrayList<>();
        for (Imported workload : imports.workloads()) {
            documents.add(ImportedYaml.of(workload));
        }
        spec.commandLine().getOut().print(String.join("---\n", documents));
        spec.commandLine().getOut().flush();
        imports.allNotes().map(Note::toString).forEach(spec.commandLine().getErr()::println);
        return imports.hasErrors() ? 1 : 0;
    }
}
