package io.unitsmith.agent.pool;

import io.unitsmith.agent.facts.HostFacts.User;
import io.unitsmith.agent.unit.UnitFile;
import io.unitsmith.agent.workload.Header;
import io.unitsmith.agent.workload.Rendering.Check;
import io.unitsmith.agent.workload.Rendering.Effect;
import io.unitsmith.agent.workload.Rendering.Entry;
import io.unitsmith.agent.workload.Rendering.File;
import io.unitsmith.agent.workload.Rendering.Layer;
import io.unitsmith.agent.workload.Rendering.Link;
import io.unitsmith.api.v1alpha1.Durations;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.HostFacts.Php;
import io.unitsmith.api.v1alpha1.Names;
import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec;
import io.unitsmith.api.v1alpha1.Reload.Strategy;
import io.unitsmith.api.v1alpha1.Resources;
import io.unitsmith.api.v1alpha1.UserLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The units of a pool: two templates that all pools share, {@link PoolSlices}, and two drop-ins of its own, with what they refer to.
 *
 * <p>The configuration's path has the PHP version in it. So a switch of versions is one step, that of the drop-in: the
 * running master never sees a configuration that was written for the other version.
 *
 * <p>TasksMax= is left to systemd's default: tied to maxChildren it would make every change of that number replace the
 * master where a reload does.
 */
final class PoolUnits {

    static final String CONFIGS = "/etc/unitsmith/fpm/";

    private static final String TMPFILES = ".tmpfiles";

    static final String SYSTEMD = UnitFile.FOLDER + "/";
    private static final String SERVICE_TEMPLATE = "unitsmith-fpm@.service";
    private static final String SOCKET_TEMPLATE = "unitsmith-fpm@.socket";

    /** The folder of the links that start sockets at boot. */
    static final String WANTS = SYSTEMD + "sockets.target.wants/";

    private static final Set<String> TEMPLATES = Set.of(SYSTEMD + SERVICE_TEMPLATE, SYSTEMD + SOCKET_TEMPLATE);

    /** Besides the time that requests may take: what a stop itself takes. */
    private static final int STOP_SECONDS = 15;

    // The template's own; a drop-in says only what differs, so that a new version of the agent replaces no master.
    private static final int TEMPLATE_GRACE_SECONDS = 30;
    private static final String TEMPLATE_UMASK = "0027";
    private static final int TEMPLATE_FILES = 4096;
    private static final String TEMPLATE_CORE = "0";

    private final WorkloadReference workload;
    private final PhpFpmPoolSpec spec;
    private final Php php;
    private final User user;
    private final UserLimits userLimits;
    private final SecretEnvironment secrets;
    private final String instance;
    private final List<String> mounts;
    private final PoolLogs logs;
    private final StatusSocket status;
    private final List<String> folders = new ArrayList<>();
    private final PoolSandbox sandbox;

