package io.unitsmith.agent.plan;

import org.jspecify.annotations.Nullable;

/** What is at a path. */
public sealed interface Found {

    /** Nothing. */
    record Nothing() implements Found {}

    /**
     * A regular file.
     *
     * @param mode the permission bits, without what an access control list adds to them
     * @param own whether it belongs to the user that the agent runs as, root
     * @param reader the uid of the one user besides who may read it; null if there is none
     */
    record RegularFile(
            String sha256, int mode, boolean own, @Nullable Long reader) implements Found {}

    /** A symbolic link. */
    record SymbolicLink(String target) implements Found {}

    /** A folder, a device, or a path that leads through a symbolic link: nothing that the agent makes. */
    record Other(String what) implements Found {}
}
