package io.unitsmith.testbed;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A container by its name: what can be done to it from outside. */
public class Container {

    private final String container;

    Container(String container) {
        this.container = container;
    }

    public final String containerName() {
        return container;
    }

    public final Result exec(String... command) {
        return execWithInput("", command);
    }

    public final Result execWithInput(String input, String... command) {
        return Docker.run(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), execArguments(List.of(command)));
    }

    public final Result sh(String script) {
        return exec("sh", "-c", script);
    }

    /** Not below /run or /tmp, which are mounts that the engine does not look into. */
    public void copyTo(Path file, String path) {
        Docker.run("cp", file.toString(), container + ":" + path).output();
    }

    /** Shuts it down in an orderly way; the disk stays. */
    public void stop() {
        Docker.run("stop", "--time", "30", container).output();
    }

    /** A power cut. */
    public final void kill() {
        Docker.run("kill", container).output();
    }

    public void start() {
        Docker.run("start", container).output();
    }

    /** Still there, but answers nothing until {@link #unpause()}. */
    public final void pause() {
        Docker.run("pause", container).output();
    }

    public final void unpause() {
        Docker.run("unpause", container).output();
    }

    public final void remove() {
        Docker.remove(container);
    }

    /** What the engine is to be asked, so that the command runs here. */
    final List<String> execArguments(List<String> command) {
        List<String> arguments = new ArrayList<>(List.of("exec", "--interactive", container));
        arguments.addAll(inside(command));
        return arguments;
    }

    /** What the container runs for a command. */
    List<String> inside(List<String> command) {
        return command;
    }

    final boolean exists() {
        return Docker.run("container", "inspect", container).succeeded();
    }

    final boolean isRunning() {
        return Docker.run("container", "inspect", "--format", "{{.State.Running}}", container)
                .output()
                .equals("true");
    }

    /** Whether it was made from what that image is now. */
    final boolean isOf(String image) {
        String made = Docker.run("container", "inspect", "--format", "{{.Image}}", container)
                .output();
        return made.equals(
                Docker.run("image", "inspect", "--format", "{{.Id}}", image).output());
    }
}
