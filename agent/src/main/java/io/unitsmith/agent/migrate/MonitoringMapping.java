package io.unitsmith.agent.migrate;

import java.util.List;

/** What tells others how a pool fares. */
final class MonitoringMapping {

    private static final List<FpmDirective> DIRECTIVES = List.of(
            FpmDirective.PM_STATUS_PATH,
            FpmDirective.PM_STATUS_LISTEN,
            FpmDirective.PING_PATH,
            FpmDirective.PING_RESPONSE);

    private final Draft draft;

    MonitoringMapping(Draft draft) {
        this.draft = draft;
    }

    void map() {
        DIRECTIVES.forEach(draft::drop);
    }
}
