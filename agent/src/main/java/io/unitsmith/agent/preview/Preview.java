package io.unitsmith.agent.preview;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a plan would change on this host.
 *
 * @param refused what this host would not take as it is; nothing of that changes
 * @param files in the order of the steps
 * @param units what is done to units, in order
 * @param impact what becomes of units, and what their clients notice
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Preview(List<Refusal> refused, List<FileChange> files, List<UnitAction> units, List<UnitEffect> impact) {

    /** What it cannot tell beforehand. */
    public static final String UNCHECKED =
            "php-fpm -t and systemd-analyze verify have not been asked: they are before anything is changed";

    /** Why a workload would be refused. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Refusal(
            String workload, String reason, @Nullable String field, String message) {}

    /** What happens to a file or a link. */
    public enum Action {
        CREATE,
        CHANGE,
        DELETE;

        @JsonValue
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One file or link.
     *
     * @param mode as it will be, and who may read it besides root: {@code 0600 +alice}; null for a link, and for what is deleted
     * @param target of a link
     * @param credential whether its content is kept back
     * @param diff as {@code diff -u} has it; null for a link, a credential, and where only mode or readers change
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record FileChange(
            Action action,
            String path,
            @Nullable String mode,
            @Nullable String target,
            boolean credential,
            @Nullable String diff) {}

    /** What systemd is asked to do: {@code start}, {@code stop}, {@code restart} or {@code reload}. */
    public record UnitAction(String action, String unit) {}

    /**
     * What becomes of a unit.
     *
     * @param impact {@code none}, {@code reload}, {@code restart}, {@code remount} or {@code stop}
     * @param notice what its clients notice of it
     */
    public record UnitEffect(String unit, String impact, String notice) {}

    /** Whether nothing would happen. */
    public boolean changesNothing() {
        return files.isEmpty() && units.isEmpty();
    }
}
