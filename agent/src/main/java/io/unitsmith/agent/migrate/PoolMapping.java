package io.unitsmith.agent.migrate;

import io.unitsmith.agent.migrate.Configuration.Pool;
import io.unitsmith.agent.migrate.FpmDirective.Scope;
import io.unitsmith.agent.migrate.Note.Kind;
import io.unitsmith.api.v1alpha1.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** One pool of a configuration, and what a PhpFpmPool makes of it. */
final class PoolMapping {

    private static final int LONGEST_GRACE = 600;

    /** That of a master which systemd starts. */
    private static final String UMASK = "0022";

    private static final List<FpmDirective> WITHOUT_FIELD = List.of(
            FpmDirective.PREFIX,
            FpmDirective.PROCESS_PRIORITY,
            FpmDirective.PROCESS_DUMPABLE,
            FpmDirective.APPARMOR_HAT);

    private final Pool pool;
    private final Draft draft;
    private final Draft global;
    private final @Nullable String version;
    private final String namespace;
    private final String name;
    private final List<Note> notes;

    /** @param notes where everything is told that is not as it was */
    PoolMapping(Pool pool, Draft global, @Nullable String version, String namespace, String name, List<Note> notes) {
        this.pool = pool;
        this.draft = new Draft(Scope.POOL, pool.name(), pool.lines(), version, notes);
        this.global = global;
        this.version = version;
        this.namespace = namespace;
        this.name = name;
        this.notes = notes;
    }

    /** Why there can be no pool; empty if there can be one. */
    List<String> map() {
        List<String> refusals = new ArrayList<>();
        if (!name.equals(pool.name())) {
            notes.add(new Note(
                    pool.place(),
                    Kind.CHANGED,
                    "[%s]".formatted(pool.name()),
                    "the pool's name is %s".formatted(name)));
        }
        var socket = new SocketMapping(draft, Names.socketPath(namespace, name));
        @Nullable String user = socket.mapUser();
        if (user == null) {
            refusals.add("it needs a user of its own: user = NAME");
        }
        if (version == null) {
            refusals.add("no folder of its path is a PHP version such as 8.4: give --php-version");
        } else {
            draft.spec().set("spec.phpVersion", version);
        }
        socket.map(user);
        @Nullable String fault = new ProcessMapping(draft).map();
        if (fault != null) {
            refusals.add("PHP-FPM would not start: " + fault);
        }
        mapGracePeriod();
        var paths = new Paths(draft.text(FpmDirective.PREFIX));
        new LogMapping(draft, "/var/log/unitsmith/" + Names.instance(namespace, name)).map();
        new MonitoringMapping(draft, version, Names.instance(namespace, name)).map();
        new LimitMapping(draft, global, paths).map();
        new SettingMapping(draft, paths).map();
        draft.spec().set("spec.hardening.umask", UMASK);
        WITHOUT_FIELD.forEach(draft::drop);
        return refusals;
    }

    Map<String, Object> spec() {
        return draft.spec().toMap();
    }

    private void mapGracePeriod() {
        OptionalInt seconds = global.seconds(FpmDirective.PROCESS_CONTROL_TIMEOUT);
        if (seconds.isEmpty()) {
            return;
        }
        if (seconds.getAsInt() < 1) {
            global.changed(
                    Objects.requireNonNull(global.line(FpmDirective.PROCESS_CONTROL_TIMEOUT)),
                    "running requests would be cut off: they have 30s");
            return;
        }
        draft.set(
                FpmDirective.PROCESS_CONTROL_TIMEOUT,
                ProcessMapping.duration(
                        global, FpmDirective.PROCESS_CONTROL_TIMEOUT, seconds.getAsInt(), LONGEST_GRACE));
    }
}
