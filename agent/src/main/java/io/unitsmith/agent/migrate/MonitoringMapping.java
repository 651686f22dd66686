package io.unitsmith.agent.migrate;

import static io.unitsmith.agent.migrate.FpmDirective.PING_PATH;
import static io.unitsmith.agent.migrate.FpmDirective.PING_RESPONSE;
import static io.unitsmith.agent.migrate.FpmDirective.PM_STATUS_LISTEN;
import static io.unitsmith.agent.migrate.FpmDirective.PM_STATUS_PATH;

import io.unitsmith.agent.migrate.Configuration.Line;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** PHP-FPM's own pages about a pool. */
final class MonitoringMapping {

    /** What PHP-FPM starts with (fpm_conf.c). */
    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9/_.~-]+");

    private static final int LONGEST_PATH = 128;
    private static final int LONGEST_RESPONSE = 256;
    private static final String PATH_WITHOUT_ANY = "/status";

    private final Draft draft;
    private final @Nullable String version;
    private final String instance;

    /**
     * Those of one pool.
     *
     * @param version the PHP version it is for, as far as that is known
     * @param instance the name after the @ of its units
     */
    MonitoringMapping(Draft draft, @Nullable String version, String instance) {
        this.draft = draft;
        this.version = version;
        this.instance = instance;
    }

    void map() {
        @Nullable String status = mapStatus();
        @Nullable String ping = path(PING_PATH);
        @Nullable Line line = draft.line(PING_PATH);
        if (ping != null && line != null && ping.equals(status)) {
            draft.dropped(line, "it is the status path too: give it another one");
            ping = null;
        } else if (ping != null) {
            draft.set(PING_PATH, ping);
        }
        mapResponse(ping);
    }

    private @Nullable String mapStatus() {
        @Nullable String status = path(PM_STATUS_PATH);
        @Nullable Line listen = draft.text(PM_STATUS_LISTEN) == null ? null : draft.line(PM_STATUS_LISTEN);
        if (listen != null) {
            String path = status == null ? ", and the path there is " + PATH_WITHOUT_ANY : "";
            draft.changed(listen, "the socket is /run/unitsmith/status/%s/fpm.sock%s".formatted(instance, path));
            status = status == null ? PATH_WITHOUT_ANY : status;
        }
        if (status != null) {
            draft.set(PM_STATUS_PATH, status);
            if (version != null && !PM_STATUS_LISTEN.isKnownTo(version)) {
                draft.set(PM_STATUS_LISTEN, false);
            }
        }
        return status;
    }

    private void mapResponse(@Nullable String ping) {
        @Nullable String response = draft.text(PING_RESPONSE);
        @Nullable Line line = draft.line(PING_RESPONSE);
        if (response == null || line == null) {
            return;
        }
        if (ping == null) {
            draft.dropped(line, "without ping.path nobody can ask for it");
        } else if (response.length() > LONGEST_RESPONSE) {
            draft.dropped(line, "it is longer than %d characters: the answer is pong".formatted(LONGEST_RESPONSE));
        } else {
            draft.set(PING_RESPONSE, response);
        }
    }

    private @Nullable String path(FpmDirective directive) {
        @Nullable String path = draft.text(directive);
        @Nullable Line line = draft.line(directive);
        if (path == null || line == null) {
            return null;
        }
        if (!PATH.matcher(path).matches()) {
            draft.error(
                    line, "PHP-FPM does not start with it: a path is / and then letters, digits, and any of / _ . ~ -");
            return null;
        }
        if (path.length() > LONGEST_PATH) {
            draft.dropped(line, "it is longer than %d characters".formatted(LONGEST_PATH));
            return null;
        }
        return path;
    }
}
