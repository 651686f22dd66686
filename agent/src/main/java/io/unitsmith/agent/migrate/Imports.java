package io.unitsmith.agent.migrate;

import io.unitsmith.agent.migrate.Note.Kind;
import java.util.List;
import java.util.stream.Stream;

/**
 * What was found.
 *
 * @param notes those that are of no workload, or of one that no manifest can have
 */
public record Imports(List<Imported> workloads, List<Note> notes) {

    /** All there is to say, workload by workload. */
    public Stream<Note> allNotes() {
        return Stream.concat(workloads.stream().flatMap(workload -> workload.notes().stream()), notes.stream());
    }

    /** Whether there is something that a person has to decide. */
    public boolean hasErrors() {
        return allNotes().anyMatch(note -> note.kind() == Kind.ERROR);
    }
}
