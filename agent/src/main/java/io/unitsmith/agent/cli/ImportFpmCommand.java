package io.unitsmith.agent.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.unitsmith.agent.migrate.ConfigFiles;
import io.unitsmith.agent.migrate.FpmImport;
import io.unitsmith.agent.migrate.FpmImport.Imported;
import io.unitsmith.agent.migrate.FpmImport.Result;
import io.unitsmith.agent.migrate.Note;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
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

    @Option(names = "--namespace", defaultValue = "default", description = "The namespace of all pools.")
    private String namespace = "default";

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
        check("--php-version", phpVersion, "[0-9]{1,2}\\.[0-9]{1,2}", "major.minor, such as 8.4");
        check("--namespace", namespace, "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", "lower-case letters, digits and -");
        Result result = FpmImport.of(paths, files, phpVersion, namespace);
        List<String> documents = new ArrayList<>();
        for (Imported pool : result.pools()) {
            documents.add(PoolYaml.of(pool));
        }
        spec.commandLine().getOut().print(String.join("---\n", documents));
        spec.commandLine().getOut().flush();
        Stream.concat(result.pools().stream().flatMap(pool -> pool.notes().stream()), result.notes().stream())
                .map(Note::toString)
                .forEach(spec.commandLine().getErr()::println);
        return result.hasErrors() ? 1 : 0;
    }

    private void check(String option, @Nullable String value, String form, String right) {
        if (value != null && !value.matches(form)) {
            throw new ParameterException(spec.commandLine(), "%s: \"%s\" is not %s".formatted(option, value, right));
        }
    }
}
