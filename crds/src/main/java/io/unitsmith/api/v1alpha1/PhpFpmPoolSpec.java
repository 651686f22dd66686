package io.unitsmith.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One PHP-FPM master of one user and one PHP version, behind one socket. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(value = Rules.ONE_SELECTION, message = Rules.ONE_SELECTION_MESSAGE)
@ValidationRule(
        value = "!has(self.group) || self.group != self.socket.group",
        fieldPath = ".group",
        messageExpression =
                "'\"' + self.group + '\" may connect to the socket: PHP in that group could reach every pool that the web"
                        + " server reaches; leave group out for the primary group of the user'")
@ValidationRule(
        value = "!has(self.slowlog) || !has(self.requestTerminateTimeout)"
                + " || duration(self.slowlog.timeout) <= duration(self.requestTerminateTimeout)",
        fieldPath = ".slowlog.timeout",
        messageExpression = "self.slowlog.timeout + ' is longer than requestTerminateTimeout, '"
                + " + self.requestTerminateTimeout + ': such a request has ended before'")
@ValidationRule(
        value = "!has(self.hardening) || !has(self.hardening.openBasedir) || size(self.hardening.openBasedir) == 0"
                + " || !(has(self.phpAdminValues) && 'open_basedir' in self.phpAdminValues)",
        fieldPath = ".phpAdminValues",
        message = "open_basedir is given in hardening.openBasedir already: leave it out here")
