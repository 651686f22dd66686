package io.unitsmith.agent.ceiling;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.facts.HostFacts;
import io.unitsmith.agent.facts.HostFacts.Group;
import io.unitsmith.agent.facts.HostFacts.User;
import io.unitsmith.agent.workload.Claims;
import io.unitsmith.agent.workload.Claims.Claim;
import io.unitsmith.api.v1alpha1.Problem;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CeilingTest {

    private static final HostFacts FACTS = new HostFacts(
            257,
            Map.of(),
            Map.of(
                    "root", new User("root", 0, 0, "root", Set.of("root"), "/root"),
                    "postgres", new User("postgres", 106, 112, "postgres", Set.of("postgres"), "/var/lib/postgresql"),
                    "nobody", new User("nobody", 65534, 65534, "nogroup", Set.of("nogroup"), "/nonexistent"),
                    "admin", new User("admin", 1000, 1000, "admin2", Set.of("admin2", "docker", "sudo"), "/home/admin"),
                    "alice", new User("alice", 1001, 1001, "alice", Set.of("alice", "users"), "/home/alice")),
            Map.of(
                    "shop",
                    new Group("shop", 1500),
                    "mysql",
                    new Group("mysql", 120),
                    "docker",
                    new Group("docker", 1900)),
            Set.of(),
            Map.of());

    @Test
    void anOrdinaryUserIsAllowed() {
        assertThat(users(Ceiling.DEFAULT, "alice")).isEmpty();
    }

    @Test
    void aSystemUserIsDeniedWithTheUidAndWhatWouldBeRight() {
        assertThat(users(Ceiling.DEFAULT, "postgres"))
                .containsExactly(
                        new Problem(
                                "CeilingDenied",
                                "spec.user",
                                "\"postgres\" has uid 106, and this host allows 1000 and above: name a user that is not the system's"));
    }

    @Test
    void rootAndNobodyAreDenied() {
        assertThat(users(Ceiling.DEFAULT, "root")).hasSize(2);
        assertThat(users(Ceiling.DEFAULT, "nobody")).hasSize(1);
    }

    @Test
    void everyForbiddenGroupOfAUserIsTold() {
        assertThat(users(Ceiling.DEFAULT, "admin"))
                .extracting(Problem::message)
                .satisfiesExactly(
                        first -> assertThat(first).contains("in the group docker"),
                        second -> assertThat(second).contains("in the group sudo"));
    }

    @Test
    void aUserThatTheHostDoesNotHaveIsForRenderingToRefuse() {
        assertThat(users(Ceiling.DEFAULT, "carol")).isEmpty();
    }

    @Test
    void aHostMayDrawTheLineElsewhere() {
        Ceiling strict = new Ceiling(1002, 1, Set.of("users"), List.of());
        assertThat(users(strict, "alice")).hasSize(2);
        assertThat(groups(strict, "mysql")).isEmpty();
    }

    @Test
    void groupsOfTheSystemAndForbiddenOnesAreDenied() {
        assertThat(groups(Ceiling.DEFAULT, "shop")).isEmpty();
        assertThat(groups(Ceiling.DEFAULT, "mysql"))
                .singleElement()
                .extracting(Problem::message)
                .asString()
                .contains("has gid 120");
        assertThat(groups(Ceiling.DEFAULT, "docker")).hasSize(1);
        assertThat(groups(Ceiling.DEFAULT, "shadow")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/usr",
                "/usr/local/sbin",
                "/etc",
                "/etc/ssh",
                "/bin",
                "/boot/efi",
                "/dev/shm",
                "/proc/1",
                "/run/systemd",
                "/var",
                "/var/lib",
                "/var/lib/docker",
                "/var/log",
                "/root",
                "/root/.ssh",
                "/opt/php/8.2",
                "/tmp/x",
                "/home",
                "/home/alice",
                "/home/alice/.ssh",
                "/home/alice/.config/x",
                "/home/alice/bin",
                "/srv",
                "/lib64"
            })
    void nothingIsMountedOverTheSystem(String path) {
        assertThat(mounts(Ceiling.DEFAULT, path)).singleElement().satisfies(problem -> {
            assertThat(problem.reason()).isEqualTo("CeilingDenied");
            assertThat(problem.field()).isEqualTo("spec.path");
            assertThat(problem.message()).startsWith("\"" + path + "\" would hide /");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/srv/uploads",
                "/home/alice/uploads",
                "/home/alice/www/.cache",
                "/home/alice/binary",
                "/mnt",
                "/var/www/shop",
                "/usrlocal"
            })
    void otherPathsAreAllowed(String path) {
        assertThat(mounts(Ceiling.DEFAULT, path)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/srv/a, /srv/a, true", "/srv/a, /srv, true", "/srv/a, /srv/a/b, false", "/srv/a, /srv/ab, false",
        "/srv/a/**, /srv/a/b/c, true", "/srv/a/**, /srv/b, false", "/srv/*, /srv/x, true", "/srv/*, /srv/x/y, false",
        "/srv/*.d/**, /srv/conf.d/x, true", "/srv/*.d/**, /srv/confxd/x, false", "/srv/[a]*, /srv/a, false"
    })
    void aPatternKeepsItsPathVisible(String pattern, String mountPoint, boolean hidden) {
        assertThat(new PathPattern(pattern).isHiddenBy(mountPoint)).isEqualTo(hidden);
    }

    private static List<Problem> users(Ceiling ceiling, String user) {
        return ceiling.check(new Claims(List.of(new Claim("spec.user", user)), List.of(), List.of(), List.of()), FACTS);
    }

    private static List<Problem> groups(Ceiling ceiling, String group) {
        return ceiling.check(
                new Claims(List.of(), List.of(new Claim("spec.group", group)), List.of(), List.of()), FACTS);
    }

    private static List<Problem> mounts(Ceiling ceiling, String path) {
        return ceiling.check(new Claims(List.of(), List.of(), List.of(new Claim("spec.path", path)), List.of()), FACTS);
    }
}
