package io.unitsmith.agent.workload;

import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.RemoteMountSpec.UnmountPolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Everything that one revision of a workload wants on a host.
 *
 * @param entries files and links; entries that several workloads share (templates) are equal in each of them
 * @param trigger the unit that must be active: a socket, an automount, or a mount without automount
 * @param payload the unit that the trigger starts: a service or a mount; may be the trigger itself
 * @param check what must pass before anything live is touched
 * @param trial what must pass before credentials that are live are replaced
 * @param unmount how a payload that is mounted is taken away
 */
public record Rendering(
        List<Entry> entries,
        String trigger,
        String payload,
        Optional<Check> check,
        Optional<Trial> trial,
        UnmountPolicy unmount) {

    /** Of a payload that is not mounted. */
    public Rendering(List<Entry> entries, String trigger, String payload, Optional<Check> check) {
        this(entries, trigger, payload, check, Optional.empty(), UnmountPolicy.GRACEFUL);
    }

    /** A file or a symbolic link on the host. */
    public sealed interface Entry {
        /** Absolute. */
        String path();

        /** Entries are written in this order, and removed in the reverse one. */
        Layer layer();

        /** What has to happen to units that run when this entry is changed. */
        Effect effect();
    }

    /**
     * A regular file, owned by root.
     *
     * @param mode such as 0644
     * @param readableBy a user who may read the file besides root, by a POSIX ACL; null for nobody
     */
    public record File(
            String path,
            Layer layer,
            Effect effect,
            String content,
            int mode,
            @Nullable String readableBy) implements Entry {}

    /** A symbolic link, such as an enablement link in a {@code .wants} folder. */
    public record Link(String path, String target) implements Entry {
        @Override
        public Layer layer() {
            return Layer.LINK;
        }

        @Override
        public Effect effect() {
            return Effect.NONE;
        }
    }

    /** The order of writing: nothing is written before what it refers to. */
    public enum Layer {
        CREDENTIAL,
        CONFIG,
        SLICE,
        DROP_IN,
        PAYLOAD_UNIT,
        TRIGGER_UNIT,
        LINK
    }

    /** What a changed entry asks for, the strongest of all changed entries wins; nothing is done to what does not run. */
    public enum Effect {
        NONE,
        /** Give the socket that listens its new group and mode: nobody is refused. All that follow do so too. */
        ADJUST_TRIGGER,
        /** Reload the payload: it reads its configuration anew and loses no request. */
        RELOAD_PAYLOAD,
        /** Stop the payload gracefully after systemd has read the change; the trigger starts it anew. */
        REPLACE_PAYLOAD,
        /** Stop the payload, and restart the trigger. */
        RESTART_TRIGGER
    }

    /**
     * A command that judges the configuration, run by systemd as the workload's user, in its sandbox, with a deadline, on
     * copies in a throw-away folder.
     *
     * @param user the user to run as
     * @param group the group to run as; null for the user's primary group
     * @param files name to content: the copies, readable by that user
     * @param command absolute program and arguments; {@code {}} in an argument stands for the throw-away folder
     * @param properties what else the transient service has, as in a unit file: {@code BindPaths=/home/alice}
     * @param explain turns the command's output, when it failed, into a problem
     */
    public record Check(
            String user,
            @Nullable String group,
            Map<String, String> files,
            List<String> command,
            List<String> properties,
            Function<String, Problem> explain) {}

    /**
     * A mount with new credentials, seen by nobody, before they take the place of others.
     *
     * @param type as mount(8) takes it
     * @param options as mount(8) takes them; they name the credentials by their paths
     * @param credentials the files, which may name one another; the trial has copies at other paths
     * @param timeout how long it may take, in seconds
     * @param meanwhile what to say as long as it is not known how it went
     * @param explain turns what the mount helper said, when it failed, into a problem
     */
    public record Trial(
            String type,
            String source,
            List<String> options,
            List<File> credentials,
            int timeout,
            Problem meanwhile,
            Function<String, Problem> explain) {}
}
