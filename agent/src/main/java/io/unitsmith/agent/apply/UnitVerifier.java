package io.unitsmith.agent.apply;

import io.unitsmith.agent.command.Command;
import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.unit.UnitFile;
import io.unitsmith.agent.unit.VerifyReport;
import io.unitsmith.agent.unit.VerifyReport.Complaint;
import io.unitsmith.agent.workload.Rendering;
import io.unitsmith.agent.workload.Rendering.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code systemd-analyze verify}, on copies in a throw-away folder, of all units in one process: 200 pools take it less
 * than a second.
 *
 * <p>Only its lines count. Its exit status is also of other units that these depend on, and 0 for keys that it ignores.
 */
public final class UnitVerifier implements UnitCheck {

    private static final Logger LOG = LoggerFactory.getLogger(UnitVerifier.class);

    private static final String LIVE = UnitFile.FOLDER + "/";
    private static final String FOLDER = Checks.FOLDER + "/units";
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final AtomicFiles files;
    private final Path program;
    private boolean missed;

    /** @param program systemd-analyze; where it is not there, nothing is said against any unit */
    public UnitVerifier(AtomicFiles files, Path program) {
        this.files = files;
        this.program = program;
    }

    /** Renderings whose files can be in one folder: no name has two contents. */
    private static final class Batch {

        private final Map<String, String> contents = new HashMap<>();
        private final Set<String> units = new TreeSet<>();

        boolean add(Rendering rendering) {
            Map<String, String> own = unitFiles(rendering);
            if (own.entrySet().stream()
                    .anyMatch(file -> !contents.getOrDefault(file.getKey(), file.getValue())
                            .equals(file.getValue()))) {
                return false;
            }
            contents.putAll(own);
            units.addAll(List.of(rendering.trigger(), rendering.payload()));
            return true;
        }
    }

    @Override
    public List<List<Complaint>> complaints(List<Rendering> renderings) throws IOException {
        if (renderings.isEmpty() || !isThere()) {
            return renderings.stream().map(rendering -> List.<Complaint>of()).toList();
        }
        Map<Rendering, Batch> batchOf = new HashMap<>();
        List<Batch> batches = new ArrayList<>();
        for (Rendering rendering : renderings) {
            batchOf.computeIfAbsent(rendering, one -> batchFor(one, batches));
        }
        Map<Batch, List<Complaint>> said = new HashMap<>();
        for (Batch batch : batches) {
            said.put(batch, verify(batch));
        }
        return renderings.stream()
                .map(rendering -> about(rendering, said.getOrDefault(batchOf.get(rendering), List.of())))
                .toList();
    }

    private boolean isThere() {
        if (!Files.isExecutable(program) && !missed) {
            LOG.info("{} is not there: units are not verified before they are live", program);
            missed = true;
        }
        return Files.isExecutable(program);
    }

    private static Batch batchFor(Rendering rendering, List<Batch> batches) {
        for (Batch batch : batches) {
            if (batch.add(rendering)) {
                return batch;
            }
        }
        Batch batch = new Batch();
        batch.add(rendering);
        batches.add(batch);
        return batch;
    }

    private static Map<String, String> unitFiles(Rendering rendering) {
        Map<String, String> units = new TreeMap<>();
        rendering.entries().forEach(entry -> {
            if (entry instanceof File file && file.path().startsWith(LIVE)) {
                units.put(file.path().substring(LIVE.length()), file.content());
            }
        });
        return units;
    }

    private static List<Complaint> about(Rendering rendering, List<Complaint> complaints) {
        Set<String> names = new TreeSet<>(unitFiles(rendering).keySet());
        names.addAll(List.of(rendering.trigger(), rendering.payload()));
        return complaints.stream()
                .filter(complaint -> names.contains(complaint.name()))
                .toList();
    }

    private List<Complaint> verify(Batch batch) throws IOException {
        Path folder = files.at(FOLDER);
        try {
            files.makeFolder("/run/unitsmith", 0755);
            files.makeFolder(Checks.FOLDER, 0711);
            files.makeFolder(FOLDER, 0700);
            for (Map.Entry<String, String> file : batch.contents.entrySet()) {
                Path copy = folder.resolve(file.getKey());
                Files.createDirectories(copy.getParent());
                Files.writeString(copy, file.getValue());
            }
            List<String> command = new ArrayList<>(List.of(program.toString(), "verify", "--man=no"));
            batch.units.forEach(unit -> command.add(folder.resolve(unit).toString()));
            Set<String> names = new TreeSet<>(batch.contents.keySet());
            names.addAll(batch.units);
            return VerifyReport.parse(run(command), folder.toString(), names);
        } finally {
            files.removeTree(FOLDER);
            files.removeFolder(Checks.FOLDER); // unless checks of another kind are in it
        }
    }

    /** What keeps systemd-analyze from its work is nothing against the units. */
    private static String run(List<String> command) {
        try {
            return Command.runWithErrors(DEADLINE, command).text();
        } catch (IOException e) {
            LOG.warn("units could not be verified before they are live: {}", e.getMessage());
            return "";
        }
    }
}