    /** @param mounts units that have to be active before PHP-FPM starts */
    PoolUnits(
            WorkloadReference workload,
            PhpFpmPoolSpec spec,
            Php php,
            User user,
            UserLimits userLimits,
            SecretEnvironment secrets,
            List<String> mounts) {
        this.workload = workload;
        this.spec = spec;
        this.php = php;
        this.user = user;
        this.userLimits = userLimits;
        this.secrets = secrets;
        this.mounts = mounts;
        this.instance = Names.instance(workload.namespace(), workload.name());
        this.logs = new PoolLogs(spec, instance);
        this.status = new StatusSocket(spec, instance);
        if (!logs.isEmpty()) {
            folders.add(logs.folder());
        }
        if (status.isWanted()) {
            // not its own: ReadWritePaths= mounts what it names, for ExecStopPost=+ too, which could not remove it then
            folders.add(StatusSocket.FOLDERS);
        }
        this.sandbox = new PoolSandbox(spec, user.home(), folders);
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

    /** Whether pools share what is at this path. */
    static boolean isShared(String path) {
        return TEMPLATES.contains(path) || PoolSlices.isFile(path);
    }

    String socket() {
        return socket(instance);
    }

    String service() {
        return service(instance);
    }

    String configPath() {
        return path(".conf");
    }

    private String path(String suffix) {
        return CONFIGS + spec.phpVersion() + "/" + instance + suffix;
    }

    List<Entry> entries(FpmConfig config) {
        List<Entry> entries = new ArrayList<>();
        secrets.file().ifPresent(entries::add);
        Effect reload = spec.reload().strategy() == Strategy.RESTART ? Effect.REPLACE_PAYLOAD : Effect.RELOAD_PAYLOAD;
        entries.add(new File(configPath(), Layer.CONFIG, reload, config.text(), 0600, user.name()));
        if (!folders.isEmpty()) {
            entries.add(new File(path(TMPFILES), Layer.CONFIG, Effect.REPLACE_PAYLOAD, tmpfiles(), 0644, null));
        }
        entries.addAll(PoolSlices.files(user.name(), userLimits));
        entries.addAll(List.of(
                file(dropIn(service()), Layer.DROP_IN, Effect.REPLACE_PAYLOAD, serviceDropIn()),
                file(dropIn(socket()), Layer.DROP_IN, Effect.ADJUST_TRIGGER, socketDropIn()),
                file(SYSTEMD + SERVICE_TEMPLATE, Layer.PAYLOAD_UNIT, Effect.REPLACE_PAYLOAD, serviceTemplate()),
                file(SYSTEMD + SOCKET_TEMPLATE, Layer.TRIGGER_UNIT, Effect.RESTART_TRIGGER, socketTemplate()),
                new Link(WANTS + socket(), SYSTEMD + SOCKET_TEMPLATE)));
        return entries;
    }

    /** {@code php-fpm -t}, which opens the files that a configuration names: so never as root, and only in the sandbox. */
    Check check(FpmConfig config) {
        String copy = "pool.conf";
        return new Check(
                user.name(),
                group(),
                Map.of(copy, config.textForCheck()),
                List.of(php.binary(), "-t", "--fpm-config", "{}/" + copy),
                sandbox.properties(),
                new FpmVerdict(spec, config)::explain);
    }

    private static File file(String path, Layer layer, Effect effect, UnitFile unit) {
        return new File(path, layer, effect, unit.text(), 0644, null);
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
                .set("Slice", PoolSlices.ALL)
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
                .set("TimeoutStopSec", TEMPLATE_GRACE_SECONDS + STOP_SECONDS + "s")
                .set("Restart", "no")
                .set("OOMPolicy", "continue")
                .set("UMask", TEMPLATE_UMASK)
                .set("LimitCORE", TEMPLATE_CORE)
                .set("LimitNOFILE", Integer.toString(TEMPLATE_FILES))
                .set("Slice", PoolSlices.ALL);
        PoolSandbox.STANDARD.forEach(unit::set);
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
                .set("Description", "PHP-FPM %s of %s".formatted(php.version(), Header.title(workload)));
        if (!mounts.isEmpty()) {
            // not RequiresMountsFor=, which would mount what is to be mounted at the first access
            unit.set("Requires", String.join(" ", mounts)).set("After", String.join(" ", mounts));
        }
        unit.section("Service")
                .set("Type", php.notifies() ? "notify" : "exec")
                .set("User", user.name())
                .set("Group", group())
                .set("Slice", PoolSlices.of(user.name()))
                .set("ExecStart", UnitFile.command(command()));
        // the + is for root's rights, and outside of the sandbox: systemd.service(5)
        if (!folders.isEmpty()) {
            unit.set("ExecStartPre", "+" + UnitFile.command("/usr/bin/systemd-tmpfiles", "--create", path(TMPFILES)));
        }
        if (status.isWanted()) {
            unit.set("ExecStopPost", "+" + UnitFile.command("/bin/rm", "-rf", status.folder()));
        }
        if (!spec.envFrom().isEmpty()) {
            unit.set("EnvironmentFile", secrets.path());
        }
        limits().forEach(unit::setWithSpecifiers);
        sandbox.differences().forEach(unit::setWithSpecifiers);
        return unit;
    }

    private String tmpfiles() {
        List<String> lines = new ArrayList<>(List.of("# " + Header.of(workload)));
        lines.addAll(logs.tmpfiles(user.name(), group()));
        lines.addAll(status.tmpfiles(user.name()));
        return String.join("\n", lines) + "\n";
    }

    /** With its log in syslog, PHP-FPM writes what workers say to /dev/null, unless it is told to leave stderr alone (fpm_stdio.c). */
    private String[] command() {
        List<String> command = new ArrayList<>(List.of(php.binary(), "--nodaemonize", "--fpm-config", configPath()));
        if (spec.catchWorkersOutput()) {
            command.add("--force-stderr");
        }
        return command.toArray(String[]::new);
    }

    /** What differs from the template; systemd knows no specifiers in these. */
    private Map<String, String> limits() {
        Map<String, String> limits = new TreeMap<>();
        int grace = Durations.seconds(spec.reload().gracePeriod());
        if (grace != TEMPLATE_GRACE_SECONDS) {
            limits.put("TimeoutStopSec", grace + STOP_SECONDS + "s");
        }
        if (!spec.hardening().umask().equals(TEMPLATE_UMASK)) {
            limits.put("UMask", spec.hardening().umask());
        }
        if (spec.rlimitFiles() != TEMPLATE_FILES) {
            limits.put("LimitNOFILE", spec.rlimitFiles().toString());
        }
        if (!spec.rlimitCore().equals(TEMPLATE_CORE)) {
            limits.put("LimitCORE", spec.rlimitCore().replace("unlimited", "infinity"));
        }
        Resources resources = spec.resources();
        putIfGiven(limits, "MemoryMax", memory(resources.memoryMax()));
        putIfGiven(limits, "MemoryHigh", memory(resources.memoryHigh()));
        putIfGiven(limits, "CPUQuota", resources.cpuQuota());
        putIfGiven(limits, "CPUWeight", resources.cpuWeight());
        putIfGiven(limits, "IOWeight", resources.ioWeight());
        putIfGiven(limits, "TasksMax", resources.tasksMax());
        return limits;
    }

    private static void putIfGiven(Map<String, String> limits, String key, @Nullable Object value) {
        if (value != null) {
            limits.put(key, value.toString());
        }
    }

    /** systemd's M is 2^20 as our Mi is; it knows no Mi. */
    static @Nullable String memory(@Nullable String size) {
        return size == null ? null : size.replace("i", "");
    }

    private String group() {
        return spec.group() != null ? spec.group() : user.group();
    }
}
