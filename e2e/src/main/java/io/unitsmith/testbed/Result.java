package io.unitsmith.testbed;

/** How a command ended, and what it said. */
public record Result(String command, int exitCode, String stdout, String stderr) {

    public boolean succeeded() {
        return exitCode == 0;
    }

    /** The standard output without its last line end, of a command that must have succeeded. */
    public String output() {
        if (!succeeded()) {
            throw new IllegalStateException("`%s` ended with %d\n%s%s"
                    .formatted(command, exitCode, stdout, stderr)
                    .strip());
        }
        return stdout.stripTrailing();
    }
}
