package io.unitsmith.agent.migrate;

import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** A place in a line, and what the tokens of PHP's ini language have in common (zend_ini_scanner.l). */
final class IniCursor {

    private final String text;
    private int at;

    /** @param line without its line end */
    IniCursor(String line) {
        text = line + "\n";
    }

    boolean isAtEnd() {
        return at >= text.length();
    }

    /** The next character; a NUL, which no line may have, where there is none. */
    char peek() {
        return isAtEnd() ? 0 : text.charAt(at);
    }

    void skip(int count) {
        at += count;
    }

    int position() {
        return at;
    }

    /** Without spaces around it. */
    String since(int start) {
        return text.substring(start, Math.min(at, text.length())).strip();
    }

    boolean startsWith(String token) {
        return text.startsWith(token, at);
    }

    /** The run of characters that are of one kind, which is skipped. */
    String run(IntPredicate kind) {
        int start = at;
        while (!isAtEnd() && kind.test(text.charAt(at))) {
            at++;
        }
        return text.substring(start, at);
    }

    String blanks() {
        return run(IniCursor::isBlank);
    }

    /** The first character after any blanks from here. */
    char peekAfterBlanks() {
        int next = at;
        while (next < text.length() && isBlank(text.charAt(next))) {
            next++;
        }
        return next < text.length() ? text.charAt(next) : 0;
    }

    static boolean isBlank(int c) {
        return c == ' ' || c == '\t';
    }

    static boolean isLineEnd(int c) {
        return c == '\n' || c == '\r';
    }

    /** A {@code $} that starts no variable takes the next character along, whatever it is. */
    boolean isAtLiteralDollar() {
        return peek() == '$' && at + 1 < text.length() && text.charAt(at + 1) != '{' && text.charAt(at + 1) != 0;
    }

    String literalDollar() {
        int length = text.charAt(at + 1) == '\\' && at + 2 < text.length() ? 3 : 2;
        at += length;
        return text.substring(at - length, at);
    }

    /** What stands in single quotes, raw; null if they are empty or not closed, which makes them no quotes. */
    @Nullable
    String singleQuoted() {
        int end = text.indexOf('\'', at + 1);
        if (end < 0 || end == at + 1) {
            return null;
        }
        String content = text.substring(at + 1, end);
        at = end + 1;
        return content;
    }

    /** What stands in double quotes, which take the blanks around them along; the variables in it go to {@code variables}. */
    String doubleQuoted(List<String> variables) throws Unreadable {
        blanks();
        at++;
        var content = new StringBuilder();
        while (peek() != '"') {
            if (isAtEnd()) {
                throw new Unreadable("the double quote is not closed");
            }
            if (startsWith("${")) {
                variables.add(variable());
            } else if (peek() == '\\' && at + 1 < text.length()) {
                escape(content);
            } else {
                content.append(text.charAt(at++));
            }
        }
        at++;
        blanks();
        return content.toString();
    }

    /** Only {@code "}, a backslash and {@code $} are escaped; and at the end of a line a quote is always the closing one. */
    private void escape(StringBuilder content) {
        char escaped = text.charAt(at + 1);
        if (escaped == '"' && (at + 2 >= text.length() || isLineEnd(text.charAt(at + 2)))) {
            content.append('\\');
            at++;
            return;
        }
        if (escaped != '"' && escaped != '\\' && escaped != '$') {
            content.append('\\');
        }
        content.append(escaped);
        at += 2;
    }

    /** A {@code ${NAME}}, as it stands there. */
    String variable() throws Unreadable {
        int end = text.indexOf('}', at);
        if (end < 0) {
            throw new Unreadable("${ is not closed");
        }
        String variable = text.substring(at, end + 1);
        at = end + 1;
        return variable;
    }
}
