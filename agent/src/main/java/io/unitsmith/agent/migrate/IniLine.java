package io.unitsmith.agent.migrate;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One line of a configuration: PHP-FPM has each of them parsed by itself (fpm_conf.c). */
final class IniLine {

    private static final Pattern CONSTANT = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");
    private static final String NO_LABEL = "=\n\r\t;&|^$~(){}!\"[]\0";
    private static final String NO_BRACKETED = "$\n\r;\"']\\\0";

    private final IniCursor cursor;
    private final PhpConstants constants;

    private IniLine(IniCursor cursor, PhpConstants constants) {
        this.cursor = cursor;
        this.constants = constants;
    }

    /** What a line says. */
    sealed interface Statement {}

    /** A {@code [name]}. */
    record Section(String name) implements Statement {}

    /**
     * A {@code name = value} or {@code name[key] = value}.
     *
     * @param key empty for {@code name[]}; null without brackets
     */
    record Entry(String name, @Nullable String key, IniValue value) implements Statement {

        /** As it stands in the file. */
        @Override
        public String toString() {
            return name + (key == null ? "" : "[" + key + "]") + " = " + value.source();
        }
    }

    /** None for an empty line or a comment; more than one where something stands behind a section's name. */
    static List<Statement> read(String line, PhpConstants constants) throws Unreadable {
        var reader = new IniLine(new IniCursor(line.startsWith("\ufeff") ? line.substring(1) : line), constants);
        List<Statement> statements = new ArrayList<>();
        while (reader.skipToStatement()) {
            statements.add(reader.statement());
        }
        return statements;
    }

    /** Whether there is one. */
    private boolean skipToStatement() {
        cursor.run(c -> IniCursor.isBlank(c) || IniCursor.isLineEnd(c));
        while (cursor.peek() == ';') {
            cursor.run(c -> !IniCursor.isLineEnd(c));
            cursor.run(c -> IniCursor.isBlank(c) || IniCursor.isLineEnd(c));
        }
        return !cursor.isAtEnd();
    }

    private Statement statement() throws Unreadable {
        if (cursor.peek() == '[') {
            cursor.skip(1);
            return new Section(bracketed(false));
        }
        if (cursor.peek() == '#') {
            throw new Unreadable("a comment begins with ;");
        }
        String name = cursor.run(c -> NO_LABEL.indexOf(c) < 0).strip();
        if (name.isEmpty()) {
            throw new Unreadable("%s cannot stand there".formatted(cursor.peek()));
        }
        @Nullable String key = null;
        if (cursor.peek() == '[') {
            cursor.skip(1);
            cursor.blanks();
            key = bracketed(true);
        }
        cursor.blanks();
        if (cursor.peek() != '=') {
            throw new Unreadable("there is no = and no value");
        }
        cursor.skip(1);
        cursor.blanks();
        return new Entry(name, key, IniExpression.read(cursor, constants));
    }

    /**
     * What stands up to the closing bracket.
     *
     * @param isKey a constant in the name of a section is none
     */
    private String bracketed(boolean isKey) throws Unreadable {
        var text = new StringBuilder();
        while (isKey ? cursor.peekAfterBlanks() != ']' : cursor.peek() != ']') {
            if (cursor.peekAfterBlanks() == '"') {
                List<String> variables = new ArrayList<>();
                text.append(cursor.doubleQuoted(variables));
                refuse(variables);
            } else if (cursor.peek() == '\'') {
                @Nullable String quoted = cursor.singleQuoted();
                if (quoted == null) {
                    throw new Unreadable("the single quote in the brackets is not closed");
                }
                text.append(quoted);
            } else if (cursor.startsWith("${")) {
                refuse(List.of(cursor.variable()));
            } else {
                text.append(word(isKey));
            }
        }
        cursor.blanks();
        cursor.skip(1);
        return text.toString();
    }

    private static void refuse(List<String> variables) throws Unreadable {
        if (!variables.isEmpty()) {
            throw new Unreadable(
                    "%s in brackets comes from php.ini or the environment of php-fpm: write the name itself"
                            .formatted(variables.getFirst()));
        }
    }

    private String word(boolean isKey) throws Unreadable {
        var word = new StringBuilder();
        int before;
        do {
            before = word.length();
            word.append(cursor.run(c -> NO_BRACKETED.indexOf(c) < 0));
            if (cursor.isAtLiteralDollar()) {
                word.append(cursor.literalDollar());
            } else if (cursor.peek() == '\\') {
                word.append('\\');
                cursor.skip(1);
                word.append(cursor.peek());
                cursor.skip(1);
            }
        } while (word.length() > before);
        if (word.isEmpty()) {
            throw new Unreadable("the bracket is not closed");
        }
        @Nullable
        String constant = isKey && CONSTANT.matcher(word).matches() ? constants.valueInBrackets(word.toString()) : null;
        return constant == null ? word.toString() : constant;
    }
}
