package io.unitsmith.agent.unit;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What systemd says of a unit, as its D-Bus properties of these names have it (org.freedesktop.systemd1(5)).
 *
 * @param result {@code success}, or why the unit failed; empty for units that have none
 * @param statusText what a Type=notify service last said of itself
 * @param mainPid the main process, or the last one that was; 0 if there was none
 * @param lasted how long a mount was there that went away by itself, and is away since; null for everything else
 * @param ended when a mount that is not there failed or went away; null for everything else
 */
public record UnitState(
        String name,
        String loadState,
        String activeState,
        String subState,
        String result,
        @Nullable String statusText,
        int mainPid,
        @Nullable Duration lasted,
        @Nullable Instant ended) {

    public UnitState(
            String name,
            String loadState,
            String activeState,
            String subState,
            String result,
            @Nullable String statusText,
            int mainPid) {
        this(name, loadState, activeState, subState, result, statusText, mainPid, null, null);
    }

    /** A unit that systemd has not loaded. */
    public static UnitState absent(String name) {
        return new UnitState(name, "not-found", "inactive", "dead", "", null, 0);
    }

    /** The same, and that it did not last is forgotten. */
    public UnitState forgiven() {
        return new UnitState(name, loadState, activeState, subState, result, statusText, mainPid, null, ended);
    }

    /** Its result in parentheses, where that tells anything: {@code " (exit-code)"}; else nothing. */
    public String resultNote() {
        return result.isEmpty() || result.equals("success") ? "" : " (" + result + ")";
    }

    public boolean isActive() {
        return activeState.equals("active") || activeState.equals("reloading");
    }

    public boolean isFailed() {
        return activeState.equals("failed");
    }
}
