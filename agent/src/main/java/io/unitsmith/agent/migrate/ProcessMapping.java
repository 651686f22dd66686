package io.unitsmith.agent.migrate;

import static io.unitsmith.agent.migrate.FpmDirective.PM;
import static io.unitsmith.agent.migrate.FpmDirective.PM_MAX_CHILDREN;
import static io.unitsmith.agent.migrate.FpmDirective.PM_MAX_REQUESTS;
import static io.unitsmith.agent.migrate.FpmDirective.PM_MAX_SPARE_SERVERS;
import static io.unitsmith.agent.migrate.FpmDirective.PM_MAX_SPAWN_RATE;
import static io.unitsmith.agent.migrate.FpmDirective.PM_MIN_SPARE_SERVERS;
import static io.unitsmith.agent.migrate.FpmDirective.PM_PROCESS_IDLE_TIMEOUT;
import static io.unitsmith.agent.migrate.FpmDirective.PM_START_SERVERS;

import io.unitsmith.agent.migrate.Configuration.Line;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** PHP-FPM's process manager. */
final class ProcessMapping {

    private static final int MOST = 10000;
    static final int DAY = 86400;
    private static final Set<String> TYPES = Set.of("static", "dynamic", "ondemand");

    private final Draft draft;

    ProcessMapping(Draft draft) {
        this.draft = draft;
    }

    /** What PHP-FPM would not start with; null if it would. */
    @Nullable
    String map() {
        @Nullable String type = draft.text(PM);
        if (type == null || !TYPES.contains(type.toLowerCase(Locale.ROOT))) {
            return "pm is needed: static, dynamic or ondemand";
        }
        draft.set(PM, type.toLowerCase(Locale.ROOT));
        OptionalInt most = draft.integer(PM_MAX_CHILDREN);
        if (most.isEmpty() || most.getAsInt() < 1) {
            return "pm.max_children is needed, and at least 1";
        }
        draft.set(PM_MAX_CHILDREN, bounded(PM_MAX_CHILDREN, most.getAsInt()));
        OptionalInt requests = draft.integer(PM_MAX_REQUESTS);
        if (requests.isPresent() && requests.getAsInt() < 0) {
            draft.changed(line(PM_MAX_REQUESTS), "it is 0, which is never as well");
        }
        draft.set(PM_MAX_REQUESTS, Math.max(0, requests.orElse(0)));
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "dynamic" -> mapDynamic(most.getAsInt());
            case "ondemand" -> mapOndemand();
            default -> {
                dropDynamics();
                dropUnlessUsed(PM_PROCESS_IDLE_TIMEOUT, "ondemand");
                yield null;
            }
        };
    }

    private @Nullable String mapDynamic(int most) {
        dropUnlessUsed(PM_PROCESS_IDLE_TIMEOUT, "ondemand");
        int least = draft.integer(PM_MIN_SPARE_SERVERS).orElse(0);
        int spare = draft.integer(PM_MAX_SPARE_SERVERS).orElse(0);
        int start = draft.integer(PM_START_SERVERS).orElse(0);
        if (least < 1 || spare < least || spare > most) {
            return "pm.min_spare_servers and pm.max_spare_servers are needed, from 1 to pm.max_children";
        }
        if (start > 0 && (start < least || start > spare)) {
            return "pm.start_servers is from pm.min_spare_servers to pm.max_spare_servers";
        }
        if (start > 0) {
            draft.set(PM_START_SERVERS, bounded(PM_START_SERVERS, start));
        }
        draft.set(PM_MIN_SPARE_SERVERS, bounded(PM_MIN_SPARE_SERVERS, least));
        draft.set(PM_MAX_SPARE_SERVERS, bounded(PM_MAX_SPARE_SERVERS, spare));
        OptionalInt rate = draft.integer(PM_MAX_SPAWN_RATE);
        if (rate.isPresent() && rate.getAsInt() < 1) {
            return "pm.max_spawn_rate is at least 1";
        }
        if (rate.isPresent()) {
            draft.set(PM_MAX_SPAWN_RATE, bounded(PM_MAX_SPAWN_RATE, rate.getAsInt()));
        }
        return null;
    }

    private @Nullable String mapOndemand() {
        dropDynamics();
        OptionalInt timeout = draft.seconds(PM_PROCESS_IDLE_TIMEOUT);
        if (timeout.isPresent() && timeout.getAsInt() < 1) {
            return "pm.process_idle_timeout is at least 1s";
        }
        if (timeout.isPresent()) {
            draft.set(PM_PROCESS_IDLE_TIMEOUT, duration(draft, PM_PROCESS_IDLE_TIMEOUT, timeout.getAsInt(), DAY));
        }
        return null;
    }

    private void dropDynamics() {
        dropUnlessUsed(PM_START_SERVERS, "dynamic");
        dropUnlessUsed(PM_MIN_SPARE_SERVERS, "dynamic");
        dropUnlessUsed(PM_MAX_SPARE_SERVERS, "dynamic");
        dropUnlessUsed(PM_MAX_SPAWN_RATE, "dynamic");
    }

    private void dropUnlessUsed(FpmDirective directive, String type) {
        @Nullable Line line = draft.line(directive);
        if (line != null) {
            draft.dropped(line, "PHP-FPM uses it with pm = %s alone".formatted(type));
        }
    }

    private int bounded(FpmDirective directive, int number) {
        if (number > MOST) {
            draft.changed(line(directive), "it is %d, which is the most".formatted(MOST));
        }
        return Math.min(number, MOST);
    }

    /** A duration as manifests have them; what is longer than the longest is that. */
    static String duration(Draft draft, FpmDirective directive, int seconds, int most) {
        if (seconds > most) {
            draft.changed(
                    Objects.requireNonNull(draft.line(directive)),
                    "it is %d seconds, which is the longest".formatted(most));
        }
        return Math.min(seconds, most) + "s";
    }

    private Line line(FpmDirective directive) {
        return Objects.requireNonNull(draft.line(directive));
    }
}
