package io.unitsmith.agent.systemd;

/** Systemd does not read unit files anew for now: it has done so too often of late, or has no room. It will later. */
public final class ReloadRefused extends SystemdException {

    public ReloadRefused(String message, Throwable cause) {
        super(message, cause);
    }
}
