package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.Counts;
import io.unitsmith.testbed.Testbed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Promise 1: whatever is done to pools, all of it at once, no request is lost, and each is answered by what is in force. */
@EndToEnd
@Tag("soak")
class LosslessE2E {

    private static final int BUSY = 4;
    private static final int SLOW_SECONDS = 10;

    /** An idle master takes three quarters of a minute to be stopped: so there are many. */
    private static final int RACERS = 40;

    private static final String USER = "lossless-ann";
    private static final String RACER = "lossless-ben";
    private static final String RECIPE = "lossless-cat";

    private final ContainerHost host;
    private final Tenant tenant;
    private final Counts stops = Counts.of("stops of idle masters, each with a visit at that very moment", 30, 300);
    private final Counts edits = Counts.of("reloads under load", 10, 100);
    private final Counts sockets = Counts.of("edits of a socket under load", 6, 50);
    private final Counts switches = Counts.of("switches of the PHP version under load", 3, 24);
    private final Counts rotations = Counts.of("rotations of a Secret under load", 2, 20);
    private final Counts kills = Counts.of("kills of the agent under load", 2, 20);
    private final Counts requests = Counts.of("requests, slow ones and uploads among them", 5_000, 50_000);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    LosslessE2E(Testbed bed) {
        this.host = bed.host("web-1");
        this.tenant = Tenant.create(bed, "lossless", USER, RACER, RECIPE);
    }

    @AfterAll
    void cleanUp() {
        threads.shutdownNow();
        tenant.kubectl("label hosts.unitsmith.io web-1 rotation-");
        Recipe.remove(host);
        tenant.close();
    }

    @Test
    @Timeout(5400)
    void noRequestIsLostWhateverIsDoneMeanwhileAndTheRecipeLosesSome() {
        long seed = Long.getLong("unitsmith.seed", System.nanoTime());
        System.out.println("disturbances with -Dunitsmith.seed=" + seed);
        List<Pool> racers = racers();
        List<BusyPool> busy = IntStream.range(0, BUSY)
                .mapToObj(number -> BusyPool.start(
                        host, tenant.pool("busy-" + number, USER), "8.4", SLOW_SECONDS, requests.count() / BUSY))
                .toList();
        try (Load races = Load.whereMastersEnd(host, racers, "/home/%s/www/racer.php".formatted(RACER))) {
            List<Future<?>> work = new ArrayList<>();
            List<List<Consumer<BusyPool>>> deeds = deeds(new Random(seed));
            for (int number = 0; number < BUSY; number++) {
                BusyPool pool = busy.get(number);
                List<Consumer<BusyPool>> share = deeds.get(number);
                work.add(threads.submit(() -> share.forEach(deed -> deed.accept(pool))));
            }
            work.add(threads.submit(() -> killTheAgent(races)));
            Future<Load.Outcome> control = threads.submit(this::theRecipe);
            work.forEach(LosslessE2E::join);

            int ended = races.ends();
            Load.Outcome outcome = races.stop();
            for (BusyPool pool : busy) {
                outcome = outcome.plus(pool.stop());
            }
            assertThat(outcome.lost()).as("lost requests: %s", outcome).isEmpty();
            assertThat(outcome.requests()).isGreaterThanOrEqualTo(requests.count());
            assertThat(ended).as("stops of idle masters").isGreaterThanOrEqualTo(stops.count());
            racers.forEach(pool -> assertThat(pool.property(host, pool.service(), "Result"))
                    .as("the last end of %s", pool.name())
                    .isEqualTo("success"));
            tell(outcome, ended, join(control));
        } finally {
            busy.forEach(BusyPool::close);
        }
    }

    private void tell(Load.Outcome outcome, int ended, Load.Outcome recipe) {
        assertThat(recipe.lost())
                .as("control: what the recipe loses: %s", recipe)
                .isNotEmpty();
        stops.result("0 lost, over %d stops".formatted(ended));
        List.of(edits, sockets, switches, rotations, kills).forEach(count -> count.result("0 lost"));
        requests.result("0 of %d lost, the slowest took %d ms; the recipe lost %d of %d"
                .formatted(
                        outcome.requests(),
                        outcome.slowestMillis(),
                        recipe.lost().size(),
                        recipe.requests()));
    }

