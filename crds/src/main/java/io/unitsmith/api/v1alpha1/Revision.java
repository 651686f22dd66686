package io.unitsmith.api.v1alpha1;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A spec without the choice of hosts, which is no part of what a host gets, and a name that is the same for the same
 * spec, however it was written.
 */
public record Revision<S extends WorkloadSpec>(String name, S spec) {

    private static final ObjectMapper CANONICAL = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();
    private static final int NAME_LIMIT = 200;

    /** The revision of a spec. */
    public static <S extends WorkloadSpec> Revision<S> of(String workload, S spec, Class<S> type) {
        ObjectNode tree = CANONICAL.valueToTree(spec);
        tree.remove(List.of("hostSelector", "hostNames"));
        try {
            return new Revision<>(
                    workload.substring(0, Math.min(workload.length(), NAME_LIMIT)) + "-"
                            + Names.hash(tree.toString()).substring(0, 10),
                    CANONICAL.treeToValue(tree, type));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was just written can be read", e);
        }
    }
}
