package io.unitsmith.agent.workload;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The values of Secrets, which are bytes, as text. */
public final class SecretText {

    private SecretText() {}

    /** The text; empty if the bytes are not UTF-8. */
    public static Optional<String> of(byte[] value) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** Why a text cannot stand in one line of a file; empty if it can. */
    public static Optional<String> lineFault(String text) {
        return text.chars().anyMatch(c -> c == '\n' || c == '\r')
                ? Optional.of("has a line break in it: take it out, also at the end (echo -n, or stringData)")
                : Optional.empty();
    }
}