    /** What is to be done to each of the busy pools, one after the other. */
    private List<List<Consumer<BusyPool>>> deeds(Random random) {
        List<Consumer<BusyPool>> all = new ArrayList<>();
        all.addAll(Collections.nCopies(edits.count(), BusyPool::edit));
        all.addAll(Collections.nCopies(sockets.count(), BusyPool::editSocket));
        all.addAll(Collections.nCopies(switches.count(), BusyPool::switchVersion));
        all.addAll(Collections.nCopies(rotations.count(), BusyPool::rotateSecret));
        Collections.shuffle(all, random);
        return IntStream.range(0, BUSY)
                .mapToObj(pool -> IntStream.range(0, all.size())
                        .filter(number -> number % BUSY == pool)
                        .mapToObj(all::get)
                        .toList())
                .toList();
    }

    private List<Pool> racers() {
        Tenant.script(
                host, RACER, "racer.php", "<?php echo posix_getppid(), ' ', posix_getpwuid(posix_geteuid())['name'];");
        List<Pool> racers = IntStream.range(0, RACERS)
                .mapToObj(number -> tenant.pool("racer-" + number, RACER))
                .toList();
        StringBuilder all = new StringBuilder();
        racers.forEach(pool -> all.append("""
                apiVersion: unitsmith.io/v1alpha1
                kind: PhpFpmPool
                metadata: {name: %s}
                spec: {hostNames: [web-1], user: %s, phpVersion: "8.4", idle: {timeout: 30s}}
                ---
                """.formatted(pool.name(), pool.user())));
        tenant.apply(all.toString()).output();
        racers.forEach(Pool::awaitReady);
        return racers;
    }

    /** One that was killed has to learn anew who is idle: so it is killed right as it stops some, and when it has begun to learn. */
    private void killTheAgent(Load races) {
        int batches = kills.count() / 2;
        for (int batch = 0; batch < batches; batch++) {
            races.awaitEnds(stops.count() * batch / batches);
            killTheAgent();
            races.awaitEnds(stops.count() * (batch + 1) / batches);
            killTheAgent();
        }
    }

    private void killTheAgent() {
        int before = restarts();
        host.sh("kill -9 $(systemctl show --value --property MainPID unitsmith-agent)")
                .output();
        until(
                "the agent runs again",
                Duration.ofMinutes(1),
                () -> restarts() > before
                        && host.exec("systemctl", "is-active", "unitsmith-agent")
                                .succeeded(),
                () -> host.journal("unitsmith-agent"));
    }

    private int restarts() {
        return Integer.parseInt(host.exec("systemctl", "show", "--value", "--property=NRestarts", "unitsmith-agent")
                .output());
    }

    /** The same load and as many disturbances, in the recipe's way. */
    private Load.Outcome theRecipe() {
        Recipe recipe = Recipe.start(host, "shop", RECIPE, "token 0");
        List<Load> loads = BusyPool.loads(host, RECIPE, recipe.socket(), SLOW_SECONDS, 1);
        try {
            for (int stop = 0; stop < stops.count(); stop++) {
                awaitServing(recipe);
                recipe.stop();
            }
            for (int edit = 1; edit <= edits.count() + rotations.count(); edit++) {
                awaitServing(recipe);
                recipe.edit(edit);
            }
            for (int number = 0; number < switches.count(); number++) {
                awaitServing(recipe);
                recipe.switchTo(number % 2 == 0 ? "/opt/php/8.2/usr/sbin/php-fpm8.2" : "/usr/sbin/php-fpm8.4");
            }
            awaitServing(recipe);
            return loads.stream().map(Load::stop).reduce(Load.Outcome.NONE, Load.Outcome::plus);
        } finally {
            loads.forEach(Load::close);
        }
    }

    private void awaitServing(Recipe recipe) {
        until(
                "the recipe serves",
                Duration.ofMinutes(1),
                () -> recipe.run("/home/%s/www/state.php".formatted(RECIPE))
                        .stdout()
                        .contains(" on PHP "),
                () -> host.journal(recipe.service()));
    }

    private static <T> T join(Future<T> work) {
        try {
            return work.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
