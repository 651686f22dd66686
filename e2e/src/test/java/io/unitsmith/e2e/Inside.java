package io.unitsmith.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec;
import io.unitsmith.testbed.ContainerHost;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** A pool from inside: what its PHP sees, and what its PHP-FPM takes its settings to be. */
record Inside(ContainerHost host, Pool pool) {

    // T12, T13, T14: what PHP-FPM's own configuration language would cut, calculate or look up
    static final Map<String, String> NASTY = nasty();

    /** What the script `fields.php` says, which has to be in its user's home. */
    JsonNode php() {
        String answer = ask("fields.php");
        return Serialization.unmarshal(answer.substring(answer.indexOf('{')), JsonNode.class);
    }

    /** What a script of its user's home says; as root, since not every socket is for the web server. */
    String ask(String script) {
        return Pool.ask(host, "root", pool.socket(), "/home/%s/www/%s".formatted(pool.user(), script))
                .stdout();
    }

    /** What PHP-FPM itself says that its settings are. */
    String settings() {
        PhpFpmPoolSpec spec = pool.get().getSpec();
        return host.sh("""
                        setpriv --reuid=%1$s --regid=%2$s --clear-groups \\
                            "$(ls /usr/sbin/php-fpm%3$s /opt/php/%3$s/usr/sbin/php-fpm%3$s 2>/dev/null | head -n 1)" -tt --fpm-config %4$s
                        """.formatted(
                                spec.user(),
                                Objects.requireNonNullElse(spec.group(), spec.user()),
                                spec.phpVersion(),
                                pool.config()))
                .stderr();
    }

    /** Of this pool alone: its user may have others. */
    int workers() {
        return Integer.parseInt(host.exec("pgrep", "--count", "--parent", Integer.toString(pool.masterPid(host)))
                .stdout()
                .strip());
    }

    private static Map<String, String> nasty() {
        Map<String, String> values = new LinkedHashMap<>();
        String[] texts = {
            "a;b=c",
            "it's",
            "\"quoted\"",
            "a$HOME",
            "x${PATH}",
            "100%",
            "back\\slash",
            "ends with \\",
            "  edges  ",
            "on",
            "none",
            "null",
            "false",
            "PHP_OS",
            "E_ALL",
            "a&b|c^d~e!f(g)",
            "!x",
            "#x",
            "[x]",
            "{}",
            "it's \"both\" $x \\",
            "ü€😀",
            "a\tb",
            "0",
            "=",
            ",",
            "%i",
            "x$(id)",
            "`id`",
            "'",
            "\"",
            "\\"
        };
        for (int index = 0; index < texts.length; index++) {
            values.put("NASTY_" + index, texts[index]);
        }
        return values;
    }
}
