package io.unitsmith.agent.cli;

import picocli.CommandLine.Command;

/** Turns what a host has already into manifests. */
@Command(
        name = "import",
        description = "Write the manifests of what a host has already. Nothing is touched.",
        subcommands = {ImportFpmCommand.class, ImportFstabCommand.class, ImportAutomountCommand.class})
final class ImportCommand {}
