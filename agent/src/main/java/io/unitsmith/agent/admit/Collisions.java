package io.unitsmith.agent.admit;

import io.unitsmith.agent.apply.Disk;
import io.unitsmith.agent.facts.Fstab;
import io.unitsmith.agent.facts.MountPoints;
import io.unitsmith.agent.facts.MountTable;
import io.unitsmith.agent.plan.Adoption;
import io.unitsmith.agent.plan.Found;
import io.unitsmith.agent.plan.Ledger;
import io.unitsmith.agent.plan.Obstacles;
import io.unitsmith.agent.unit.HostPath;
import io.unitsmith.agent.workload.Claims.Claim;
import io.unitsmith.agent.workload.Rendering;
import io.unitsmith.agent.workload.Rendering.Entry;
import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.Reason;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is in a workload's way: other workloads, files of others, and mounts of the host's admin. */
public final class Collisions {

    private final Disk disk;
    private final MountTable mounts;
    private final MountPoints mountPoints;
    private final Fstab fstab;

    public Collisions(Disk disk, MountTable mounts, MountPoints mountPoints, Fstab fstab) {
        this.disk = disk;
        this.mounts = mounts;
        this.mountPoints = mountPoints;
        this.fstab = fstab;
    }

    /** A look at the host as it is now, for workloads in the order of their precedence. */
    Round look(Ledger ledger) {
        return new Round(ledger, new ClaimBook(ledger), mounts.points(), fstab.entries());
    }

    /** One look; who is let in is in the way of the next. */
    final class Round {

        private final Ledger ledger;
        private final ClaimBook claims;
        private final NavigableSet<String> mounted;
        private final List<Fstab.Entry> listed;

        private Round(Ledger ledger, ClaimBook claims, NavigableSet<String> mounted, List<Fstab.Entry> listed) {
            this.ledger = ledger;
            this.claims = claims;
            this.mounted = mounted;
            this.listed = listed;
        }

        /** What is in the way of this, if there is something. */
        Optional<Problem> find(Candidate candidate, Rendering rendering) {
            Optional<Problem> taken = claims.take(candidate, rendering);
            if (taken.isPresent()) {
                return taken;
            }
            Set<String> paths = rendering.entries().stream().map(Entry::path).collect(Collectors.toSet());
            List<Claim> points = candidate.workload().claims().mountPoints();
            boolean empty = candidate.workload().needsEmptyMountPoints();
            boolean isNew = !ledger.assignments().containsKey(candidate.assignment());
            Map<String, Found> there = disk.look(paths);
            boolean adopts = candidate.workload().adopts();
            boolean adoptsMounted = adopts && hasUnit(rendering.payload(), there);
            return Obstacles.of(rendering, ledger, there, adopts)
                    .or(() -> first(points, this::fromFstab))
                    .or(() -> isNew ? first(points, claim -> fromMountTable(claim, adoptsMounted)) : Optional.empty())
                    .or(() -> isNew ? first(points, claim -> fromFolder(claim, empty)) : Optional.empty());
        }

        /** Whatever is mounted at a path belongs to the unit that is called after it. */
        private static boolean hasUnit(String unit, Map<String, Found> there) {
            return there.entrySet().stream()
                    .anyMatch(entry -> entry.getKey().endsWith("/" + unit)
                            && Adoption.isPossible(entry.getKey(), entry.getValue()));
        }

        private static Optional<Problem> first(
                List<Claim> mountPoints, java.util.function.Function<Claim, Optional<Problem>> rule) {
            return mountPoints.stream()
                    .flatMap(claim -> rule.apply(claim).stream())
                    .findFirst();
        }

        /** systemd makes units of these too, and starts them at boot. */
        private Optional<Problem> fromFstab(Claim mountPoint) {
            String path = mountPoint.value();
            for (Fstab.Entry entry : listed) {
                String there = "which line %d of /etc/fstab mounts".formatted(entry.line());
                if (entry.path().equals(path)) {
                    return conflict(
                            mountPoint, "\"%s\" is a path %s already: take that line out".formatted(path, there));
                } else if (HostPath.isBelow(entry.path(), path)) {
                    return conflict(
                            mountPoint,
                            "\"%s\" would hide \"%s\", %s: take that line out".formatted(path, entry.path(), there));
                } else if (HostPath.isBelow(path, entry.path()) && entry.isRemoteOrAutomatic()) {
                    return conflict(
                            mountPoint,
                            "\"%s\" is below \"%s\", %s from afar or at the first access: take that line out"
                                    .formatted(path, entry.path(), there));
                }
            }
            return Optional.empty();
        }

        private Optional<Problem> fromMountTable(Claim mountPoint, boolean adoptsMounted) {
            String path = mountPoint.value();
            if (mounted.contains(path) && !adoptsMounted) {
                return conflict(
                        mountPoint,
                        "something is mounted at %s already, and not by Unitsmith: unmount it".formatted(path));
            }
            @Nullable String below = mounted.ceiling(path + "/");
            return below != null && HostPath.isBelow(below, path)
                    ? conflict(
                            mountPoint,
                            "\"%s\" would hide what is mounted at %s, and not by Unitsmith: unmount that"
                                    .formatted(path, below))
                    : Optional.empty();
        }

        private Optional<Problem> fromFolder(Claim mountPoint, boolean empty) {
            return mounted.contains(mountPoint.value())
                    ? Optional.empty()
                    : mountPoints.fault(mountPoint.value(), empty).flatMap(fault -> conflict(mountPoint, fault));
        }

        private static Optional<Problem> conflict(Claim mountPoint, String message) {
            return Optional.of(Problem.of(Reason.CONFLICT, mountPoint.field(), message + ", or choose another path"));
        }
    }
}
