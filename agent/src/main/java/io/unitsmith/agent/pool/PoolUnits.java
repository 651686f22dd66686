package io.unitsmith.agent.pool;

import io.unitsmith.agent.facts.HostFacts.User;
import io.unitsmith.agent.unit.HostPath;
import io.unitsmith.agent.unit.UnitFile;
import io.unitsmith.agent.workload.Header;
import io.unitsmith.agent.workload.Rendering.Check;
import io.unitsmith.agent.workload.Rendering.Effect;
import io.unitsmith.agent.workload.Rendering.Entry;
import io.unitsmith.agent.workload.Rendering.File;
import io.unitsmith.agent.workload.Rendering.Layer;
import io.unitsmith.agent.workload.Rendering.Link;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.HostFacts.Php;
import io.unitsmith.api.v1alpha1.Names;
import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The units of a pool: two templates and a slice that all pools share, and two drop-ins of its own.
 *
 * <p>The configuration's path has the PHP version in it. So a switch of versions is one step, that of the drop-in: the
 * running master never sees a configuration that was written for the other version.
 *
 * <p>TasksMax= is left to systemd's default: tied to maxChildren it would make every change of that number replace the
 * master where a reload does.
 */
final class PoolUnits {

    static final String CONFIGS = "/etc/unitsmith/fpm/";

    static final String SYSTEMD = UnitFile.FOLDER + "/";
    private static final String SLICE = "unitsmith.slice";
    private static final String SERVICE_TEMPLATE = "unitsmith-fpm@.service";
    private static final String SOCKET_TEMPLATE = "unitsmith-fpm@.socket";

    /** The folder of the links that start sockets at boot. */
    static final String WANTS = SYSTEMD + "sockets.target.wants/";

    static final Set<String> SHARED = Set.of(SYSTEMD + SLICE, SYSTEMD + SERVICE_TEMPLATE, SYSTEMD + SOCKET_TEMPLATE);

    /** What ProtectHome= hides (systemd.exec(5)). */
    private static final List<String> HIDDEN = List.of("/home", "/root", "/run/user");

    /**
     * ProtectSystem=strict would keep automounts from going idle, ProtectHome=yes would hide the scripts, and all that
     * implies NoNewPrivileges= would break PHP's mail().
     */
    private static final Map<String, String> SANDBOX = new TreeMap<>(Map.of(
            "PrivateTmp", "yes",
            "ProtectSystem", "full",
            "ProtectHome", "tmpfs",
            "ProtectProc", "invisible"));

    private final WorkloadReference workload;
    private final PhpFpmPoolSpec spec;
    private final Php php;
    private final User user;
    private final String instance;

    PoolUnits(WorkloadReference workload, PhpFpmPoolSpec spec, Php php, User user) {
        this.workload = workload;
        this.spec = spec;
        this.php = php;
        this.user = user;
        this.instance = Names.instance(workload.namespace(), workload.name());
    }

    static String socket(String instance) {
        return "unitsmith-fpm@" + instance + ".socket";
    }

    static String service(String instance) {
        return "unitsmith-fpm@" + instance + ".service";
    }

    static String dropIn(String unit) {
        return SYSTEMD + unit + ".d/unitsmith.conf";
    }

    String socket() {
        return socket(instance);
    }

    String service() {
        return service(instance);
    }

    String configPath() {
        return CONFIGS + spec.phpVersion() + "/" + instance + ".conf";
    }

    List<Entry> entries() {
        return List.of(
                file(dropIn(service()), Layer.DROP_IN, Effect.REPLACE_PAYLOAD, serviceDropIn()),
                file(dropIn(socket()), Layer.DROP_IN, Effect.RESTART_TRIGGER, socketDropIn()),
                file(SYSTEMD + SLICE, Layer.PAYLOAD_UNIT, Effect.NONE, slice()),
                file(SYSTEMD + SERVICE_TEMPLATE, Layer.PAYLOAD_UNIT, Effect.REPLACE_PAYLOAD, serviceTemplate()),
                file(SYSTEMD + SOCKET_TEMPLATE, Layer.TRIGGER_UNIT, Effect.RESTART_TRIGGER, socketTemplate()),
                new Link(WANTS + socket(), SYSTEMD + SOCKET_TEMPLATE));
    }

