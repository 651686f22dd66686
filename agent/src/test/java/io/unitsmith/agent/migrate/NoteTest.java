package io.unitsmith.agent.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.migrate.Note.Kind;
import org.junit.jupiter.api.Test;

class NoteTest {

    @Test
    void whateverIsInAFileANoteIsOneLineToRead() {
        var note = new Note(new Place("/a\nb", 3), Kind.DROPPED, "x = \u001b[31m\r\u0085\u202e\ud800é", "why");
        assertThat(note).hasToString("/a\\u000ab:3: x = \\u001b[31m\\u000d\\u0085\\u202e\\ud800é: dropped: why");
    }

    @Test
    void aWholeFileHasNoLine() {
        assertThat(new Note(new Place("/a", 0), Kind.ERROR, "", "is not there")).hasToString("/a: error: is not there");
    }
}
