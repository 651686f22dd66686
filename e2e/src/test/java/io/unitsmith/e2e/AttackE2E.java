package io.unitsmith.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.e2e.Attempts.Attempt;
import io.unitsmith.e2e.Attempts.Control;
import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.Result;
import io.unitsmith.testbed.Testbed;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Promise 3: a tenant's PHP reaches no socket, configuration, log, secret, credential or process of another, nor changes its
 * own limits. Each attempt is seen to succeed first, against what is no better than usual.
 */
@EndToEnd
class AttackE2E {

    private static final String ATTACKER = "attack-mallory";
    private static final String VICTIM = "attack-bob";

    /** Of the recipe. */
    private static final String NEIGHBOUR = "recipe-mallory";

    private static final String PREY = "recipe-bob";

    /** The agent's files, as if somebody had made copies that everybody can read. */
    private static final String COPIES = "/var/lib/attack-copies/";

    /** What a tenant has to lose. */
    private static final String SCRIPT = """
            <?php
            $left = '/tmp/left-by-' . posix_getpwuid(posix_geteuid())['name'];
            file_put_contents($left, getenv('TOKEN'));
            chmod($left, 0644);
            syslog(LOG_INFO, getenv('TOKEN'));
            exec('sleep 3174 >/dev/null 2>&1 &');
            echo getenv('TOKEN');
            """;

    private static final String PRELUDE = """
            <?php
            extract($_SERVER);
            echo 'as ', posix_getpwuid(posix_geteuid())['name'], ":\\n";
            set_error_handler(function (int $code, string $message): bool {
                echo "refused: $message\\n";
                return true;
            });
            """;

    /** The programs that scripts have left running. */
    private static final String NO_CHILDREN = "pkill --full '[s]leep 317[0-9]'\n";

    /** Of the recipe: all as it was before an attempt. */
    private static final String RESET = """
            systemctl kill --signal KILL --kill-whom all 'recipe@*.service'
            rm -f "$otherLogs/planted" "$otherLogs/gone" "$ownLogs/planted"
            for log in access slow; do
                echo "$canary" >"$otherLogs/$log.log"
                chown "$otherUser:www-data" "$otherLogs/$log.log"
                chmod 0664 "$otherLogs/$log.log"
            done
            sed --in-place /planted/d "$ownConfig" "$otherConfig"
            systemctl set-property --runtime "$ownService" MemoryMax=256M TasksMax=300
            systemctl reset-failed 'recipe@*'
            systemctl restart "$otherSocketUnit" "${ownService%.service}.socket"
            """;

    private final ContainerHost host;
    private final Tenant attackers;
    private final Tenant victims;
    private final String canary = "canary-" + UUID.randomUUID();
    private final String recipeCanary = "canary-" + UUID.randomUUID();
    private final Map<String, String> unitsmith = new HashMap<>();
    private final Map<Control, Map<String, String>> recipe = new EnumMap<>(Control.class);
    private final AtomicInteger number = new AtomicInteger();

    AttackE2E(Testbed bed) {
        this.host = bed.host("web-1");
        this.attackers = Tenant.create(bed, "attack", ATTACKER);
        this.victims = Tenant.create(bed, "attacked", VICTIM);
    }

    @BeforeAll
    void thereAreTwoTenantsAndTheSameByTheRecipe() {
        Tenant.addUser(host, NEIGHBOUR);
        Tenant.addUser(host, PREY);
        List.of(VICTIM, PREY).forEach(this::furnish);
        unitsmiths();
        recipes();
        for (Map<String, String> side :
                Stream.concat(Stream.of(unitsmith), recipe.values().stream()).toList()) {
            host.execWithInput(
                            Resource.text("fastcgi.php"),
                            "install",
                            "-D",
                            "/dev/stdin",
                            side.get("ownFolder") + "/fastcgi.php")
                    .output();
        }
    }

