package io.unitsmith.agent.apply;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.plan.Ledger;
import io.unitsmith.api.v1alpha1.Names;
import io.unitsmith.api.v1alpha1.RemoteMountSpec.UnmountPolicy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/**
 * The ledger on disk: JSON that people can read, and a checksum of it. The checksum is that of the file without its own
 * line, whatever the version, so that {@code grep -v '"sha256"' ledger.json | sha256sum} prints it.
 */
public final class LedgerStore {

    public static final String PATH = "/var/lib/unitsmith/ledger.json";

    /** Where a ledger goes that is damaged, for people to look at; the last one only. */
    public static final String DAMAGED = PATH + ".corrupt";

    private static final String CHECKSUM = "  \"sha256\" : ";
    private static final int BEFORE_CHECKSUMS = 1;
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    static {
        // where it says nothing, an earlier agent can read it too
        JSON.configOverride(UnmountPolicy.class)
                .setInclude(JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL));
    }

    private final AtomicFiles files;

    public LedgerStore(AtomicFiles files) {
        this.files = files;
    }

    /** What has become of the ledger. */
    public sealed interface Reading {

        /** It is as it was written. */
        record Whole(Ledger ledger) implements Reading {}

        /** It is as an agent before this one wrote it, in a form without a checksum. */
        record Old(Ledger ledger) implements Reading {}

        /** It is damaged. */
        record Damaged(String how) implements Reading {}

        /** There is none. */
        record Missing() implements Reading {}
    }

    /**
     * Reads it.
     *
     * @throws IOException also if a newer agent wrote it
     */
    public Reading read() throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(files.at(PATH));
        } catch (NoSuchFileException e) {
            return new Reading.Missing();
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        return isWhole(text) ? new Reading.Whole(whole(text)) : withoutChecksum(text);
    }

    public void save(Ledger ledger) throws IOException {
        files.write(PATH, bytes(ledger), 0600, null);
    }

    /** Takes the file out of the way. */
    public void setAside() throws IOException {
        files.rename(PATH, DAMAGED);
    }

    /** Bytes, and no tree or text on the way: of a thousand workloads these are megabytes, and the heap is small. */
    private static byte[] bytes(Ledger ledger) throws IOException {
        var written = new ByteArrayOutputStream();
        JSON.writerWithDefaultPrettyPrinter().writeValue(written, ledger);
        written.write('\n');
        byte[] body = written.toByteArray();
        int secondField = afterNewline(body, afterNewline(body, 0));
        written.reset();
        written.write(body, 0, secondField);
        written.writeBytes(line(Names.hash(body)).getBytes(StandardCharsets.UTF_8));
        written.write(body, secondField, body.length - secondField);
        return written.toByteArray();
    }

    private static int afterNewline(byte[] text, int from) {
        int at = from;
        while (text[at] != '\n') {
            at++;
        }
        return at + 1;
    }

    private static boolean isWhole(String text) {
        int start = text.indexOf(CHECKSUM);
        int end = text.indexOf('\n', start) + 1;
        return start >= 0
                && end > 0
                && text.substring(start, end).equals(checksum(text.substring(0, start) + text.substring(end)));
    }

    private static String checksum(String rest) {
        return line(Names.hash(rest));
    }

    private static String line(String checksum) {
        return CHECKSUM + '"' + checksum + "\",\n";
    }

    /** Nothing in it is damaged: what is not understood is a newer agent's. */
    private static Ledger whole(String text) throws IOException {
        try {
            ObjectNode fields = (ObjectNode) JSON.readTree(text);
            fields.remove("sha256");
            int version = fields.path("version").asInt();
            if (version == Ledger.VERSION) {
                return JSON.treeToValue(fields, Ledger.class);
            }
            throw new IOException("%s has version %d, and this agent reads %d: install the agent that wrote it"
                    .formatted(PATH, version, Ledger.VERSION));
        } catch (JsonProcessingException e) {
            throw new IOException(
                    "%s is not understood (%s): install the agent that wrote it"
                            .formatted(PATH, e.getOriginalMessage()),
                    e);
        }
    }

    private static Reading withoutChecksum(String text) {
        if (text.contains(CHECKSUM)) {
            return new Reading.Damaged("does not have its checksum any more");
        }
        try {
            @Nullable Ledger old = JSON.readValue(text, Ledger.class);
            return old != null && old.version() == BEFORE_CHECKSUMS
                    ? new Reading.Old(new Ledger(Ledger.VERSION, old.assignments(), old.folders()))
                    : new Reading.Damaged("has lost its checksum");
        } catch (JsonProcessingException e) {
            return new Reading.Damaged(text.isBlank() ? "is empty" : "cannot be read: " + e.getOriginalMessage());
        }
    }
}
