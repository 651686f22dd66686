package io.unitsmith.agent.migrate;

import java.util.List;

/** The files that a configuration is in. */
public interface ConfigFiles {

    /**
     * A file's text.
     *
     * @throws Missing if it cannot be read; it says why
     */
    String read(String path) throws Missing;

    /** The files that match a pattern as glob(3) understands it, in its order; no folders. */
    List<String> glob(String pattern);

    /** A file that cannot be read. */
    final class Missing extends Exception {

        private final String why;

        /** @param why such as {@code is not there} */
        public Missing(String why) {
            super(why);
            this.why = why;
        }

        public String why() {
            return why;
        }
    }
}
