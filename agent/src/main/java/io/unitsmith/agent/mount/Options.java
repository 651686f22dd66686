package io.unitsmith.agent.mount;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The options that a user may give, each with what its value may be, and what it is for.
 *
 * <p>They are an allowlist, since some options are code execution (ssh_command, ProxyCommand) and some hand root's files to
 * others. None of the patterns allows a comma, a quote or a backslash.
 */
final class Options {

    static final String NUMBER = "[0-9]{1,9}";
    static final String PORT = "[1-9][0-9]{0,4}";
    static final String MODE = "0[0-7]{3}";

    /** Not root's, nor a number that 32 bits turn into root's: nothing that a server holds should pass for root's own. */
    static final String ID = "[1-9][0-9]{0,8}";

    private static final String CREDENTIALS = "spec.credentials";
    private static final String AUTOMOUNT = "spec.automount";

    /** What the words after a refused name are. */
    private static final Map<String, String> FIELDS = Map.ofEntries(
            Map.entry("ro", "spec.readOnly"),
            Map.entry("rw", "spec.readOnly"),
            Map.entry("user", CREDENTIALS),
            Map.entry("username", CREDENTIALS),
            Map.entry("pass", CREDENTIALS),
            Map.entry("password", CREDENTIALS),
            Map.entry("dom", CREDENTIALS),
            Map.entry("domain", CREDENTIALS),
            Map.entry("cred", CREDENTIALS),
            Map.entry("credentials", CREDENTIALS),
            Map.entry("IdentityFile", CREDENTIALS),
            Map.entry("UserKnownHostsFile", CREDENTIALS),
            Map.entry("conf", CREDENTIALS),
            Map.entry("passwd_file", CREDENTIALS),
            Map.entry("secret", CREDENTIALS),
            Map.entry("secretfile", CREDENTIALS),
            Map.entry("auto", AUTOMOUNT),
            Map.entry("noauto", AUTOMOUNT),
            Map.entry("x-systemd.automount", AUTOMOUNT),
            Map.entry("x-systemd.idle-timeout", "spec.automount.idleTimeout"),
            Map.entry("x-systemd.mount-timeout", "spec.mountTimeout"));

    private final Map<String, Option> allowed = new LinkedHashMap<>();

    /**
     * One option.
     *
     * @param value what follows the {@code =}; empty for a flag, which has none
     * @param why what it is for
     */
    record Option(String name, Optional<Pattern> value, String why) {

        boolean allows(String option) {
            return value.map(pattern -> option.startsWith(name + "=")
                            && pattern.matcher(option.substring(name.length() + 1))
                                    .matches())
                    .orElse(option.equals(name));
        }

        /** What it looks like. */
        String form() {
            return value.map(pattern -> name + "=" + pattern.pattern()).orElse(name);
        }
    }

    Options with(String name, String value, String why) {
        allowed.put(name, new Option(name, Optional.of(Pattern.compile(value)), why));
        return this;
    }

    Options flag(String name, String why) {
        allowed.put(name, new Option(name, Optional.empty(), why));
        return this;
    }

    /** What the kernel does with any file system. */
    Options forAnyKind() {
        return flag("noexec", "nothing on it can be run")
                .flag("noatime", "reading a file does not change its access time")
                .flag("nodiratime", "the same for directories alone")
                .flag("relatime", "access times change once a day at most");
    }

    /** Null if that is not allowed. */
    @Nullable
    Option get(String name) {
        return allowed.get(name);
    }

    /** All of them, by name, in the order in which they explain each other. */
    Map<String, Option> all() {
        return allowed;
    }

    /** The field that says what an option would say; empty if none does. */
    static Optional<String> field(String name) {
        return Optional.ofNullable(FIELDS.get(name));
    }
}
