package io.unitsmith.agent.migrate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The value behind a =, as PHP's ini language has it: words, quotes, constants and operators (zend_ini_parser.y). */
final class IniExpression {

    private static final Set<String> TRUE = Set.of("true", "on", "yes");
    private static final Set<String> FALSE = Set.of("false", "off", "no", "none", "null");
    private static final Pattern CONSTANT = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");
    private static final String OPERATORS = "&|^~()!";
    private static final String NO_WORD = "$= \t\n\r;&|^~()!\"'\0";

    private final IniCursor cursor;
    private final PhpConstants constants;
    private final List<String> unknown = new ArrayList<>();
    private boolean isCalculated;
    private boolean isQuoted;

    /** Whether a lone single quote has ended the value. */
    private boolean isCut;

    private IniExpression(IniCursor cursor, PhpConstants constants) {
        this.cursor = cursor;
        this.constants = constants;
    }

    /** Reads up to the line's end, or to where PHP takes the value to end. */
    static IniValue read(IniCursor cursor, PhpConstants constants) throws Unreadable {
        var expression = new IniExpression(cursor, constants);
        int start = cursor.position();
        String text = expression.value();
        String source = cursor.since(start);
        expression.end();
        @Nullable String unknown = expression.unknown.isEmpty() ? null : expression.unknown.getFirst();
        return new IniValue(text, source, expression.isCalculated, expression.isQuoted, unknown);
    }

    private String value() throws Unreadable {
        if (isAtValueEnd()) {
            return "";
        }
        String word = booleanWord();
        return word == null ? expression() : word;
    }

    /** {@code on} is 1 and {@code off} is nothing, as whole words alone; with more behind them they are an error. */
    private @Nullable String booleanWord() {
        int start = cursor.position();
        String word = cursor.run(c -> NO_WORD.indexOf(c) < 0).toLowerCase(Locale.ROOT);
        if (!cursor.isAtLiteralDollar() && (TRUE.contains(word) || FALSE.contains(word))) {
            cursor.blanks();
            return TRUE.contains(word) ? "1" : "";
        }
        cursor.skip(start - cursor.position());
        return null;
    }

    private String expression() throws Unreadable {
        String left = operand();
        while (!isAtValueEnd() && "&|^".indexOf(cursor.peek()) >= 0) {
            char operator = operator();
            int right = number(operand());
            int number = number(left);
            left = Integer.toString(
                    switch (operator) {
                        case '&' -> number & right;
                        case '|' -> number | right;
                        default -> number ^ right;
                    });
        }
        return left;
    }

    private String operand() throws Unreadable {
        return switch (cursor.peek()) {
            case '~' -> {
                operator();
                yield Integer.toString(~number(operand()));
            }
            case '!' -> {
                operator();
                yield number(operand()) == 0 ? "1" : "0";
            }
            case '(' -> {
                operator();
                String inner = expression();
                if (cursor.peek() != ')') {
                    throw new Unreadable("( is not closed; put the value in quotes");
                }
                operator();
                yield inner;
            }
            default -> words();
        };
    }

    private char operator() {
        char operator = cursor.peek();
        cursor.skip(1);
        cursor.blanks();
        isCalculated = true;
        return operator;
    }

    /** What stands side by side is one text, quoted or not. */
    private String words() throws Unreadable {
        var text = new StringBuilder();
        int start = cursor.position();
        while (!isAtValueEnd() && OPERATORS.indexOf(cursor.peek()) < 0) {
            if (cursor.peekAfterBlanks() == '"') {
                List<String> variables = new ArrayList<>();
                text.append(cursor.doubleQuoted(variables));
                unknown.addAll(variables);
                isQuoted = true;
            } else if (IniCursor.isBlank(cursor.peek())) {
                text.append(cursor.blanks());
            } else if (cursor.peek() == '\'') {
                text.append(singleQuoted());
            } else if (cursor.startsWith("${")) {
                unknown.add(cursor.variable());
            } else {
                text.append(word());
            }
        }
        if (cursor.position() == start && !isCut) {
            throw new Unreadable("%s is an operator here; put the value in quotes".formatted(cursor.peek()));
        }
        return text.toString();
    }

    private String singleQuoted() {
        String content = cursor.singleQuoted();
        if (content == null) {
            cursor.skip(1);
            isCut = true;
            return "";
        }
        isQuoted = true;
        return content;
    }

    private String word() throws Unreadable {
        var word = new StringBuilder();
        int before;
        do {
            before = word.length();
            word.append(cursor.run(c -> NO_WORD.indexOf(c) < 0));
            if (cursor.isAtLiteralDollar()) {
                word.append(cursor.literalDollar());
            }
        } while (word.length() > before);
        String text = word.toString();
        String lower = text.toLowerCase(Locale.ROOT);
        if (TRUE.contains(lower) || FALSE.contains(lower)) {
            throw new Unreadable("the word %s cannot stand beside others; put the value in quotes".formatted(text));
        }
        if (text.isEmpty()) {
            throw new Unreadable("the value has a character that cannot be read");
        }
        return CONSTANT.matcher(text).matches() ? constant(text) : text;
    }

    private String constant(String name) {
        String value = constants.value(name);
        if (value != null) {
            isCalculated = true;
            return value;
        }
        if (constants.mayHave(name)) {
            unknown.add(name);
        }
        return name;
    }

    private boolean isAtValueEnd() {
        char next = cursor.peekAfterBlanks();
        return isCut || cursor.isAtEnd() || IniCursor.isLineEnd(next) || next == ';' || cursor.peek() == '=';
    }

    private void end() throws Unreadable {
        if (!isAtValueEnd() || (!isCut && cursor.peek() == '=')) {
            throw new Unreadable("%s cannot stand there; put the value in quotes".formatted(cursor.peek()));
        }
    }

    /** As atoi(3) does it: what is no number is 0. */
    static int number(String text) {
        int at = 0;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        boolean isNegative = at < text.length() && text.charAt(at) == '-';
        if (isNegative || (at < text.length() && text.charAt(at) == '+')) {
            at++;
        }
        long number = 0;
        for (; at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9'; at++) {
            int digit = text.charAt(at) - '0';
            number = number > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : number * 10 + digit;
        }
        return (int) (isNegative ? -number : number);
    }
}
