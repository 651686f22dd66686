package io.unitsmith.agent.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.unitsmith.agent.migrate.ConfigFiles;
import io.unitsmith.agent.migrate.mounts.MountImport;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Turns .mount and .automount units into RemoteMounts. Exit code 1: something there is for a person to decide. */
@Command(
        name = "automount",
        description = "Write the RemoteMounts that units of mounts become, and tell what is not as it was."
                + " Nothing is touched.")
final class ImportAutomountCommand implements Callable<Integer> {

    private final ConfigFiles files;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "A .mount or an .automount; the other one of the two is looked for beside it.")
    private List<String> paths = List.of();

    @Mixin
    private ImportOutput output = new ImportOutput();

    ImportAutomountCommand() {
        this(new DiskConfigFiles(Path.of("/")));
    }

    ImportAutomountCommand(ConfigFiles files) {
        this.files = files;
    }

    @Override
    public Integer call() throws JsonProcessingException {
        return output.print(MountImport.ofUnits(paths, files, output.namespace()));
    }
}