    /** {@code php-fpm -t}, which opens the files that a configuration names: so never as root, and only in the sandbox. */
    Check check(FpmConfig config) {
        String copy = "pool.conf";
        Stream<String> sandbox = SANDBOX.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue());
        return new Check(
                user.name(),
                group(),
                Map.of(copy, config.text()),
                List.of(php.binary(), "-t", "--fpm-config", "{}/" + copy),
                Stream.concat(sandbox, Stream.of("BindPaths=" + UnitFile.literal(UnitFile.optionalBinds(binds()))))
                        .filter(property -> !property.equals("BindPaths="))
                        .toList(),
                new FpmVerdict(spec, config)::explain);
    }

    private static File file(String path, Layer layer, Effect effect, UnitFile unit) {
        return new File(path, layer, effect, unit.text(), 0644, null);
    }

    private static UnitFile slice() {
        return UnitFile.startingWith(Header.shared())
                .section("Unit")
                .set("Description", "Workloads of Unitsmith")
                .set("StopWhenUnneeded", "yes");
    }

    private static UnitFile socketTemplate() {
        return UnitFile.startingWith(Header.shared())
                .section("Unit")
                .setWithSpecifiers("Description", "PHP-FPM socket %i")
                .section("Socket")
                .setWithSpecifiers("ListenStream", "/run/unitsmith/fpm/%i.sock")
                .set("SocketUser", "root")
                .set("SocketMode", "0660")
                .set("DirectoryMode", "0755")
                .set("Accept", "no")
                .set("FlushPending", "no")
                .set("RemoveOnStop", "yes")
                .set("Slice", SLICE)
                .section("Install")
                .set("WantedBy", "sockets.target");
    }

    private static UnitFile serviceTemplate() {
        UnitFile unit = UnitFile.startingWith(Header.shared())
                .section("Unit")
                .setWithSpecifiers("Description", "PHP-FPM master %i")
                .setWithSpecifiers("Requires", "unitsmith-fpm@%i.socket")
                .setWithSpecifiers("After", "unitsmith-fpm@%i.socket network.target")
                .set("StartLimitIntervalSec", "0")
                .section("Service")
                .setWithSpecifiers("Environment", "FPM_SOCKETS=/run/unitsmith/fpm/%i.sock=3")
                .setWithSpecifiers("ExecReload", "/bin/kill -USR2 $MAINPID")
                .set("KillMode", "mixed")
                .set("KillSignal", "SIGQUIT")
                .set("TimeoutStartSec", "30s")
                .set("TimeoutStopSec", FpmConfig.GRACE_SECONDS + 15 + "s")
                .set("Restart", "no")
                .set("OOMPolicy", "continue")
                .set("UMask", "0027")
                .set("LimitCORE", "0")
                .set("LimitNOFILE", "4096")
                .set("Slice", SLICE);
        SANDBOX.forEach(unit::set);
        return unit;
    }

    private UnitFile socketDropIn() {
        return UnitFile.startingWith(Header.of(workload))
                .section("Unit")
                .set("Description", "Socket of " + Header.title(workload))
                .section("Socket")
                .set("SocketGroup", spec.socket().group())
                .set("SocketMode", spec.socket().mode())
                .set("Backlog", spec.socket().backlog().toString());
    }

    private UnitFile serviceDropIn() {
        UnitFile unit = UnitFile.startingWith(Header.of(workload))
                .section("Unit")
                .set("Description", "PHP-FPM %s of %s".formatted(php.version(), Header.title(workload)))
                .section("Service")
                .set("Type", php.notifies() ? "notify" : "exec")
                .set("User", user.name())
                .set("Group", group())
                .set("ExecStart", UnitFile.command(php.binary(), "--nodaemonize", "--fpm-config", configPath()));
        if (!binds().isEmpty()) {
            unit.set("BindPaths", UnitFile.optionalBinds(binds()));
        }
        return unit;
    }

    private String group() {
        return spec.group() != null ? spec.group() : user.group();
    }

    private List<String> binds() {
        return binds(user.home(), spec.chdir());
    }

    /** What the pool sees of the hidden folders. What is not there is php-fpm's to complain about. */
    static List<String> binds(String home, @Nullable String chdir) {
        List<String> binds = new ArrayList<>();
        if (isHidden(home)) {
            binds.add(home);
        }
        if (chdir != null && isHidden(chdir) && !binds.contains(chdir) && !HostPath.isBelow(chdir, home)) {
            binds.add(chdir);
        }
        return binds;
    }

    private static boolean isHidden(String path) {
        return HIDDEN.stream().anyMatch(folder -> HostPath.isBelow(path, folder));
    }
}
