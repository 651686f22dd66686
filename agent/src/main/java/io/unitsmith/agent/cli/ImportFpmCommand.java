package io.unitsmith.agent.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.unitsmith.agent.migrate.ConfigFiles;
import io.unitsmith.agent.migrate.FpmImport;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Turns pool files of PHP-FPM into PhpFpmPools. Exit code 1: something there is for a person to decide. */
@Command(
        name = "fpm",
        description = "Write the PhpFpmPools that pool files of PHP-FPM become, and tell what is not as it was."
                + " Nothing is touched.")
final class ImportFpmCommand implements Callable<Integer> {

    private final ConfigFiles files;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "A pool file, or a php-fpm.conf with what it includes.")
    private List<String> paths = List.of();

    @Option(
            names = "--php-version",
            paramLabel = "VERSION",
            description = "The PHP version of all pools, such as 8.4; by default a folder of the path says it.")
    private @Nullable String phpVersion;

    @Mixin
    private ImportOutput output = new ImportOutput();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ImportFpmCommand() {
        this(new DiskConfigFiles(Path.of("/")));
    }

    ImportFpmCommand(ConfigFiles files) {
        this.files = files;
    }

    @Override
    public Integer call() throws JsonProcessingException {
        if (phpVersion != null && !phpVersion.matches("[0-9]{1,2}\\.[0-9]{1,2}")) {
            throw new ParameterException(
                    spec.commandLine(), "--php-version: \"%s\" is not major.minor, such as 8.4".formatted(phpVersion));
        }
        return output.print(FpmImport.of(paths, files, phpVersion, output.namespace()));
    }
}
