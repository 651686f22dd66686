package io.unitsmith.agent.source;

import java.io.IOException;

/** Where the desired state comes from. */
public interface Source {

    /** The desired state as it is known now; that of the last run until there is a newer one. */
    DesiredState current() throws IOException;

    /** Has this run whenever the desired state may have changed. */
    void onChange(Runnable listener);
}
