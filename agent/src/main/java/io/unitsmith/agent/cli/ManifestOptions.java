package io.unitsmith.agent.cli;

import io.unitsmith.agent.source.Manifests;
import io.unitsmith.agent.source.Manifests.Reading;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The files that a command is about. */
final class ManifestOptions {

    @Option(
            names = {"-f", "--filename"},
            required = true,
            arity = "1..*",
            paramLabel = "FILE",
            description = "Files of manifests, read together; - for the standard input.")
    private List<String> manifests = List.of();

    /** What stands in them, faults included. */
    Reading read() throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        for (String manifest : manifests) {
            texts.put(manifest, text(manifest));
        }
        return Manifests.readAll(texts);
    }

    private static String text(String manifest) throws IOException {
        if (manifest.equals("-")) {
            return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
        }
        try {
            return Files.readString(Path.of(manifest));
        } catch (NoSuchFileException e) {
            throw new IOException(manifest + " is not there", e);
        }
    }
}
