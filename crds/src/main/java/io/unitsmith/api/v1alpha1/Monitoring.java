package io.unitsmith.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** PHP-FPM's own pages about a pool. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!has(self.pingResponse) || has(self.pingPath)",
        fieldPath = ".pingResponse",
        message = "goes with pingPath: give that too, or leave this out")
@ValidationRule(
        value = "!has(self.statusPath) || !has(self.pingPath) || self.statusPath != self.pingPath",
        fieldPath = ".pingPath",
        message = "is the statusPath too: give another path")
public record Monitoring(
        @JsonPropertyDescription("PHP-FPM tells its status to requests for this path, such as /status.")
        @Size(min = 2, max = 128)
        @ValidationRule(value = Rules.PAGE_PATH, message = Rules.PAGE_PATH_MESSAGE)
        @Nullable
        String statusPath,

        @JsonPropertyDescription(
                "Whether the status is told at /run/unitsmith/status/<namespace>.<name>/fpm.sock too, where asking neither starts the pool nor keeps it from being idle; PHP 8.0 and newer.")
        @Default("true")
        Boolean statusSocket,

        @JsonPropertyDescription(
                "PHP-FPM answers requests for this path by itself, such as /ping. As all requests it starts an idle pool.")
        @Size(min = 2, max = 128)
        @ValidationRule(value = Rules.PAGE_PATH, message = Rules.PAGE_PATH_MESSAGE)
        @Nullable
        String pingPath,

        @JsonPropertyDescription("What it answers; by default pong.")
        @Size(min = 1, max = 256)
        @ValidationRule(value = Rules.INI_TEXT, message = Rules.INI_TEXT_MESSAGE)
        @Nullable
        String pingResponse) {

    static final Monitoring NONE = new Monitoring(null, true, null, null);

    /** Null is what an operator says that is older than the field: it means the default. */
    public Monitoring(
            @Nullable String statusPath,
            @Nullable Boolean statusSocket,
            @Nullable String pingPath,
            @Nullable String pingResponse) {
        this.statusPath = statusPath;
        this.statusSocket = !Boolean.FALSE.equals(statusSocket);
        this.pingPath = pingPath;
        this.pingResponse = pingResponse;
    }

    /** Whether there is a socket for the status alone. */
    public boolean hasStatusSocket() {
        return statusPath != null && statusSocket;
    }
}
