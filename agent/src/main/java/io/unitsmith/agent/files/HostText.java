package io.unitsmith.agent.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files of the host in which names and words of anybody stand, in any encoding. */
public final class HostText {

    private HostText() {}

    /** The text; bytes that are not UTF-8 are U+FFFD, and take nothing else with them. */
    public static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
