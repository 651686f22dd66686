package io.unitsmith.agent.apply;

import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.plan.Remains;
import io.unitsmith.agent.unit.UnitFile;
import io.unitsmith.agent.workload.CredentialFolder;
import io.unitsmith.agent.workload.Header;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Looks for what an agent has left on the host. It follows no link, and takes nothing that does not belong to root. */
final class Scan {

    private static final String CONFIGS = "/etc/unitsmith";

    /** Longer than any header. */
    private static final int FIRST_BYTES = 1024;

    private final AtomicFiles files;
    private final Map<String, String> headers = new TreeMap<>();
    private final Map<String, String> links = new TreeMap<>();
    private final Set<String> credentials = new TreeSet<>();
    private final Set<String> hollow = new TreeSet<>();

    private Scan(AtomicFiles files) {
        this.files = files;
    }

    static Remains of(AtomicFiles files) throws IOException {
        Scan scan = new Scan(files);
        scan.visit(files.at(UnitFile.FOLDER), 2);
        scan.visit(files.at(CONFIGS), 3);
        return new Remains(scan.headers, scan.links, scan.credentials, scan.hollow);
    }

    /** Returns whether there is nothing in the folder, however deep. */
    private boolean visit(Path folder, int depth) throws IOException {
        if (depth == 0 || !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        List<Path> inside;
        try (Stream<Path> listed = Files.list(folder)) {
            inside = listed.filter(path -> !AtomicFiles.isTemporary(path)).toList();
        }
        boolean isHollow = true;
        for (Path path : inside) {
            boolean inIt = visit(path, depth - 1);
            if (inIt) {
                hollow.add(files.name(path));
            }
            isHollow &= inIt;
            take(path);
        }
        return isHollow;
    }

    private void take(Path path) throws IOException {
        String name = files.name(path);
        if (Files.isSymbolicLink(path)) {
            if (name.matches(".*\\.wants/[^/]+")) {
                links.put(name, Files.readSymbolicLink(path).toString());
            }
        } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) && files.isOwn(path)) {
            if (name.startsWith(CredentialFolder.ALL)) {
                credentials.add(name);
            } else {
                String firstLine = firstLine(path);
                if (firstLine.contains(Header.MARK)) {
                    headers.put(name, firstLine);
                }
            }
        }
    }

    private static String firstLine(Path file) throws IOException {
        try (InputStream content = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            String start = new String(content.readNBytes(FIRST_BYTES), StandardCharsets.UTF_8);
            int end = start.indexOf('\n');
            return end < 0 ? start : start.substring(0, end);
        }
    }
}
