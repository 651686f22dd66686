package io.unitsmith.agent.ceiling;

/** The host's agent.yaml cannot be read; the message says which key, and why. */
public final class InvalidAgentYaml extends Exception {

    InvalidAgentYaml(String message) {
        super(message);
    }
}
