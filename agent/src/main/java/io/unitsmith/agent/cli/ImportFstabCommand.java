package io.unitsmith.agent.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.unitsmith.agent.migrate.ConfigFiles;
import io.unitsmith.agent.migrate.mounts.MountImport;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Turns lines of fstab(5) into RemoteMounts. Exit code 1: something there is for a person to decide. */
@Command(
        name = "fstab",
        description =
                "Write the RemoteMounts that the remote file systems of an fstab become, and tell what is not as it was."
                        + " Nothing is touched.")
final class ImportFstabCommand implements Callable<Integer> {

    private final ConfigFiles files;

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            defaultValue = "/etc/fstab",
            description = "${DEFAULT-VALUE} without one.")
    private String path = "/etc/fstab";

    @Mixin
    private ImportOutput output = new ImportOutput();

    ImportFstabCommand() {
        this(new DiskConfigFiles(Path.of("/")));
    }

    ImportFstabCommand(ConfigFiles files) {
        this.files = files;
    }

    @Override
    public Integer call() throws JsonProcessingException {
        return output.print(MountImport.ofFstab(path, files, output.namespace()));
    }
}
