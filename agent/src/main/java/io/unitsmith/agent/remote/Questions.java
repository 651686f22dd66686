package io.unitsmith.agent.remote;

import io.unitsmith.agent.workload.Sight.Answer;
import io.unitsmith.agent.workload.Sight.Broken;
import io.unitsmith.agent.workload.Sight.Hung;
import io.unitsmith.agent.workload.Sight.Unknown;
import io.unitsmith.agent.workload.Watch;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Remembers who was asked when, and what came of it. No I/O. */
final class Questions {

    private static final Answer UNKNOWN = new Unknown();

    /** Files' times are coarse. */
    private static final Duration SLACK = Duration.ofSeconds(2);

    private final Map<String, Question> questions = new HashMap<>();
    private boolean isFirstLook = true;

    /**
     * What was asked of one unit's server.
     *
     * @param since a question of before that is about what was mounted there before
     */
    private record Question(Session session, Instant since, Instant asked, Answer answer) {}

    /**
     * One time that something is mounted.
     *
     * @param device as mountinfo has it; the kernel gives the number of one that is gone to the next
     * @param began when systemd mounted it; null if it does not say, as while it waits for a hung one to be unmounted
     */
    record Session(String device, @Nullable Instant began) {

        boolean mayBe(Session other) {
            boolean same = began == null || other.began == null || began.equals(other.began);
            return same && device.equals(other.device);
        }
    }

    /** Only these are mounted now. */
    void retain(Collection<String> units) {
        questions.keySet().retainAll(units);
    }

    /** Whether the server of this unit is to be asked now; then it counts as asked. What is newly mounted is. */
    boolean isDue(String unit, Session session, Watch watch, Instant now) {
        @Nullable Question known = questions.get(unit);
        if (known == null || !known.session().mayBe(session)) {
            // an agent that is new goes by the question of the one before it, which may have got no answer yet
            Instant since = isFirstLook ? Instant.EPOCH : now.minus(SLACK);
            questions.put(unit, new Question(session, since, now, UNKNOWN));
            return true;
        }
        boolean due = !now.isBefore(known.asked().plus(pace(known.answer(), watch)));
        Session told = known.session().began() == null ? session : known.session();
        questions.put(unit, new Question(told, known.since(), due ? now : known.asked(), known.answer()));
        return due;
    }

    /** An error that may have passed takes nothing away. Where nothing is taken away, what is broken may go idle. */
    private static Duration pace(Answer answer, Watch watch) {
        boolean soon =
                answer instanceof Broken && watch.forces() && watch.timeout().compareTo(watch.every()) < 0;
        return soon ? watch.timeout() : watch.every();
    }

    /** Everything that is mounted has been looked at once. */
    void looked() {
        isFirstLook = false;
    }

    /** Takes note of what came of the last question; empty if that is not known. Returns the answer as it is now. */
    Answer note(String unit, Watch watch, Optional<Reply> reply, Instant now) {
        @Nullable Question known = questions.get(unit);
        if (known == null || reply.isEmpty() || reply.get().at().isBefore(known.since())) {
            return UNKNOWN;
        }
        Answer answer = answer(known.answer(), reply.get(), watch, now);
        questions.put(unit, new Question(known.session(), known.since(), known.asked(), answer));
        return answer;
    }

    private static Answer answer(Answer before, Reply reply, Watch watch, Instant now) {
        if (reply.isOpen()) {
            boolean late = !now.isBefore(reply.at().plus(watch.timeout()));
            return late ? new Hung(reply.at()) : before;
        }
        Answer answer = reply.answer();
        boolean same = answer instanceof Broken && before instanceof Broken;
        return same ? before : answer;
    }

    /** When the next of those who have not answered yet hangs. */
    static Optional<Instant> hangsAt(Optional<Reply> reply, Watch watch, Instant now) {
        return reply.filter(Reply::isOpen)
                .map(open -> open.at().plus(watch.timeout()))
                .filter(now::isBefore);
    }

    /** Whether it is to be taken away by force. While a question is open, nobody knows whether an error has passed. */
    static boolean isToBeForced(Answer answer, Optional<Reply> reply, Watch watch, Instant now) {
        Duration patience = watch.timeout().multipliedBy(2);
        return watch.forces()
                && switch (answer) {
                    case Hung(Instant since) -> !now.isBefore(since.plus(patience));
                    case Broken broken ->
                        !reply.map(Reply::isOpen).orElse(true)
                                && !now.isBefore(broken.since().plus(patience));
                    default -> false;
                };
    }
}
