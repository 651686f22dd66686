package io.unitsmith.agent.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unitsmith.agent.command.Command;
import io.unitsmith.agent.unit.UnitState;
import io.unitsmith.api.v1alpha1.Conditions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the journal says of a unit that failed: lines of PID 1, of a service's main process and of mount helpers. Never
 * those of a PHP worker, which can write what it likes.
 */
public final class Journal {

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final int LINES = 3;
    private static final int LINE_LIMIT = 240;
    private static final int NOTICE = 5;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The last lines, oldest first, with every secret masked; at most three. */
    public List<String> excerpt(UnitState unit, Mask mask) {
        try {
            List<String> lines = lines(unit);
            if (unit.name().endsWith(".mount") && !hasWordsOfItsOwn(lines)) {
                catchUp();
                lines = lines(unit);
            }
            return choose(lines.stream()).stream()
                    .map(mask::apply)
                    .map(line -> Conditions.bounded(line, LINE_LIMIT))
                    .toList();
        } catch (IOException e) {
            LOG.warn("the journal of {} could not be read: {}", unit.name(), e.getMessage());
            return List.of();
        }
    }

    private static List<String> lines(UnitState unit) throws IOException {
        return Command.run(DEADLINE, query(unit)).text().lines().toList();
    }

    /** PID 1 may know of a helper's end before the journal has read its last words. */
    private static void catchUp() {
        try {
            Command.run(DEADLINE, List.of("journalctl", "--sync"));
        } catch (IOException e) {
            LOG.warn("the journal did not catch up: {}", e.getMessage());
        }
    }

    static boolean hasWordsOfItsOwn(List<String> json) {
        return json.stream().map(Journal::message).flatMap(Optional::stream).anyMatch(message -> !message.ofSystemd());
    }

    /** Such lines as the end of a sentence; nothing if there are none. */
    public static String quoted(List<String> lines) {
        return lines.isEmpty() ? "" : "; its journal: " + String.join(" | ", lines);
    }

    /** What the process said of itself tells more than what PID 1 says of its end. */
    static List<String> choose(Stream<String> json) {
        Map<Boolean, List<String>> messages = json.map(Journal::message)
                .flatMap(Optional::stream)
                .collect(Collectors.partitioningBy(
                        Message::ofSystemd, Collectors.mapping(Message::text, Collectors.toList())));
        List<String> own = messages.getOrDefault(false, List.of());
        List<String> chosen = own.isEmpty() ? messages.getOrDefault(true, List.of()) : own;
        return List.copyOf(chosen.subList(Math.max(0, chosen.size() - LINES), chosen.size()));
    }

    private record Message(boolean ofSystemd, String text) {}

    private static List<String> query(UnitState unit) {
        List<String> query = new ArrayList<>(
                List.of("journalctl", "--output=json", "--quiet", "--no-pager", "--since=-10min", "--lines=20"));
        query.addAll(List.of("_PID=1", "UNIT=" + unit.name()));
        if (unit.name().endsWith(".mount")) {
            query.addAll(List.of("+", "_SYSTEMD_UNIT=" + unit.name()));
        } else if (unit.mainPid() > 0) {
            query.addAll(List.of("+", "_SYSTEMD_UNIT=" + unit.name(), "_PID=" + unit.mainPid()));
        }
        return query;
    }

    /** PID 1's everyday lines, such as Started, are left out. */
    private static Optional<Message> message(String line) {
        try {
            JsonNode entry = JSON.readTree(line);
            boolean ofSystemd = entry.path("_PID").asText().equals("1");
            String text = entry.path("MESSAGE").asText().strip();
            boolean everyday = ofSystemd && entry.path("PRIORITY").asInt() > NOTICE;
            return text.isEmpty() || everyday ? Optional.empty() : Optional.of(new Message(ofSystemd, text));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
