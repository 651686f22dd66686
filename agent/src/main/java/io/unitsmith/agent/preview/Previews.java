package io.unitsmith.agent.preview;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import io.unitsmith.agent.plan.Found;
import io.unitsmith.agent.plan.Ledger.Made;
import io.unitsmith.agent.plan.Plan;
import io.unitsmith.agent.plan.Step;
import io.unitsmith.agent.preview.Preview.Action;
import io.unitsmith.agent.preview.Preview.FileChange;
import io.unitsmith.agent.preview.Preview.Refusal;
import io.unitsmith.agent.preview.Preview.UnitAction;
import io.unitsmith.agent.preview.Preview.UnitEffect;
import io.unitsmith.agent.unit.UnitState;
import io.unitsmith.agent.workload.Rendering.Entry;
import io.unitsmith.agent.workload.Rendering.File;
import io.unitsmith.agent.workload.Rendering.Layer;
import io.unitsmith.agent.workload.Rendering.Link;
import io.unitsmith.api.v1alpha1.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Puts a plan into words.
 *
 * @param there what is at each path that the plan names
 * @param units the state of each unit that it names
 * @param content the text of a file; empty if it has none
 * @param title of an assignment: {@code PhpFpmPool default/shop}
 * @param mask takes known secrets out of a text
 */
public record Previews(
        Map<String, Found> there,
        Map<String, UnitState> units,
        Function<String, String> content,
        Function<String, String> title,
        UnaryOperator<String> mask) {

    private static final int CONTEXT = 3;

    /**
     * The preview of a plan.
     *
     * @param refused what is not in the plan, since this host does not take it
     */
    public Preview of(Plan plan, Map<String, List<Problem>> refused) {
        List<Refusal> refusals = new ArrayList<>();
        refused.forEach((name, problems) -> problems.forEach(problem -> refusals.add(refusal(name, problem))));
        plan.conflicts().forEach((name, problem) -> refusals.add(refusal(name, problem)));
        List<FileChange> files = new ArrayList<>();
        for (Step step : plan.steps()) {
            switch (step) {
                case Step.Write write -> files.add(written(write.entry()));
                case Step.Delete delete -> files.add(deleted(delete.entry()));
                default -> {}
            }
        }
        List<UnitAction> actions = UnitActions.of(plan.steps(), units);
        List<UnitEffect> effects = plan.impacts().stream()
                .map(one -> new UnitEffect(one.unit(), one.impact().text(), one.notice()))
                .toList();
        return new Preview(List.copyOf(refusals), List.copyOf(files), actions, effects);
    }

    private Refusal refusal(String assignment, Problem problem) {
        return new Refusal(title.apply(assignment), problem.reason(), problem.field(), mask.apply(problem.message()));
    }

    private FileChange written(Entry entry) {
        Found before = found(entry.path());
        Action action = before instanceof Found.Nothing ? Action.CREATE : Action.CHANGE;
        return switch (entry) {
            case File file -> {
                String mode =
                        "%04o%s".formatted(file.mode(), file.readableBy() == null ? "" : " +" + file.readableBy());
                boolean credential = file.layer() == Layer.CREDENTIAL;
                @Nullable String diff = credential ? null : diff(file.path(), before, file.content());
                yield new FileChange(action, file.path(), mode, null, credential, diff);
            }
            case Link link -> new FileChange(action, link.path(), null, link.target(), false, null);
        };
    }

    private FileChange deleted(Made made) {
        boolean credential = made.layer() == Layer.CREDENTIAL;
        Found before = found(made.path());
        @Nullable String target = before instanceof Found.SymbolicLink(String to) ? to : null;
        @Nullable String diff = credential || target != null ? null : diff(made.path(), before, "");
        return new FileChange(Action.DELETE, made.path(), null, target, credential, diff);
    }

    private Found found(String path) {
        return there.getOrDefault(path, new Found.Nothing());
    }

    private @Nullable String diff(String path, Found before, String after) {
        String old = before instanceof Found.RegularFile ? content.apply(path) : "";
        List<String> oldLines = old.lines().toList();
        List<String> newLines = after.lines().toList();
        if (old.equals(after)) {
            return null;
        }
        List<String> diff = UnifiedDiffUtils.generateUnifiedDiff(
                before instanceof Found.Nothing ? "/dev/null" : path,
                after.isEmpty() ? "/dev/null" : path,
                oldLines,
                DiffUtils.diff(oldLines, newLines),
                CONTEXT);
        // diff and patch count the lines of an empty file from 0, the library from 1
        String text = String.join("\n", diff).replace("@@ -1,0 +", "@@ -0,0 +").replace(" +1,0 @@", " +0,0 @@");
        return mask.apply(text) + "\n";
    }
}
