package io.unitsmith.agent;

import io.unitsmith.agent.Faults.Killed;
import io.unitsmith.agent.admit.Admission;
import io.unitsmith.agent.admit.Collisions;
import io.unitsmith.agent.apply.Checks;
import io.unitsmith.agent.apply.Disk;
import io.unitsmith.agent.apply.Trials;
import io.unitsmith.agent.apply.Unmounts;
import io.unitsmith.agent.ceiling.Ceiling;
import io.unitsmith.agent.drift.DriftGuard;
import io.unitsmith.agent.drift.Watch;
import io.unitsmith.agent.facts.ControlGroups;
import io.unitsmith.agent.facts.FreeSpace;
import io.unitsmith.agent.facts.Fstab;
import io.unitsmith.agent.facts.HostFacts;
import io.unitsmith.agent.facts.MountPoints;
import io.unitsmith.agent.facts.MountTable;
import io.unitsmith.agent.facts.ProcessTable;
import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.files.Checkpoint;
import io.unitsmith.agent.idle.IdleStops;
import io.unitsmith.agent.remote.Servers;
import io.unitsmith.agent.source.Assignment;
import io.unitsmith.agent.source.Assignment.Part;
import io.unitsmith.agent.source.DesiredState;
import io.unitsmith.agent.source.InvalidManifests;
import io.unitsmith.agent.source.Manifests;
import io.unitsmith.agent.source.Manifests.Manifest;
import io.unitsmith.agent.source.Source;
import io.unitsmith.agent.unit.VerifyReport.Complaint;
import io.unitsmith.agent.usage.UsageBook;
import io.unitsmith.api.v1alpha1.DriftPolicy;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.Content;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.HostFacts.Php;
import io.unitsmith.api.v1alpha1.UserLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A host in a temporary folder: real files, a systemd in memory, and an agent that can be killed and started anew. */
final class TestHost {

    static final Map<String, byte[]> SSH_KEY = Map.of(
            "privateKey", "-----BEGIN OPENSSH PRIVATE KEY-----".getBytes(StandardCharsets.UTF_8),
            "knownHosts", "files ssh-ed25519 AAAA".getBytes(StandardCharsets.UTF_8));

    final Path root;
    final FakeSystemd systemd;
    final Map<String, Assignment> assignments = new TreeMap<>();
    final Map<String, Map<String, byte[]>> secrets = new TreeMap<>();
    final TestClock clock = new TestClock();
    /** What systemd-analyze says, by payload. */
    final Map<String, List<Complaint>> complaints = new TreeMap<>();

    List<FreeSpace> space = List.of();
    private final Map<String, HostFacts.User> users = new TreeMap<>();
    private Agent agent;

    TestHost(Path root) throws IOException {
        this.root = root;
        for (String folder : new String[] {
            "etc/systemd/system/sockets.target.wants",
            "etc/unitsmith",
            "var/lib/unitsmith",
            "run/systemd/system",
            "run/systemd/system.control",
            "proc/self"
        }) {
            Files.createDirectories(root.resolve(folder));
        }
        Files.writeString(root.resolve("proc/self/mountinfo"), "");
        this.systemd = new FakeSystemd(root);
        addUser("alice", 1001);
        start(Checkpoint.NONE);
    }

    void addUser(String name, long uid) {
        users.put(name, new HostFacts.User(name, uid, uid, name, Set.of(name), "/home/" + name));
    }

    void removeUser(String name) {
        users.remove(name);
    }

    /** A new process. */
    void start(Checkpoint checkpoint) {
        AtomicFiles files = new AtomicFiles(root, checkpoint);
        Disk disk = new Disk(files);
        Checks checks = new Checks(files, systemd);
        MountTable mounts = new MountTable(files.at("/proc/self/mountinfo"));
        Collisions collisions =
                new Collisions(disk, mounts, new MountPoints(root, mounts), new Fstab(files.at("/etc/fstab")));
        Admission admission = new Admission(
                Ceiling.DEFAULT,
                collisions,
                () -> space,
                renderings -> renderings.stream()
                        .map(one -> complaints.getOrDefault(one.payload(), List.of()))
                        .toList(),
                checks,
                new Trials(files, systemd, clock),
                clock);
        DriftGuard drift = new DriftGuard(files, disk, systemd, Watch.NONE, clock);
        Unmounts unmounts = new Unmounts(systemd, files);
        agent = new Agent(
                new InMemory(),
                (names, groups, paths) -> facts(),
                admission,
                checks,
                new Enforcer(systemd, files, disk, drift, unmounts, clock),
                new IdleStops(systemd, new ProcessTable(files.at("/proc")), clock),
                new UsageBook(new ControlGroups(files.at("/")), clock),
                new Servers(files, systemd, unmounts, clock),
                (unit, mask) -> List.of("what " + unit.name() + " said"));
    }

