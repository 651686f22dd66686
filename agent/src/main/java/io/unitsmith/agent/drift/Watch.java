package io.unitsmith.agent.drift;

import java.util.Optional;
import java.util.Set;

/** Knows what has changed in folders. */
public interface Watch {

    /** Knows nothing, so that everything is looked at each time. */
    Watch NONE = new Watch() {

        @Override
        public void follow(Set<String> folders) {}

        @Override
        public Optional<Set<String>> changes() {
            return Optional.empty();
        }

        @Override
        public void onChange(Runnable listener) {}
    };

    /** Follows these folders from now on, and no others. One that is not there, or was made anew, has to be given again. */
    void follow(Set<String> folders);

    /** The paths that have changed since this was last asked; empty if any may have. */
    Optional<Set<String>> changes();

    /** Has this run whenever there are changes. */
    void onChange(Runnable listener);
}
