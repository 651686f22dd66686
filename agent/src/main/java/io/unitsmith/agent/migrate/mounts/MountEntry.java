package io.unitsmith.agent.migrate.mounts;

import io.unitsmith.agent.migrate.Note;
import io.unitsmith.agent.migrate.Place;
import io.unitsmith.api.v1alpha1.RemoteMountSpec.UnmountPolicy;
import java.util.List;
import java.util.OptionalLong;

/**
 * A mount that a host has.
 *
 * @param options one an item, without those that are for systemd
 * @param isAutomatic whether it is mounted at the first access
 * @param idleSeconds after which it is unmounted; 0 is never
 * @param timeoutSeconds that mounting may take; empty if that is systemd's to decide
 * @param unmountPolicy how it is taken away
 * @param isUnits whether it is in unit files of its own
 */
record MountEntry(
        Place place,
        String source,
        String path,
        String type,
        List<String> options,
        boolean isAutomatic,
        long idleSeconds,
        OptionalLong timeoutSeconds,
        UnmountPolicy unmountPolicy,
        boolean isUnits,
        List<Note> notes) {}
