package io.unitsmith.agent.drift;

import io.unitsmith.agent.drift.Difference.Kind;
import io.unitsmith.agent.plan.Found;
import io.unitsmith.agent.plan.Situation;
import io.unitsmith.agent.plan.Wanted;
import io.unitsmith.agent.unit.UnitState;
import io.unitsmith.agent.workload.Rendering;
import io.unitsmith.agent.workload.Rendering.Entry;
import io.unitsmith.agent.workload.Rendering.File;
import io.unitsmith.agent.workload.Rendering.Link;
import io.unitsmith.api.v1alpha1.Names;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Finds what differs between what was applied and what is there. Pure. */
final class Finder {

    private final Situation there;
    private final Surroundings around;

    Finder(Situation there, Surroundings around) {
        this.there = there;
        this.around = around;
    }

    /** All that differs from what is in force. */
    List<Difference> find(Wanted inForce) {
        Rendering rendering = inForce.rendering();
        List<Difference> found = new ArrayList<>();
        rendering
                .entries()
                .forEach(entry -> different(entry).ifPresent(text -> found.add(at(Kind.ENTRY, entry.path(), text))));
        found.addAll(masks(rendering));
        stopped(rendering.trigger()).ifPresent(found::add);
        boolean rewritten = !found.isEmpty();
        for (String unit : units(rendering)) {
            List<Difference> foreign = foreign(unit);
            // a daemon-reload would load what somebody else has written, and that is for them to do
            if (!rewritten && foreign.isEmpty() && around.stale().contains(unit)) {
                found.add(new Difference(
                        Kind.STALE, unit, "systemd has loaded " + unit + " from other content than is on disk"));
            }
            found.addAll(foreign);
        }
        outdated(rendering.payload()).ifPresent(found::add);
        return found;
    }

    private Optional<Difference> outdated(String payload) {
        return Optional.ofNullable(around.outdated().get(payload))
                .map(files -> new Difference(
                        Kind.OUTDATED,
                        payload,
                        "%s runs %s of before an upgrade".formatted(payload, Texts.some(List.copyOf(files), ", "))));
    }

    /** What keeps the units from being started at all. */
    List<Difference> masks(Rendering rendering) {
        List<Difference> found = new ArrayList<>();
        for (String unit : units(rendering)) {
            around.of(unit).stream()
                    .filter(one -> one.kind() == Surroundings.Kind.MASK)
                    .forEach(one -> found.add(new Difference(Kind.MASK, one.path(), one.path() + " masks " + unit)));
        }
        return found;
    }

    private List<Difference> foreign(String unit) {
        return around.of(unit).stream()
                .filter(one -> one.kind() != Surroundings.Kind.MASK)
                .map(one -> new Difference(
                        Kind.FOREIGN,
                        one.path(),
                        one.kind() == Surroundings.Kind.DROP_IN
                                ? "the drop-in " + one.path() + " was not made by Unitsmith and changes " + unit
                                : "the unit file " + one.path() + " was not made by Unitsmith and replaces " + unit))
                .toList();
    }

    private Optional<Difference> stopped(String trigger) {
        if (there.isActive(trigger)) {
            return Optional.empty();
        }
        UnitState state = there.unit(trigger);
        return Optional.of(
                state.isFailed()
                        ? new Difference(Kind.FAILED, trigger, trigger + " failed")
                        : new Difference(Kind.STOPPED, trigger, trigger + " is stopped"));
    }

    private Optional<String> different(Entry entry) {
        if (there.has(entry)) {
            return Optional.empty();
        }
        Found found = there.at(entry.path());
        return Optional.of(
                switch (entry) {
                    case Link link -> how(link, found);
                    case File file -> how(file, found);
                });
    }

    private static String how(Link link, Found found) {
        return found instanceof Found.SymbolicLink(String target)
                ? "leads to %s, not to %s".formatted(target, link.target())
                : what(found);
    }

    private String how(File file, Found found) {
        if (!(found instanceof Found.RegularFile there)) {
            return what(found);
        }
        List<String> faults = new ArrayList<>();
        if (!there.sha256().equals(Names.hash(file.content()))) {
            faults.add("has other content");
        }
        if (there.mode() != file.mode()) {
            faults.add("has mode %04o, not %04o".formatted(there.mode(), file.mode()));
        }
        if (!there.own()) {
            faults.add("does not belong to root");
        }
        if (!Objects.equals(there.reader(), this.there.reader(file))) {
            faults.add(
                    file.readableBy() == null
                            ? "can be read by uid " + there.reader()
                            : "has lost the access of user " + file.readableBy());
        }
        return String.join(" and ", faults);
    }

    private static String what(Found found) {
        return switch (found) {
            case Found.Nothing _ -> "is missing";
            case Found.SymbolicLink(String target) -> "is a symbolic link to " + target;
            case Found.RegularFile _ -> "is a regular file";
            case Found.Other(String what) -> "is " + what;
        };
    }

    private static Difference at(Kind kind, String path, String text) {
        return new Difference(kind, path, path + " " + text);
    }

    /** Both units, which may be one. */
    static Set<String> units(Rendering rendering) {
        Set<String> units = new LinkedHashSet<>();
        units.add(rendering.trigger());
        units.add(rendering.payload());
        return units;
    }
}
