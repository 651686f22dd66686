package io.unitsmith.agent.migrate;

import java.util.List;
import java.util.Map;

/**
 * A workload that a manifest can have.
 *
 * @param title what it was called
 * @param place where it was defined
 * @param spec what there is to say of it, defaults among that
 * @param secret what its Secret is to hold; empty if it needs none
 * @param notes what is not as it was; never with a credential
 */
public record Imported(
        String kind,
        String namespace,
        String name,
        String title,
        Place place,
        Object spec,
        Map<String, String> secret,
        List<Note> notes) {

    /** How the Secret of a workload of this name is called. */
    public static String secretName(String workload) {
        return workload + "-credentials";
    }
}
