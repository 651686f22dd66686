package io.unitsmith.agent.apply;

import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.systemd.Job;
import io.unitsmith.agent.systemd.Systemd;
import io.unitsmith.agent.unit.UnitFile;
import io.unitsmith.agent.workload.Rendering.Check;
import io.unitsmith.api.v1alpha1.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the checks of renderings before anything live is touched: each as a service of its own, as the workload's user,
 * in its sandbox, on copies in a throw-away folder.
 *
 * <p>A unit file under /run and not StartTransientUnit: a sandbox is written as it stands in unit files, and on D-Bus
 * every property would have a type of its own.
 */
public final class Checks implements ConfigurationCheck {

    private static final Logger LOG = LoggerFactory.getLogger(Checks.class);

    private static final String UNITS = "/run/systemd/system";
    private static final String PREFIX = "unitsmith-check-";
    static final String FOLDER = "/run/unitsmith/check";
    private static final String OUTPUT = "output";
    private static final int TIMEOUT_SECONDS = 15;
    private static final Duration DEADLINE = Duration.ofSeconds(TIMEOUT_SECONDS + 5);

    private final AtomicFiles files;
    private final Systemd systemd;

    public Checks(AtomicFiles files, Systemd systemd) {
        this.files = files;
        this.systemd = systemd;
    }

    /** All at once. */
    @Override
    public List<Optional<Problem>> run(List<Check> checks, Map<String, Long> uids) throws IOException {
        try {
            for (int i = 0; i < checks.size(); i++) {
                prepare(i, checks.get(i), uids.get(checks.get(i).user()));
            }
            List<String> units =
                    IntStream.range(0, checks.size()).mapToObj(Checks::unit).toList();
            Map<String, Job.Result> results = systemd.run(Job.START, units, DEADLINE);
            List<Optional<Problem>> problems = new ArrayList<>();
            for (int i = 0; i < checks.size(); i++) {
                Job.@Nullable Result result = results.get(unit(i));
                problems.add(
                        result != null && result.done()
                                ? Optional.empty()
                                : Optional.of(checks.get(i).explain().apply(outputOf(i))));
            }
            return problems;
        } finally {
            sweep();
        }
    }

    private static String unit(int id) {
        return PREFIX + id + ".service";
    }

    private void prepare(int id, Check check, @Nullable Long uid) throws IOException {
        String folder = FOLDER + "/" + id;
        files.makeFolder("/run/unitsmith", 0755);
        files.makeFolder(FOLDER, 0711);
        files.makeFolder(folder, 0711);
        for (Map.Entry<String, String> file : check.files().entrySet()) {
            files.write(folder + "/" + file.getKey(), file.getValue().getBytes(StandardCharsets.UTF_8), 0600, uid);
        }
        // there before systemd opens it, so that nobody else can read it
        files.write(folder + "/" + OUTPUT, new byte[0], 0600, null);
        files.write(UNITS + "/" + unit(id), text(folder, check).getBytes(StandardCharsets.UTF_8), 0644, null);
    }

    private static String text(String folder, Check check) {
        String[] command = check.command().stream()
                .map(argument -> argument.replace("{}", folder))
                .toArray(String[]::new);
        UnitFile unit = UnitFile.startingWith("Made for one check by Unitsmith.")
                .section("Unit")
                .set("Description", "Check of a configuration by Unitsmith")
                .section("Service")
                .set("Type", "oneshot")
                .set("User", check.user());
        if (check.group() != null) {
            unit.set("Group", check.group());
        }
        check.properties().forEach(property -> {
            String[] parts = property.split("=", 2);
            unit.setWithSpecifiers(parts[0], parts[1]);
        });
        return unit.set("ExecStart", UnitFile.command(command))
                .set("StandardOutput", "truncate:" + folder + "/" + OUTPUT)
                .set("StandardError", "inherit")
                .set("TimeoutStartSec", TIMEOUT_SECONDS + "s")
                .set("TimeoutStopSec", "1s")
                .text();
    }

    private String outputOf(int id) {
        try {
            return files.readForeign(FOLDER + "/" + id + "/" + OUTPUT).orElse("");
        } catch (IOException e) {
            LOG.warn("the output of a check could not be read: {}", e.getMessage());
            return "";
        }
    }

    /** Removes what checks leave, those of an agent that was killed included. */
    public void sweep() throws IOException {
        if (Files.isDirectory(files.at(UNITS))) {
            try (var units = Files.newDirectoryStream(files.at(UNITS), PREFIX + "*.service")) {
                for (Path unit : units) {
                    systemd.resetFailed(String.valueOf(unit.getFileName()));
                    Files.deleteIfExists(unit);
                }
            }
            files.sweep(UNITS);
        }
        files.removeTree(FOLDER);
    }
}
