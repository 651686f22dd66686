package io.unitsmith.operator.cluster;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;

/** Writes that were decided on by what a cache knows. */
public final class Writes {

    private Writes() {}

    /**
     * Tries to write; where the object has changed, or come to be, since the decision, nothing is written: its event is
     * on the way, and calls for a new decision.
     */
    public static void unlessOutdated(Runnable write) {
        try {
            write.run();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
        }
    }
}
