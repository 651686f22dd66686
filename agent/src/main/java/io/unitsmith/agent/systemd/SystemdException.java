package io.unitsmith.agent.systemd;

/** systemd could not be asked, or refused. */
public class SystemdException extends RuntimeException {

    public SystemdException(String message, Throwable cause) {
        super(message, cause);
    }
}
