package io.unitsmith.agent.apply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.plan.Ledger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The ledger on disk. */
public final class LedgerStore {

    public static final String PATH = "/var/lib/unitsmith/ledger.json";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final AtomicFiles files;

    public LedgerStore(AtomicFiles files) {
        this.files = files;
    }

    /**
     * The ledger; an empty one if there is none yet.
     *
     * @throws IOException also if it cannot be understood: to go on without it would be to take all for foreign
     */
    public Ledger load() throws IOException {
        String text = files.read(PATH).orElse("");
        if (text.isEmpty()) {
            return Ledger.EMPTY;
        }
        try {
            Ledger ledger = JSON.readValue(text, Ledger.class);
            if (ledger.version() == Ledger.VERSION) {
                return ledger;
            }
            throw new IOException("%s has version %d, and this agent reads %d: install the agent that wrote it"
                    .formatted(PATH, ledger.version(), Ledger.VERSION));
        } catch (JsonProcessingException e) {
            throw new IOException(PATH + " cannot be read: " + e.getOriginalMessage(), e);
        }
    }

    public void save(Ledger ledger) throws IOException {
        files.write(PATH, JSON.writeValueAsString(ledger).getBytes(StandardCharsets.UTF_8), 0600, null);
    }
}
