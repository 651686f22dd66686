package io.unitsmith.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** How a running pool takes up another configuration; neither way loses a request. */
public record Reload(
        @JsonPropertyDescription(
                "Reload: PHP-FPM reads its configuration anew. Restart: it stops, and the next request starts it, which empties OPcache and APCu for certain.")
        @Default("Reload")
        Strategy strategy,

        @JsonPropertyDescription(
                "How long running requests may go on when PHP-FPM stops or reloads; what is not done by then is cut off. Whole seconds.")
        @Default("30s")
        @Size(max = 16)
        @ValidationRule(value = Rules.FROM_1S_TO_10M, message = Rules.FROM_1S_TO_10M_MESSAGE)
        String gracePeriod) {

    static final Reload DEFAULT = new Reload(Strategy.RELOAD, "30s");

    /** The two ways. */
    public enum Strategy {
        @JsonProperty("Reload")
        RELOAD,
        @JsonProperty("Restart")
        RESTART
    }
}
