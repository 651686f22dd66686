package io.unitsmith.agent.drift;

import io.unitsmith.agent.drift.Difference.Kind;
import io.unitsmith.agent.drift.Fights.Contention;
import io.unitsmith.api.v1alpha1.Conditions;
import io.unitsmith.api.v1alpha1.Reason;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;

/** What is said of drift: what differs, and what to do. */
final class Texts {

    private static final int NAMED = 3;

    private Texts() {}

    static Drift reported(List<Difference> differences) {
        String how = differences.stream()
                .filter(difference -> difference.kind() == Kind.OUTDATED)
                .map(difference ->
                        " (`systemctl stop %s` lets running requests end, and the next one starts what is installed now)"
                                .formatted(difference.subject()))
                .collect(Collectors.joining());
        return persisting(
                Reason.DRIFTED,
                "%s: driftPolicy is Report, so it stays; put it right%s, or set driftPolicy: Repair"
                        .formatted(texts(differences), how));
    }

    static Drift foreign(List<Difference> files) {
        return persisting(
                Reason.FOREIGN_DROP_IN, texts(files) + ": it is left alone; remove it if it is not meant to be there");
    }

    static Drift contended(Contention fight, List<Difference> now) {
        String times = fight.times().stream().map(Texts::time).collect(Collectors.joining(", "));
        return persisting(
                Reason.CONTENDED,
                "%s was put right at %s, and somebody changes it again and again: it is left alone until the spec changes; find who does it%s"
                        .formatted(fight.subject(), times, now.isEmpty() ? "" : ". Now " + texts(now)));
    }

    /** Nothing, if there were no repairs. */
    static Drift repaired(List<Difference> repairs, Clock clock) {
        return repairs.isEmpty()
                ? Drift.NONE
                : new Drift(
                        false,
                        Reason.REPAIRED,
                        Conditions.bounded("put right at %s: %s".formatted(time(clock.instant()), texts(repairs))));
    }

    private static Drift persisting(Reason reason, String message) {
        return new Drift(true, reason, Conditions.bounded(message));
    }

    private static String texts(List<Difference> differences) {
        return some(differences.stream().map(Difference::text).toList(), "; ");
    }

    /** The first few, and how many more there are. */
    static String some(List<String> texts, String separator) {
        return texts.stream().limit(NAMED).collect(Collectors.joining(separator))
                + (texts.size() > NAMED ? separator + (texts.size() - NAMED) + " more" : "");
    }

    private static String time(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
