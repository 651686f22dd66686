package io.unitsmith.agent.plan;

import io.unitsmith.agent.workload.Rendering.Effect;
import io.unitsmith.agent.workload.Rendering.Layer;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.Names;
import io.unitsmith.api.v1alpha1.RemoteMountSpec.UnmountPolicy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the agent has made on this host. It is written before the host is touched, so it lists everything that may be
 * there; what it does not list is somebody else's, and is never changed or removed.
 *
 * @param assignments by the name of their HostAssignment
 * @param folders folders that were not there before, to be removed once they are empty
 */
public record Ledger(int version, Map<String, Applied> assignments, Set<String> folders) {

    /** The version of the format that this agent writes. */
    public static final int VERSION = 2;

    public static final Ledger EMPTY = new Ledger(VERSION, Map.of(), Set.of());

    public Ledger(int version, Map<String, Applied> assignments, Set<String> folders) {
        this.version = version;
        this.assignments = new TreeMap<>(assignments);
        this.folders = new TreeSet<>(folders);
    }

    /**
     * One workload on this host.
     *
     * @param revision the revision in force; null until the first one is applied in full
     * @param claims what no other workload of this host can have
     * @param retiring units of an earlier revision that have to go
     * @param pending what the units need since their files were changed; null once everything is done
     * @param proof what the units have to show before this counts as good; null once they have
     * @param unmount how a payload that is mounted is taken away; null where that is gracefully
     */
    public record Applied(
            WorkloadReference workload,
            @Nullable String revision,
            @Nullable String secret,
            String trigger,
            String payload,
            Set<String> claims,
            List<Made> entries,
            Set<String> retiring,
            @Nullable Effect pending,
            @Nullable Proof proof,
            @Nullable UnmountPolicy unmount) {

        public Applied(
                WorkloadReference workload,
                @Nullable String revision,
                @Nullable String secret,
                String trigger,
                String payload,
                Set<String> claims,
                List<Made> entries,
                Set<String> retiring,
                @Nullable Effect pending,
                @Nullable Proof proof,
                @Nullable UnmountPolicy unmount) {
            this.workload = workload;
            this.revision = revision;
            this.secret = secret;
            this.trigger = trigger;
            this.payload = payload;
            this.claims = new TreeSet<>(claims);
            this.entries = List.copyOf(entries);
            this.retiring = new TreeSet<>(retiring);
            this.pending = pending;
            this.proof = proof;
            this.unmount = unmount == UnmountPolicy.GRACEFUL ? null : unmount; // as earlier agents have it
        }

        /** One whose payload is taken away gracefully. */
        public Applied(
                WorkloadReference workload,
                @Nullable String revision,
                @Nullable String secret,
                String trigger,
                String payload,
                Set<String> claims,
                List<Made> entries,
                Set<String> retiring,
                @Nullable Effect pending,
                @Nullable Proof proof) {
            this(workload, revision, secret, trigger, payload, claims, entries, retiring, pending, proof, null);
        }

        Applied underWay(List<Made> entriesThen, Set<String> retiringThen, @Nullable Effect pendingThen) {
            return new Applied(
                    workload,
                    revision,
                    secret,
                    trigger,
                    payload,
                    claims,
                    entriesThen,
                    retiringThen,
                    pendingThen,
                    proof,
                    unmount);
        }

        /** The same, with this still to be done to its units. */
        public Applied needing(Effect effect) {
            Effect most = pending != null && pending.compareTo(effect) > 0 ? pending : effect;
            return underWay(entries, retiring, most);
        }

        /** The same, as another revision that asks for the same. */
        public Applied inForce(@Nullable String revisionThen, @Nullable String secretThen) {
            return new Applied(
                    workload,
                    revisionThen,
                    secretThen,
                    trigger,
                    payload,
                    claims,
                    entries,
                    retiring,
                    pending,
                    proof,
                    unmount);
        }

        /** The same with another proof to give, or none. */
        public Applied proving(@Nullable Proof proofThen) {
            return new Applied(
                    workload, revision, secret, trigger, payload, claims, entries, retiring, pending, proofThen,
                    unmount);
        }

        /** The same, with what the units need. */
        public Applied withPending(@Nullable Effect needed) {
            return underWay(entries, retiring, needed);
        }

        /** Of all entries but credentials, which nobody is to guess from it; the same wherever the same was written. */
        public String hash() {
            return Names.hash(entries.stream()
                            .filter(made -> made.layer() != Layer.CREDENTIAL)
                            .map(made -> made.path() + " " + made.fingerprint())
                            .sorted()
                            .collect(Collectors.joining("\n")))
                    .substring(0, 12);
        }

        /** What the files with credentials are, by their paths; says nothing of what is in them. */
        public Map<String, String> credentials() {
            return credentials(entries);
        }

        static Map<String, String> credentials(List<Made> made) {
            return made.stream()
                    .filter(one -> one.layer() == Layer.CREDENTIAL)
                    .collect(Collectors.toMap(Made::path, Made::fingerprint));
        }

        /** Whether these entries, in this form, are what was applied. */
        public boolean holds(List<Made> others) {
            return pending == null && Set.copyOf(entries).equals(Set.copyOf(others));
        }

        /** The same, whatever the limits of its user are. */
        public boolean holdsButForSlices(List<Made> others) {
            return pending == null && withoutSlices(entries).equals(withoutSlices(others));
        }

        private static Set<Made> withoutSlices(List<Made> made) {
            return made.stream().filter(one -> one.layer() != Layer.SLICE).collect(Collectors.toSet());
        }
    }

    /**
     * What was well before a change, and has to be so after it.
     *
     * @param since when the change began, as {@link java.time.Instant#toString}
     * @param served the units that were active then
     * @param image of the payload's process then, which a reload replaces; null if there was none
     */
    public record Proof(
            String since, Set<String> served, @Nullable String image) {

        public Proof(String since, Set<String> served, @Nullable String image) {
            this.since = since;
            this.served = new TreeSet<>(served);
            this.image = image;
        }
    }

    /**
     * An entry as it was, or is to be, written.
     *
     * @param fingerprint of its content, mode and readers, or of the link's target
     */
    public record Made(String path, Layer layer, Effect effect, String fingerprint) {}

    /** Whether the agent made what is at this path. */
    public boolean owns(String path) {
        return assignments.values().stream()
                .flatMap(applied -> applied.entries().stream())
                .anyMatch(made -> made.path().equals(path));
    }

    /** Whether there is a folder that nothing of it is in any more. */
    public boolean hasIdleFolders() {
        Set<String> used = new TreeSet<>();
        assignments.values().forEach(applied -> applied.entries().forEach(made -> used.add(made.path())));
        return folders.stream().anyMatch(folder -> used.stream().noneMatch(path -> path.startsWith(folder + "/")));
    }

    public Ledger with(String assignment, Applied applied) {
        Map<String, Applied> changed = new HashMap<>(assignments);
        changed.put(assignment, applied);
        return new Ledger(version, changed, folders);
    }

    public Ledger without(String assignment) {
        Map<String, Applied> changed = new HashMap<>(assignments);
        changed.remove(assignment);
        return new Ledger(version, changed, folders);
    }

    public Ledger withFolders(Set<String> changed) {
        return new Ledger(version, assignments, changed);
    }
}