public record PhpFpmPoolSpec(
        @JsonPropertyDescription(
                "The hosts to run on, by their Host objects' labels. Exactly one of hostSelector and hostNames.")
        @Nullable
        Selector hostSelector,

        @JsonPropertyDescription("The hosts to run on, by name. Exactly one of hostSelector and hostNames.")
        @Size(max = 1000)
        @ValidationRule(value = Rules.HOST_NAMES, messageExpression = Rules.HOST_NAMES_MESSAGE)
        List<@Size(min = 1, max = 63) String> hostNames,

        @JsonPropertyDescription("The UNIX user that PHP runs as. It must exist on the host, with uid 1000 or more.")
        @Required
        @Size(min = 1, max = 32)
        @Pattern(Rules.UNIX_NAME)
        @ValidationRule(value = Rules.NOT_ROOT, message = "PHP never runs as root: name a user with uid 1000 or more")
        String user,

        @JsonPropertyDescription(
                "The UNIX group that PHP runs as; by default the user's primary group. Never the socket's group.")
        @Size(min = 1, max = 32)
        @Pattern(Rules.UNIX_NAME)
        @ValidationRule(
                value = Rules.NOT_ROOT,
                message = "PHP never runs in the group root: leave group out for the primary group of the user")
        @Nullable
        String group,

        @JsonPropertyDescription(
                "The PHP version as major.minor, such as \"8.4\". The agent knows which binary that is on its host.")
        @Required
        @Size(min = 1, max = 16)
        @ValidationRule(
                value = "self.matches('^[0-9]{1,2}[.][0-9]{1,2}$')",
                message = "give major.minor in quotes, such as \"8.4\"")
        String phpVersion,

        @JsonPropertyDescription(
                "The socket that the web server connects to: /run/unitsmith/fpm/<namespace>.<name>.sock, whatever the PHP version.")
        @Default("{}")
        Socket socket,

        @JsonPropertyDescription("How many PHP processes there are, and when.") @Default("{}")
        ProcessManager processManager,

        @JsonPropertyDescription(
                "When nobody asks anything of the pool, PHP-FPM stops; its socket goes on listening, and the next request starts it.")
        @Default("{}")
        Idle idle,

        @JsonPropertyDescription(
                "A request that runs longer is killed, such as 60s; by default requests may run for ever.")
        @Size(max = 16)
        @ValidationRule(value = Rules.FROM_1S_TO_24H, message = Rules.FROM_1S_TO_24H_MESSAGE)
        @Nullable
        String requestTerminateTimeout,

        @JsonPropertyDescription("How a running pool takes up another configuration.") @Default("{}")
        Reload reload,

        @JsonPropertyDescription(
                "Log slow requests, to /var/log/unitsmith/<namespace>.<name>/slow.log; by default they are not logged.")
        @Nullable
        Slowlog slowlog,

        @JsonPropertyDescription("Log all requests, to /var/log/unitsmith/<namespace>.<name>/access.log.")
        @Default("{}")
        AccessLog accessLog,

        @JsonPropertyDescription("PHP-FPM's own pages: its status, and a sign of life.") @Default("{}")
        Monitoring monitoring,

        @JsonPropertyDescription(
                "Environment variables for PHP. Not for secrets: everyone who may read the object sees them.")
        @Size(max = 256)
        @ValidationRule(value = Rules.ENV_NAMES, messageExpression = Rules.ENV_NAMES_MESSAGE)
        @ValidationRule(value = Rules.ENV_VALUES, messageExpression = Rules.ENV_VALUES_MESSAGE)
        Map<String, String> env,

        @JsonPropertyDescription(
                "Secrets of this namespace, each key of which becomes an environment variable. What a later one has too is taken from that, and what env has too from there. Another content replaces the master, without loss.")
        @Size(max = 8)
        List<EnvFrom> envFrom,

        @JsonPropertyDescription(
                "Whether PHP has no variables but USER, HOME and those of env and envFrom; otherwise also those that systemd gives to services.")
        @Default("true")
        Boolean clearEnv,

        @JsonPropertyDescription("php.ini settings that scripts may change with ini_set.")
        @Size(max = 256)
        @ValidationRule(
                value = Rules.INI_KEYS,
                message = Rules.INI_KEYS_FALLBACK,
                messageExpression = Rules.INI_KEYS_MESSAGE)
        @ValidationRule(value = Rules.ALLOWED_INI_KEYS, messageExpression = Rules.ALLOWED_INI_KEYS_MESSAGE)
        @ValidationRule(value = Rules.INI_VALUES, messageExpression = Rules.INI_VALUES_MESSAGE)
        Map<String, String> phpValues,

        @JsonPropertyDescription("php.ini switches that scripts may change with ini_set.")
        @Size(max = 256)
        @ValidationRule(
                value = Rules.INI_KEYS,
                message = Rules.INI_KEYS_FALLBACK,
                messageExpression = Rules.INI_KEYS_MESSAGE)
        @ValidationRule(value = Rules.ALLOWED_INI_KEYS, messageExpression = Rules.ALLOWED_INI_KEYS_MESSAGE)
        Map<String, Boolean> phpFlags,

        @JsonPropertyDescription("php.ini settings that scripts cannot change.")
        @Size(max = 256)
        @ValidationRule(
                value = Rules.INI_KEYS,
                message = Rules.INI_KEYS_FALLBACK,
                messageExpression = Rules.INI_KEYS_MESSAGE)
        @ValidationRule(value = Rules.ALLOWED_INI_KEYS, messageExpression = Rules.ALLOWED_INI_KEYS_MESSAGE)
        @ValidationRule(value = Rules.INI_VALUES, messageExpression = Rules.INI_VALUES_MESSAGE)
        Map<String, String> phpAdminValues,

        @JsonPropertyDescription("php.ini switches that scripts cannot change.")
        @Size(max = 256)
        @ValidationRule(
                value = Rules.INI_KEYS,
                message = Rules.INI_KEYS_FALLBACK,
                messageExpression = Rules.INI_KEYS_MESSAGE)
        @ValidationRule(value = Rules.ALLOWED_INI_KEYS, messageExpression = Rules.ALLOWED_INI_KEYS_MESSAGE)
        Map<String, Boolean> phpAdminFlags,

        @JsonPropertyDescription("Only files with these extensions are run as PHP.")
        @Default("[\".php\"]")
        @Size(min = 1, max = 16)
        List<@Size(min = 2, max = 32) @Pattern("^\\.[A-Za-z0-9._-]+$") String> limitExtensions,

        @JsonPropertyDescription("The directory that PHP starts in, absolute. It must exist on the host.")
        @Size(min = 1, max = 1024)
        @ValidationRule(value = Rules.CANONICAL_PATH, message = Rules.CANONICAL_PATH_MESSAGE)
        @ValidationRule(value = "!self.contains('$pool')", message = "PHP-FPM would replace $pool in it")
        @Nullable
        String chdir,

        @JsonPropertyDescription("Whether what PHP writes to its standard output and error goes to the journal.")
        @Default("false")
        Boolean catchWorkersOutput,

        @JsonPropertyDescription(
                "Whether such lines begin with the pool and the process that wrote them; PHP 7.3 and newer.")
        @Default("true")
        Boolean decorateWorkersOutput,

        @JsonPropertyDescription("How many files each process may have open.") @Default("4096") @Min(64) @Max(1048576)
        Integer rlimitFiles,

        @JsonPropertyDescription("How many bytes a core dump may have, or unlimited; by default there are none.")
        @Default("0")
        @Size(min = 1, max = 18)
        @ValidationRule(value = "self.matches('^([0-9]{1,18}|unlimited)$')", message = "give bytes, or unlimited")
        String rlimitCore,

        @JsonPropertyDescription("What the pool's processes may use together.") @Default("{}")
        Resources resources,

        @JsonPropertyDescription("The sandbox that PHP runs in.") @Default("{}")
        Hardening hardening,

        @JsonPropertyDescription(
                "RemoteMounts of this namespace that have to be in force on the host before PHP-FPM starts; one that is to appear at the first access still does only then.")
        @Size(max = 16)
        @ValidationRule(value = Rules.OBJECT_NAMES, messageExpression = Rules.OBJECT_NAMES_MESSAGE)
        List<@Size(min = 1, max = 253) String> requiresMounts,

        @JsonPropertyDescription(
                "What happens to what somebody changes on the host: Repair puts it right, Report only says so.")
        @Default("Repair")
        DriftPolicy driftPolicy)
        implements WorkloadSpec {

    private static final int DEFAULT_RLIMIT_FILES = 4096;

    /** Null is what an operator says that is older than the field: it means the default. */
    public PhpFpmPoolSpec(
            @Nullable Selector hostSelector,
            @Nullable List<String> hostNames,
            String user,
            @Nullable String group,
            String phpVersion,
            Socket socket,
            ProcessManager processManager,
            @Nullable Idle idle,
            @Nullable String requestTerminateTimeout,
            @Nullable Reload reload,
            @Nullable Slowlog slowlog,
            @Nullable AccessLog accessLog,
            @Nullable Monitoring monitoring,
            @Nullable Map<String, String> env,
            @Nullable List<EnvFrom> envFrom,
            @Nullable Boolean clearEnv,
            @Nullable Map<String, String> phpValues,
            @Nullable Map<String, Boolean> phpFlags,
            @Nullable Map<String, String> phpAdminValues,
            @Nullable Map<String, Boolean> phpAdminFlags,
            List<String> limitExtensions,
            @Nullable String chdir,
            @Nullable Boolean catchWorkersOutput,
            @Nullable Boolean decorateWorkersOutput,
            @Nullable Integer rlimitFiles,
            @Nullable String rlimitCore,
            @Nullable Resources resources,
            @Nullable Hardening hardening,
            @Nullable List<String> requiresMounts,
            @Nullable DriftPolicy driftPolicy) {
        this.hostSelector = hostSelector;
        this.hostNames = hostNames == null ? List.of() : hostNames;
        this.user = user;
        this.group = group;
        this.phpVersion = phpVersion;
        this.socket = socket;
        this.processManager = processManager;
        this.idle = idle == null ? Idle.DEFAULT : idle;
        this.requestTerminateTimeout = requestTerminateTimeout;
        this.reload = reload == null ? Reload.DEFAULT : reload;
        this.slowlog = slowlog;
        this.accessLog = accessLog == null ? AccessLog.NONE : accessLog;
        this.monitoring = monitoring == null ? Monitoring.NONE : monitoring;
        this.env = env == null ? Map.of() : env;
        this.envFrom = envFrom == null ? List.of() : envFrom;
        this.clearEnv = !Boolean.FALSE.equals(clearEnv);
        this.phpValues = phpValues == null ? Map.of() : phpValues;
        this.phpFlags = phpFlags == null ? Map.of() : phpFlags;
        this.phpAdminValues = phpAdminValues == null ? Map.of() : phpAdminValues;
        this.phpAdminFlags = phpAdminFlags == null ? Map.of() : phpAdminFlags;
        this.limitExtensions = limitExtensions;
        this.chdir = chdir;
        this.catchWorkersOutput = Boolean.TRUE.equals(catchWorkersOutput);
        this.decorateWorkersOutput = !Boolean.FALSE.equals(decorateWorkersOutput);
        this.rlimitFiles = rlimitFiles == null ? DEFAULT_RLIMIT_FILES : rlimitFiles;
        this.rlimitCore = rlimitCore == null ? "0" : rlimitCore;
        this.resources = resources == null ? Resources.UNBOUNDED : resources;
        this.hardening = hardening == null ? Hardening.DEFAULT : hardening;
        this.requiresMounts = requiresMounts == null ? List.of() : requiresMounts;
        this.driftPolicy = driftPolicy == null ? DriftPolicy.REPAIR : driftPolicy;
    }

    @Override
    public List<String> secretNames() {
        return envFrom.stream().map(from -> from.secretRef().name()).toList();
    }

    /** The pool's socket; systemd makes it, owned by root, and holds it for the pool's whole life. */
    public record Socket(
            @JsonPropertyDescription("The group that may connect: the web server's. The pool's user must not be in it.")
            @Default("www-data")
            @Size(min = 1, max = 32)
            @Pattern(Rules.UNIX_NAME)
            String group,

            @JsonPropertyDescription("The socket's mode: four octal digits, nothing for others.")
            @Default("0660")
            @Size(min = 1, max = 16)
            @ValidationRule(
                    value = "self.matches('^0[0-7][0-7]0$')",
                    message = "give four octal digits in quotes, nothing for others, such as \"0660\"")
            String mode,

            @JsonPropertyDescription(
                    "How many connections may wait; the kernel's somaxconn is the upper bound. Another one counts once the socket is made anew, as at the next boot.")
            @Default("511")
            @Min(1)
            @Max(65535)
            Integer backlog) {}

    /** The end of a master that nobody asks anything of. */
    public record Idle(
            @JsonPropertyDescription("Stop PHP-FPM when it is idle.") @Default("true")
            Boolean enabled,

            @JsonPropertyDescription("How long nobody has to ask anything of it; whole seconds, 30s at least.")
            @Default("5m")
            @Size(max = 16)
            @ValidationRule(value = Rules.FROM_30S_TO_24H, message = Rules.FROM_30S_TO_24H_MESSAGE)
            String timeout) {

        static final Idle DEFAULT = new Idle(true, "5m");
    }

    /** PHP-FPM's process manager ("pm"). */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @ValidationRule(
            value = "!has(self.startServers) || self.type == 'dynamic'",
            fieldPath = ".startServers",
            messageExpression = "'only type dynamic has startServers, not type ' + self.type")
    @ValidationRule(
            value = "!has(self.minSpareServers) || self.type == 'dynamic'",
            fieldPath = ".minSpareServers",
            messageExpression = "'only type dynamic has minSpareServers, not type ' + self.type")
    @ValidationRule(
            value = "!has(self.maxSpareServers) || self.type == 'dynamic'",
            fieldPath = ".maxSpareServers",
            messageExpression = "'only type dynamic has maxSpareServers, not type ' + self.type")
    @ValidationRule(
            value = "has(self.minSpareServers) || !has(self.type) || self.type != 'dynamic'",
            fieldPath = ".minSpareServers",
            reason = "FieldValueRequired",
            message = "type dynamic needs minSpareServers")
    @ValidationRule(
            value = "has(self.maxSpareServers) || !has(self.type) || self.type != 'dynamic'",
            fieldPath = ".maxSpareServers",
            reason = "FieldValueRequired",
            message = "type dynamic needs maxSpareServers")
    @ValidationRule(
            value =
                    "!has(self.minSpareServers) || !has(self.maxSpareServers) || self.minSpareServers <= self.maxSpareServers",
            fieldPath = ".minSpareServers",
            messageExpression =
                    "'%d is more than maxSpareServers, %d'.format([self.minSpareServers, self.maxSpareServers])")
    @ValidationRule(
            value = "!has(self.maxSpareServers) || self.maxSpareServers <= self.maxChildren",
            fieldPath = ".maxSpareServers",
            messageExpression = "'%d is more than maxChildren, %d'.format([self.maxSpareServers, self.maxChildren])")
    @ValidationRule(
            value = "!has(self.startServers) || !has(self.minSpareServers) || !has(self.maxSpareServers)"
                    + " || (self.minSpareServers <= self.startServers && self.startServers <= self.maxSpareServers)",
            fieldPath = ".startServers",
            messageExpression = "'%d is not from minSpareServers to maxSpareServers, %d to %d'"
                    + ".format([self.startServers, self.minSpareServers, self.maxSpareServers])")
    public record ProcessManager(
            @JsonPropertyDescription(
                    "ondemand starts processes at requests, dynamic keeps some spare, static keeps all.")
            @Default("ondemand")
            Type type,

            @JsonPropertyDescription("How many requests may run at once, at most.") @Default("5") @Min(1) @Max(10000)
            Integer maxChildren,

            @JsonPropertyDescription("dynamic only: processes at the start; by default between the two spare bounds.")
            @Min(1)
            @Max(10000)
            @Nullable
            Integer startServers,

            @JsonPropertyDescription("dynamic only, and needed there: fewer idle processes start new ones.")
            @Min(1)
            @Max(10000)
            @Nullable
            Integer minSpareServers,

            @JsonPropertyDescription("dynamic only, and needed there: more idle processes are ended.")
            @Min(1)
            @Max(10000)
            @Nullable
            Integer maxSpareServers,

            @JsonPropertyDescription("ondemand only: an idle process ends after this time; whole seconds.")
            @Default("10s")
            @Size(max = 16)
            @ValidationRule(value = Rules.FROM_1S_TO_24H, message = Rules.FROM_1S_TO_24H_MESSAGE)
            String idleTimeout,

            @JsonPropertyDescription("A process ends after this many requests, against leaks; 0 is never.")
            @Default("500")
            @Min(0)
            @Max(2147483647)
            Integer maxRequests,

            @JsonPropertyDescription("How many processes may start at once; PHP 8.1 and newer.")
            @Default("32")
            @Min(1)
            @Max(10000)
            Integer maxSpawnRate) {

        /** PHP-FPM's three ways to manage processes. */
        public enum Type {
            @JsonProperty("ondemand")
            ONDEMAND,
            @JsonProperty("dynamic")
            DYNAMIC,
            @JsonProperty("static")
            STATIC
        }
    }
}
