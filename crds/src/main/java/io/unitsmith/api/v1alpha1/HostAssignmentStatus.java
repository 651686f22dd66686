package io.unitsmith.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a host's agent reports about one workload. At most 2 KiB. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HostAssignmentStatus(
        @JsonPropertyDescription("What is enforced.") @Nullable
        Live live,

        @JsonPropertyDescription("What the check of the staged revision found.") @Nullable
        Staged staged) {

    /** What is enforced. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Live(
            @JsonPropertyDescription("The revision that is in force on the host; absent where none is.")
            @Size(max = 253)
            @Nullable
            String revision,

            @JsonPropertyDescription("The Secret that is in force.") @Size(max = 253) @Nullable
            String secret,

            @JsonPropertyDescription("The state in one word.") @Required
            State state,

            @JsonPropertyDescription("Since when the state is that.") @Required @Size(max = 64)
            String since,

            @JsonPropertyDescription(
                    "The exact version of PHP that is installed for a pool. Where its master still runs another one, condition Drifted says so.")
            @Size(max = 64)
            @Nullable
            String phpVersion,

            @JsonPropertyDescription(
                    "Of all that was written on the host for this workload, but credentials: hosts that are alike have the same one.")
            @Size(max = 64)
            @Nullable
            String hash,

            @JsonPropertyDescription(
                    "Ready: whether the workload serves, and is what the operator asks for. Mounted: whether a mount is mounted."
                            + " Drifted: whether somebody has changed it on the host. OutOfMemory: whether the kernel has killed"
                            + " processes of a pool within the last hour, since its memory was used up.")
            @Size(max = 8)
            @Nullable
            List<Condition> conditions,

            @JsonPropertyDescription("What is mounted now; absent where nothing is.") @Nullable
            Mount mount) {

        /** The same, with what is mounted. */
        public Live with(@Nullable Mount mounted) {
            return new Live(revision, secret, state, since, phpVersion, hash, conditions, mounted);
        }
    }

    /** What is mounted, as the kernel of the host has it. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Mount(
            @JsonPropertyDescription("The source.") @Required @Size(max = 256)
            String source,

            @JsonPropertyDescription("The server's own address, where the kernel knows it.") @Size(max = 64) @Nullable
            String address,

            @JsonPropertyDescription("The options in effect, without secrets.") @Required @Size(max = 384)
            String options,

            @JsonPropertyDescription(
                    "How much of it is free, when the server was last asked whether it answers: 87% of 252 GiB.")
            @Size(max = 64)
            @Nullable
            String free) {}

    /** A workload on one host. */
    public enum State {
        /** A pool's master runs, a mount waits for its first access. */
        @JsonProperty("Ready")
        READY,
        /** A pool's socket listens, and its master is not running. */
        @JsonProperty("Idle")
        IDLE,
        /** A mount is mounted. */
        @JsonProperty("Mounted")
        MOUNTED,
        /** A mount is mounted, and its server does not answer. */
        @JsonProperty("Hung")
        HUNG,
        @JsonProperty("Failed")
        FAILED,
        /** Nothing of it is left on the host. */
        @JsonProperty("Removed")
        REMOVED;

        /** Whether nobody is served, though somebody is to be. */
        public boolean isTrouble() {
            return this == FAILED || this == HUNG;
        }

        /** As it stands in the API, such as {@code Ready}. */
        public String text() {
            return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
        }
    }

    /** What a check found. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Staged(
            @JsonPropertyDescription("The revision that was checked.") @Required @Size(max = 253)
            String revision,

            @JsonPropertyDescription("The Secret that it was checked with.") @Size(max = 253) @Nullable
            String secret,

            @JsonPropertyDescription("Accepted, or Rejected with problems.") @Required
            Verdict state,

            @JsonPropertyDescription(
                    "What going live would do to the units that run, at most: none, reload, restart, remount or stop.")
            @Size(max = 16)
            @Nullable
            String impact,

            @JsonPropertyDescription("What going live would do, in part: to units that run, then to files.")
            @Size(max = 6)
            @Nullable
            List<@Size(max = 120) String> plan,

            @JsonPropertyDescription("Why it was rejected.") @Size(max = 4) @Nullable
            List<Problem> problems) {}

    /** The outcome of a check. */
    public enum Verdict {
        @JsonProperty("Accepted")
        ACCEPTED,
        @JsonProperty("Rejected")
        REJECTED
    }
}
