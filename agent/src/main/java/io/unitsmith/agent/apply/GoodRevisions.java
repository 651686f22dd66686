package io.unitsmith.agent.apply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.plan.Wanted;
import io.unitsmith.agent.workload.Rendering;
import io.unitsmith.agent.workload.Rendering.Entry;
import io.unitsmith.agent.workload.Rendering.File;
import io.unitsmith.agent.workload.Rendering.Link;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.RemoteMountSpec.UnmountPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last revision of each assignment that has proved itself on this host, whole: what a failed change goes back to. */
public final class GoodRevisions {

    public static final String FOLDER = "/var/lib/unitsmith/good";

    private static final Logger LOG = LoggerFactory.getLogger(GoodRevisions.class);
    private static final String SUFFIX = ".json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final AtomicFiles files;

    public GoodRevisions(AtomicFiles files) {
        this.files = files;
    }

    /** As it is on disk. */
    private record Good(
            WorkloadReference workload,
            String revision,
            @Nullable String secret,
            Set<String> claims,
            String trigger,
            String payload,
            List<File> files,
            List<Link> links,
            @Nullable UnmountPolicy unmount) {}

    public void save(Wanted wanted) throws IOException {
        Rendering rendering = wanted.rendering();
        Good good = new Good(
                wanted.workload(),
                wanted.revision(),
                wanted.secret(),
                wanted.claims(),
                rendering.trigger(),
                rendering.payload(),
                ofType(rendering.entries(), File.class),
                ofType(rendering.entries(), Link.class),
                rendering.unmount());
        files.makeFolder(FOLDER, 0700);
        files.write(
                path(wanted.assignment()), JSON.writeValueAsString(good).getBytes(StandardCharsets.UTF_8), 0600, null);
    }

    private static <T extends Entry> List<T> ofType(List<Entry> entries, Class<T> type) {
        return entries.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Empty if there is none, or none that this version can read. */
    public Optional<Wanted> load(String assignment) throws IOException {
        Optional<String> text = files.read(path(assignment));
        try {
            return text.isEmpty()
                    ? Optional.empty()
                    : Optional.of(wanted(assignment, JSON.readValue(text.get(), Good.class)));
        } catch (JsonProcessingException e) {
            LOG.warn("{} cannot be read: {}", path(assignment), e.getOriginalMessage());
            return Optional.empty();
        }
    }

    private static Wanted wanted(String assignment, Good good) {
        List<Entry> entries = new ArrayList<>(good.files());
        entries.addAll(good.links());
        return new Wanted(
                assignment,
                good.workload(),
                good.revision(),
                good.secret(),
                good.claims(),
                new Rendering(
                        entries,
                        good.trigger(),
                        good.payload(),
                        Optional.empty(),
                        Optional.empty(),
                        good.unmount() == null ? UnmountPolicy.GRACEFUL : good.unmount()),
                false,
                true);
    }

    /** Forgets all but those of these assignments. */
    public void retain(Set<String> assignments) throws IOException {
        if (!Files.isDirectory(files.at(FOLDER))) {
            return;
        }
        files.sweep(FOLDER);
        try (var all = Files.newDirectoryStream(files.at(FOLDER), "*" + SUFFIX)) {
            for (Path file : all) {
                String name = String.valueOf(file.getFileName());
                if (!assignments.contains(name.substring(0, name.length() - SUFFIX.length()))) {
                    files.delete(FOLDER + "/" + name);
                }
            }
        }
    }

    private static String path(String assignment) {
        return FOLDER + "/" + assignment + SUFFIX;
    }
}