    Optional<String> ledgerLoss() {
        return agent.ledgerLoss();
    }

    /** A new process that is killed at that change to the disk. Returns whether there was one. */
    boolean isKilledAt(int moment, Consumer<TestHost> change) {
        int[] moments = {0};
        start(what -> {
            if (++moments[0] == moment) {
                throw new Killed();
            }
        });
        try {
            change.accept(this);
            turn();
            return false;
        } catch (Killed e) {
            return true;
        }
    }

    Turn turn() {
        try {
            return agent.turn();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HostFacts facts() {
        return new HostFacts(
                257,
                Map.of(
                        "8.2", new Php("8.2", "/opt/php/8.2/usr/sbin/php-fpm8.2", "8.2.32", true),
                        "8.4", new Php("8.4", "/usr/sbin/php-fpm8.4", "8.4.24", true)),
                Map.copyOf(users),
                Map.of("www-data", new HostFacts.Group("www-data", 33)),
                Set.of("nfs4", "sshfs", "s3fs"),
                Map.of());
    }

    private final class InMemory implements Source {

        @Override
        public DesiredState current() {
            return new DesiredState(Map.copyOf(assignments), Map.copyOf(secrets), Map.of());
        }

        @Override
        public void onChange(Runnable listener) {}
    }

    /** A pool's spec: user, PHP version and a memory limit. */
    static Content pool(String revision, String user, String php, String memory) {
        return pool(revision, user, php, memory, DriftPolicy.REPAIR);
    }

    static Content pool(String revision, String user, String php, String memory, DriftPolicy driftPolicy) {
        return content(
                revision, """
                apiVersion: unitsmith.io/v1alpha1
                kind: PhpFpmPool
                metadata: {name: any, namespace: any}
                spec: {hostNames: [here], user: %s, phpVersion: "%s", phpAdminValues: {memory_limit: %s}, driftPolicy: %s}
                """.formatted(user, php, memory, driftPolicy == DriftPolicy.REPAIR ? "Repair" : "Report"));
    }

    /** The pool of alice on 8.4 with 128M, whose socket has another mode. */
    static Content poolWithSocket(String revision, String mode) {
        return content(revision, """
                apiVersion: unitsmith.io/v1alpha1
                kind: PhpFpmPool
                metadata: {name: any, namespace: any}
                spec:
                  hostNames: [here]
                  user: alice
                  phpVersion: "8.4"
                  phpAdminValues: {memory_limit: 128M}
                  socket: {mode: "%s"}
                """.formatted(mode));
    }

    /** A pool that requires the mount of this name, in its own namespace. */
    static Content poolWithMount(String revision, String mount) {
        return content(revision, """
                apiVersion: unitsmith.io/v1alpha1
                kind: PhpFpmPool
                metadata: {name: any, namespace: any}
                spec: {hostNames: [here], user: alice, phpVersion: "8.4", requiresMounts: [%s]}
                """.formatted(mount));
    }

    static Content mount(String revision, String path, boolean automount) {
        return mount(revision, path, automount, "files:/export");
    }

    static Content mount(String revision, String path, boolean automount, String source) {
        return content(revision, """
                apiVersion: unitsmith.io/v1alpha1
                kind: RemoteMount
                metadata: {name: any, namespace: any}
                spec: {hostNames: [here], type: nfs4, source: "%s", path: %s, automount: {enabled: %s}}
                """.formatted(source, path, automount));
    }

    /** An automount with these lines besides. */
    static Content mountWith(String revision, String path, String more) {
        return content(revision, """
                apiVersion: unitsmith.io/v1alpha1
                kind: RemoteMount
                metadata: {name: any, namespace: any}
                spec:
                  hostNames: [here]
                  type: nfs4
                  source: "files:/export"
                  path: %s
                %s""".formatted(path, more.indent(2)));
    }

    /** A mount that takes over what is there. */
    static Content adoptingMount(String revision, String path, boolean automount) {
        return content(revision, """
                apiVersion: unitsmith.io/v1alpha1
                kind: RemoteMount
                metadata: {name: any, namespace: any}
                spec:
                  hostNames: [here]
                  type: nfs4
                  source: "files:/export"
                  path: %s
                  automount: {enabled: %s}
                  adoptExisting: true
                """.formatted(path, automount));
    }

    /** A mount with a key, which {@link #SSH_KEY} may be. */
    static Content sshfs(String revision, String path, String secret) {
        return sshfs(revision, path, secret, "OnNextMount");
    }

    static Content sshfs(String revision, String path, String secret, String rotationPolicy) {
        Content content = content(revision, """
                apiVersion: unitsmith.io/v1alpha1
                kind: RemoteMount
                metadata: {name: any, namespace: any}
                spec:
                  hostNames: [here]
                  type: sshfs
                  source: "me@files:/export"
                  path: %s
                  credentials: {secretRef: {name: key}}
                  rotationPolicy: %s
                """.formatted(path, rotationPolicy));
        return new Content(revision, null, content.remoteMount(), secret);
    }

    /** A bucket, with the keys of this Secret. */
    static Content s3fs(String revision, String path, String secret) {
        Content content = content(revision, """
                apiVersion: unitsmith.io/v1alpha1
                kind: RemoteMount
                metadata: {name: any, namespace: any}
                spec:
                  hostNames: [here]
                  type: s3fs
                  source: shop
                  path: %s
                  options: ["url=https://files"]
                  credentials: {secretRef: {name: key}}
                """.formatted(path));
        return new Content(revision, null, content.remoteMount(), secret);
    }

    private static Content content(String revision, String yaml) {
        try {
            Manifest manifest = Manifests.read(Map.of("test", yaml)).getFirst();
            return new Content(
                    revision,
                    manifest.content().phpFpmPool(),
                    manifest.content().remoteMount(),
                    null);
        } catch (InvalidManifests e) {
            throw new IllegalArgumentException(e);
        }
    }

    void live(String name, Content content) {
        assign(name, false, content, null);
    }

    void assign(String name, boolean remove, Content live, Content staged) {
        Assignment before = assignments.get(name);
        Content content = live != null ? live : staged;
        String kind = content == null && before != null
                ? before.workload().kind()
                : content == null || content.remoteMount() == null ? "PhpFpmPool" : "RemoteMount";
        assignments.put(
                name,
                new Assignment(
                        name,
                        before == null ? 1 : before.generation() + 1,
                        new WorkloadReference(kind, "demo", name, "uid-of-" + name),
                        remove,
                        live == null ? null : new Part(live, null),
                        staged == null ? null : new Part(staged, null),
                        before == null ? Map.of() : before.userLimits()));
    }

    /** What the operator says with an assignment of all pools of a user. */
    void limit(String name, String user, UserLimits limits) {
        Assignment before = Objects.requireNonNull(assignments.get(name));
        assignments.put(
                name,
                new Assignment(
                        name,
                        before.generation() + 1,
                        before.workload(),
                        before.remove(),
                        before.live(),
                        before.staged(),
                        Map.of(user, limits)));
    }

    void remove(String name) {
        assign(name, true, null, null);
    }

    /** Every file, link and folder, by path, with its content; of processes, nothing. */
    Map<String, String> tree() {
        Map<String, String> tree = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path :
                    paths.filter(path -> !path.startsWith(root.resolve("proc"))).toList()) {
                tree.put(
                        root.relativize(path).toString(),
                        Files.isSymbolicLink(path)
                                ? "-> " + Files.readSymbolicLink(path)
                                : Files.isDirectory(path) ? "folder" : Files.readString(path));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tree;
    }
}
