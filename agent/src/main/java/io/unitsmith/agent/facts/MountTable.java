package io.unitsmith.agent.facts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is mounted, from the kernel's own list: to look at the path itself would be to wait for its server. */
public final class MountTable {

    private static final Logger LOG = LoggerFactory.getLogger(MountTable.class);
    private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");

    private final Path mountinfo;

    /**
     * Reads the list anew at every question.
     *
     * @param mountinfo /proc/self/mountinfo
     */
    public MountTable(Path mountinfo) {
        this.mountinfo = mountinfo;
    }

    public boolean isMounted(String path) {
        try (var lines = Files.lines(mountinfo)) {
            Set<String> points = lines.map(line -> line.split(" ", -1))
                    .filter(fields -> fields.length > 4)
                    .map(fields -> OCTAL.matcher(fields[4]).replaceAll(MountTable::character))
                    .collect(Collectors.toSet());
            return points.contains(path);
        } catch (IOException e) {
            LOG.warn("{} could not be read: {}", mountinfo, e.getMessage());
            return false;
        }
    }

    private static String character(MatchResult octal) {
        return java.util.regex.Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(octal.group(1), 8)));
    }
}
