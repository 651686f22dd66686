package io.unitsmith.agent.cli;

import io.unitsmith.agent.migrate.ConfigFiles;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Configurations of PHP-FPM on a disk. */
final class DiskConfigFiles implements ConfigFiles {

    private static final Pattern TOKEN = Pattern.compile("\\[[!^]?]?[^]]*]|\\\\.|.");

    private final Path root;

    /** @param root what absolute paths begin at */
    DiskConfigFiles(Path root) {
        this.root = root;
    }

    @Override
    public String read(String path) throws Missing {
        try {
            return Files.readString(at(path));
        } catch (NoSuchFileException e) {
            throw new Missing("is not there");
        } catch (CharacterCodingException e) {
            throw new Missing("is not UTF-8: convert it first");
        } catch (IOException e) {
            throw new Missing("cannot be read: " + e.getMessage());
        }
    }

    private Path at(String path) {
        return path.startsWith("/") ? root.resolve(path.substring(1)) : Path.of(path);
    }

    @Override
    public List<String> glob(String pattern) {
        List<String> found = List.of("");
        for (String name : pattern.substring(1).split("/+", -1)) {
            found = found.stream().flatMap(folder -> matches(folder, name)).toList();
        }
        return found.stream().filter(path -> Files.isRegularFile(at(path))).toList();
    }

    private Stream<String> matches(String folder, String name) {
        if (name.chars().noneMatch(c -> "*?[\\".indexOf(c) >= 0)) {
            String path = folder + "/" + name;
            return Files.exists(at(path)) ? Stream.of(path) : Stream.empty();
        }
        Pattern pattern = regex(name);
        List<String> found = new ArrayList<>();
        try (Stream<Path> there = Files.list(at(folder + "/"))) {
            there.map(path -> path.getFileName().toString())
                    .filter(one -> pattern.matcher(one).matches())
                    // glob(3) wants the dot of a hidden file to be named
                    .filter(one -> !one.startsWith(".") || name.startsWith("."))
                    .sorted()
                    .forEach(one -> found.add(folder + "/" + one));
        } catch (IOException e) {
            return Stream.empty();
        }
        return found.stream();
    }

    /** Of glob(7): {@code *}, {@code ?}, {@code [a-z]}, {@code [!a-z]} and the backslash. */
    private static Pattern regex(String name) {
        var regex = new StringBuilder();
        TOKEN.matcher(name)
                .results()
                .map(token -> token.group())
                .forEach(token -> regex.append(
                        switch (token.charAt(0)) {
                            case '*' -> ".*";
                            case '?' -> ".";
                            case '[' -> token.length() == 1 ? "\\[" : set(token);
                            case '\\' -> Pattern.quote(token.substring(Math.min(1, token.length() - 1)));
                            default -> Pattern.quote(token);
                        }));
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    private static String set(String token) {
        boolean isNegated = token.charAt(1) == '!' || token.charAt(1) == '^';
        String members = token.substring(isNegated ? 2 : 1, token.length() - 1)
                .replace("\\", "\\\\")
                .replace("[", "\\[")
                .replace("]", "\\]")
                .replace("&", "\\&");
        return "[" + (isNegated ? "^" : "") + members + "]";
    }
}
