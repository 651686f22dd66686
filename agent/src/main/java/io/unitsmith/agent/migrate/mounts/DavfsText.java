package io.unitsmith.agent.migrate.mounts;

import java.util.ArrayList;
import java.util.List;

/** Files of davfs2, its configuration and its secrets: words of a line, as mount.davfs finds them (parse_line). */
final class DavfsText {

    private DavfsText() {}

    /** The words of each line that has some. */
    static List<List<String>> lines(String text) {
        return text.lines()
                .map(DavfsText::words)
                .filter(words -> !words.isEmpty())
                .toList();
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        int at = 0;
        while (at < line.length() && line.charAt(at) != '#') {
            if (isBlank(line.charAt(at))) {
                at++;
            } else {
                var word = new StringBuilder();
                at = line.charAt(at) == '"' ? quoted(line, at + 1, word) : plain(line, at, word);
                words.add(word.toString());
            }
        }
        return words;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /** Where a word between quotes ends: a backslash counts before a quote or another one. */
    private static int quoted(String line, int from, StringBuilder word) {
        int at = from;
        while (at < line.length() && line.charAt(at) != '"') {
            boolean isEscape = line.charAt(at) == '\\'
                    && at + 1 < line.length()
                    && (line.charAt(at + 1) == '"' || line.charAt(at + 1) == '\\');
            at += isEscape ? 1 : 0;
            word.append(line.charAt(at));
            at++;
        }
        return at + 1;
    }

    private static int plain(String line, int from, StringBuilder word) {
        int at = from;
        while (at < line.length() && !isBlank(line.charAt(at)) && line.charAt(at) != '#') {
            at += line.charAt(at) == '\\' && at + 1 < line.length() ? 1 : 0;
            word.append(line.charAt(at));
            at++;
        }
        return at;
    }
}
