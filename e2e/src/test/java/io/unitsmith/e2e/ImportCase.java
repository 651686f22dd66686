package io.unitsmith.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.unitsmith.api.v1alpha1.Names;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A golden case of the importer whose original files plain php-fpm can serve too: with sockets and logs elsewhere, and
 * without what the test hosts do not have.
 *
 * @param namespace one for each, since names come again
 */
record ImportCase(String namespace, Path folder, List<String> arguments, List<Pool> pools) {

    /** Where plain php-fpm has its files. */
    static final String PLAIN = "/var/tmp/plain";

    private static final Path CASES = Path.of("../agent/src/test/resources/import");
    private static final Map<String, String> PROGRAMS =
            Map.of("8.4", "/usr/sbin/php-fpm8.4", "8.2", "/opt/php/8.2/usr/sbin/php-fpm8.2");
    private static final Pattern ORIGIN = Pattern.compile("^# \\[(.*)] of (/.*):\\d+$", Pattern.MULTILINE);
    private static final Pattern NOTE = Pattern.compile("^# (/.*)$", Pattern.MULTILINE);

    /**
     * One manifest, and the section that it was.
     *
     * @param master the name of the plain php-fpm that serves the section
     * @param notes what the importer told of it
     */
    record Pool(String namespace, String section, String master, JsonNode manifest, List<String> notes) {

        private JsonNode spec() {
            return manifest.path("spec");
        }

        private String name() {
            return manifest.at("/metadata/name").asText();
        }

        String user() {
            return spec().path("user").asText();
        }

        String group() {
            return spec().path("group").asText(user());
        }

        String program() {
            return PROGRAMS.getOrDefault(version(), "");
        }

        private String version() {
            return spec().path("phpVersion").asText();
        }

        String originalSocket() {
            return "%s/%s/%s.sock".formatted(PLAIN, master, section);
        }

        String socket() {
            return Names.socketPath(namespace, name());
        }

        String service() {
            return "unitsmith-fpm@%s.service".formatted(Names.instance(namespace, name()));
        }

        /** Where open_basedir lets PHP read it, with an extension that it runs. */
        String script() {
            String basedir = spec().at("/phpAdminValues/open_basedir").asText("/home/%s/www".formatted(user()));
            String extension = spec().at("/limitExtensions/0").asText(".php");
            return basedir.split(":", -1)[0].replaceAll("/$", "") + "/import" + extension;
        }

        @Override
        public String toString() {
            return "[%s] of %s".formatted(section, master);
        }
    }

    static List<ImportCase> all() {
        List<ImportCase> cases = new ArrayList<>();
        try (Stream<Path> folders = Files.list(CASES)) {
            for (Path folder : folders.filter(Files::isDirectory).sorted().toList()) {
                JsonNode description = Serialization.unmarshal(text(folder.resolve("case.yaml")), JsonNode.class);
                ImportCase one = of(folder, description, "import-" + cases.size());
                boolean isInstalled =
                        one.pools().stream().noneMatch(pool -> pool.program().isEmpty());
                if (!description.has("unserved") && isInstalled && !one.pools().isEmpty()) {
                    cases.add(one);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return cases;
    }

    private static ImportCase of(Path folder, JsonNode description, String namespace) {
        List<String> arguments = new ArrayList<>();
        description.path("arguments").forEach(argument -> arguments.add(argument.asText()));
        arguments.removeIf(argument -> !argument.startsWith("/"));
        List<Pool> pools = new ArrayList<>();
        for (String document : text(folder.resolve("expected.yaml")).split("(?m)^---\n", -1)) {
            Matcher origin = ORIGIN.matcher(document);
            if (origin.find()) {
                pools.add(new Pool(
                        namespace,
                        origin.group(1),
                        master(namespace, arguments, origin.group(2)),
                        Serialization.unmarshal(document, JsonNode.class),
                        NOTE.matcher(document)
                                .results()
                                .map((MatchResult note) -> note.group(1))
                                .toList()));
            }
        }
        return new ImportCase(namespace, folder, arguments, pools);
    }

    /** Each file that the importer is given is a master's, with what it includes. */
    private static String master(String namespace, List<String> arguments, String file) {
        return "%s-%d".formatted(namespace, Math.max(0, arguments.indexOf(file)));
    }

    /** What the importer wrote, in the case's own namespace. */
    String manifests() {
        return text(folder.resolve("expected.yaml")).replaceAll("(?m)^  namespace: .*$", "  namespace: " + namespace);
    }

    /** The files that plain php-fpm is to have, at their paths. */
    Map<String, String> originals() {
        Map<String, String> originals = new LinkedHashMap<>();
        Set<String> masters =
                new LinkedHashSet<>(pools.stream().map(Pool::master).toList());
        try (Stream<Path> found = Files.walk(folder.resolve("in"))) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                for (String master : masters) {
                    String path = "/" + folder.resolve("in").relativize(file);
                    originals.put("%s/%s/in%s".formatted(PLAIN, master, path), elsewhere(text(file), master));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (String master : masters) {
            int number = Integer.parseInt(master.substring(master.lastIndexOf('-') + 1));
            originals.put(
                    "%s/%s/main.conf".formatted(PLAIN, master), """
                    [global]
                    error_log = %1$s/%2$s/error.log
                    include = %1$s/%2$s/in%3$s
                    """.formatted(PLAIN, master, arguments.get(number)));
        }
        return originals;
    }

    /** No line of it that is left alone says anything to scripts; to have more cores than a container may is fatal. */
    private static String elsewhere(String text, String master) {
        String folder = PLAIN + "/" + master;
        return text.replaceAll(
                        "(?m)^[ \t]*(listen\\..*|apparmor_hat.*|pm\\.status_listen.*|daemonize.*|rlimit_core.*)$", ";")
                .replaceAll("(?m)^([ \t]*listen)[ \t]*=.*$", "$1 = " + folder + "/\\$pool.sock")
                .replaceAll(
                        "(?m)^([ \t]*(?:access\\.log|slowlog|error_log|pid))[ \t]*=.*$", "$1 = " + folder + "/a.log")
                .replaceAll("(?m)^([ \t]*include[ \t]*=[ \t]*\"?)/", "$1" + folder + "/in/");
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
