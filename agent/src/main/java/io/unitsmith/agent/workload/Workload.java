package io.unitsmith.agent.workload;

import io.unitsmith.agent.facts.HostFacts;
import io.unitsmith.agent.facts.Processes;
import io.unitsmith.agent.unit.UnitState;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.Problem;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One revision of one workload, of whatever kind. All answers are pure functions of what it was made from. */
public interface Workload {

    WorkloadReference reference();

    /** The UNIX users whose facts {@link #render} needs. */
    Set<String> users();

    /** The UNIX groups whose facts {@link #render} needs. */
    Set<String> groups();

    /** What the host's owner has to allow for this: the ceiling is asked before anything is rendered. */
    Claims claims();

    /** Whether unit files of somebody else's are taken over where its own have to be. */
    default boolean adopts() {
        return false;
    }

    /** Whether its mount points are to be folders without anything in them, which a mount would hide. */
    default boolean needsEmptyMountPoints() {
        return false;
    }

    /** What has to be in force on the host before this. */
    default List<Requirement> requires() {
        return List.of();
    }

    /** The unit that has to be active for whoever requires this; empty for what nobody can require. */
    default Optional<String> offers() {
        return Optional.empty();
    }

    /** What belongs on a host with these facts, or why that host cannot have it. */
    Outcome render(HostFacts facts);

    /** The exact version of PHP that its payload runs there; empty for what runs none, or where there is none. */
    default Optional<String> phpVersion(HostFacts facts) {
        return Optional.empty();
    }

    /**
     * How the workload fares.
     *
     * @param trigger the state of {@link Rendering#trigger}
     * @param payload the state of {@link Rendering#payload}
     * @param sight of the payload; null for one that is not mounted
     */
    Health judge(UnitState trigger, UnitState payload, @Nullable Sight sight);

    /** How the server of the payload is watched; empty for a payload that has none, and if what is asked for cannot be read. */
    default Optional<Watch> watch() {
        return Optional.empty();
    }

    /**
     * The use that is made of the payload; empty if nothing can be seen of it.
     *
     * @param payload the state of {@link Rendering#payload}, which is active
     * @param processes what its processes do
     */
    default Optional<Use> use(UnitState payload, Processes processes) {
        return Optional.empty();
    }

    /**
     * Another workload, of the same host.
     *
     * @param field of the spec that says so
     */
    record Requirement(String field, String kind, String namespace, String name) {

        /** Whether that is what is required. */
        public boolean isMetBy(WorkloadReference workload) {
            return workload.kind().equals(kind)
                    && workload.namespace().equals(namespace)
                    && workload.name().equals(name);
        }

        @Override
        public String toString() {
            return kind + " " + namespace + "/" + name;
        }
    }

    /** Either a rendering or the problems that stand against it. */
    sealed interface Outcome {}

    record Rendered(Rendering rendering) implements Outcome {}

    record Refused(List<Problem> problems) implements Outcome {}
}
