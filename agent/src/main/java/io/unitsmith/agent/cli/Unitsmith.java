package io.unitsmith.agent.cli;

import io.unitsmith.agent.source.InvalidManifests;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

/** Unitsmith on a host. Exit codes: 0 done, 1 failed, 2 wrong usage or an invalid manifest, 3 not converged in time. */
@Command(
        name = "unitsmith",
        description = "Turns Kubernetes custom resources into systemd units on this host.",
        subcommands = {
            JoinCommand.class,
            RunCommand.class,
            PlanCommand.class,
            ApplyCommand.class,
            DeleteCommand.class,
            StatusCommand.class,
            RenderCommand.class,
            ImportCommand.class,
            VersionCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Unitsmith {

    private Unitsmith() {}

    public static void main(String[] arguments) {
        Logging.toJournal();
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return handling(new CommandLine(new Unitsmith()));
    }

    /** With a sentence, and no trace, for what goes wrong. */
    static CommandLine handling(CommandLine line) {
        return line.setExecutionExceptionHandler((e, command, parsed) -> {
            command.getErr().println("unitsmith: " + e.getMessage());
            return e instanceof InvalidManifests ? ExitCode.USAGE : ExitCode.SOFTWARE;
        });
    }
}