    @AfterAll
    void cleanUp() {
        host.sh(NO_CHILDREN);
        Recipe.remove(host);
        host.sh("""
                userdel --force --remove %s; userdel --force --remove %s
                rm -rf %s /root/www /tmp/left-by-* /var/log/unitsmith/attack.* /var/log/unitsmith/attacked.*""".formatted(NEIGHBOUR, PREY, COPIES));
        attackers.close();
        victims.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("attempts")
    void isRefused(Attempt attempt) {
        Result control = make(attempt, Objects.requireNonNull(recipe.get(attempt.control())));
        assertThat(control.exitCode() & 1)
                .as("control: whether it has worked against the recipe: %s", control)
                .isEqualTo(1);

        Result result = make(attempt, unitsmith);
        assertThat(result.stdout()).as("that it was tried: %s", result).contains("as " + ATTACKER + ":");
        assertThat(result.exitCode())
                .as("0: refused; 1: it has worked; 2: the other does not serve any more: %s", result)
                .isZero();
    }

    static Stream<Attempt> attempts() {
        return Attempts.all();
    }

    private Result make(Attempt attempt, Map<String, String> side) {
        List<String> command = new ArrayList<>(List.of("env"));
        side.forEach((key, value) -> command.add(key + "=" + value));
        command.add("number=" + number.incrementAndGet());
        command.add("attempted=" + attempt.done());
        command.addAll(List.of("bash", "-c", Resource.text("attack.sh")));
        return host.execWithInput(PRELUDE + attempt.php(), command.toArray(String[]::new));
    }

    /** A home as careless as homes are, and a script. */
    private void furnish(String user) {
        Tenant.script(host, user, "canary.php", SCRIPT);
        host.sh("""
                echo %2$s >/home/%1$s/secret.txt
                chmod 0644 /home/%1$s/secret.txt
                chmod 0755 /home/%1$s
                touch --date '1 hour ago' /home/%1$s/www/canary.php""".formatted(user, user.equals(PREY) ? recipeCanary : canary)).output();
    }

    private void unitsmiths() {
        victims.secret("token", Map.of("TOKEN", canary));
        Pool victim =
                victims.pool("victim", VICTIM).apply("""
                  hostNames: [web-1]
                  phpVersion: "8.4"
                  env: {CANARY: %s}
                  envFrom: [{secretRef: {name: token}}]
                  accessLog: {enabled: true}
                  slowlog: {timeout: 30s}
                """.formatted(canary)).awaitReady();
        // not 8.4, whose workers keep the listening socket from the programs that they start
        Pool attacker = attackers.pool("attacker", ATTACKER).apply("""
                  hostNames: [web-1]
                  phpVersion: "8.2"
                  accessLog: {enabled: true}
                  resources: {memoryMax: 256Mi, tasksMax: 300}
                """).awaitReady();
        victim.visit(host, "canary.php");
        attacker.visit(host);
        String logs = "/var/log/unitsmith/" + victim.instance();
        host.sh("for log in access slow; do echo %s >>%s/$log.log; done".formatted(canary, logs))
                .output();
        own(unitsmith, ATTACKER, "/home/" + ATTACKER, attacker.socket(), attacker.service(), attacker.config());
        unitsmith.put("ownLogs", "/var/log/unitsmith/" + attacker.instance());
        other(unitsmith, VICTIM, victim.socket(), victim.service(), victim.config());
        unitsmith.put("otherLogs", logs);
        unitsmith.put(
                "otherSecrets",
                host.exec("grep", "-rlF", canary, "/etc/unitsmith/credentials").output());
        unitsmith.put("canary", canary);
        unitsmith.put("sharedWith", "");
        unitsmith.put("reset", NO_CHILDREN);
        agent();
    }

    private void agent() {
        unitsmith.put("agentState", "/var/lib/unitsmith/desired.json");
        unitsmith.put("agentLedger", "/var/lib/unitsmith/ledger.json");
        unitsmith.put(
                "agentCredential",
                host.sh("find /var/lib/unitsmith/credential -type f | sort | head -n 1")
                        .output());
    }

    private static void own(
            Map<String, String> side, String user, String home, String socket, String service, String config) {
        side.put("ownUser", user);
        side.put("ownFolder", home + "/www");
        side.put("ownSocket", socket);
        side.put("ownService", service);
        side.put("ownConfig", config);
    }

    private static void other(Map<String, String> side, String user, String socket, String service, String config) {
        side.put("otherUser", user);
        side.put("otherHome", "/home/" + user);
        side.put("otherScript", "/home/" + user + "/www/canary.php");
        side.put("otherTmp", "/tmp/left-by-" + user);
        side.put("otherSocket", socket);
        side.put("otherSocketUnit", service.replace(".service", ".socket"));
        side.put("otherService", service);
        side.put("otherConfig", config);
    }

    private void recipes() {
        Recipe prey = Recipe.start(host, "bob", PREY, recipeCanary);
        host.sh("""
                set -e
                echo '; %s' >>%s
                install -d -m 0755 %s
                for file in %s; do install -m 0644 $file %3$s; done""".formatted(
                                recipeCanary,
                                prey.config(),
                                COPIES,
                                String.join(
                                        " ",
                                        Stream.of("agentState", "agentLedger", "agentCredential")
                                                .map(unitsmith::get)
                                                .toList())))
                .output();
        Recipe neighbour = Recipe.start(host, "mallory", NEIGHBOUR, "none");
        neighbour.switchTo("/opt/php/8.2/usr/sbin/php-fpm8.2");
        recipe.put(Control.NEIGHBOUR, recipe(neighbour, prey, "/home/" + NEIGHBOUR));
        recipe.put(Control.TWIN, recipe(Recipe.start(host, "twin", PREY, "none"), prey, "/home/" + PREY));
        recipe.put(Control.ROOT, recipe(Recipe.start(host, "root", "root", "none"), prey, "/root"));
        Map<String, String> twin = Objects.requireNonNull(recipe.get(Control.TWIN));
        host.sh("chgrp www-data /run/recipe; chmod 0775 /run/recipe").output();
        // one master for both, as where one user is for all sites
        twin.put("sharedWith", "/run/recipe/twin.sock");
    }

    private Map<String, String> recipe(Recipe own, Recipe prey, String home) {
        Map<String, String> side = new HashMap<>();
        own(side, own.user(), home, own.socket(), own.service(), own.config());
        side.put("ownLogs", "/var/log/recipe/" + own.name());
        other(side, prey.user(), prey.socket(), prey.service(), prey.config());
        side.put("otherLogs", "/var/log/recipe/" + prey.name());
        side.put("otherSecrets", "/etc/recipe/" + prey.name() + ".env");
        side.put("canary", recipeCanary);
        side.put("sharedWith", "");
        side.put("reset", NO_CHILDREN + RESET);
        for (String file : List.of("agentState", "agentLedger", "agentCredential")) {
            String path = Objects.requireNonNull(unitsmith.get(file));
            side.put(file, COPIES + path.substring(path.lastIndexOf('/') + 1));
        }
        return side;
    }
}
