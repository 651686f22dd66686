package io.unitsmith.agent.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import io.unitsmith.agent.migrate.Imported;
import io.unitsmith.agent.source.Manifests;
import io.unitsmith.api.v1alpha1.Group;
import java.util.regex.Pattern;

/** An imported workload, with its Secret, as manifests for people to read: what is not as it was stands above it, and defaults are left out. */
final class ImportedYaml {

    private static final ObjectMapper YAML = new YAMLMapper(YAMLFactory.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .stringQuotingChecker(new Unmistakable())
            .build());

    private ImportedYaml() {}

    static String of(Imported workload) throws JsonProcessingException {
        ObjectNode document = document(Group.NAME + "/" + Group.VERSION, workload.kind(), workload, workload.name());
        ObjectNode spec = YAML.valueToTree(workload.spec());
        Manifests.leaveOutDefaults(workload.kind(), spec);
        document.set("spec", spec);
        var text = new StringBuilder("# %s of %s\n".formatted(workload.title(), workload.place()));
        workload.notes().forEach(note -> text.append("# ").append(note).append('\n'));
        text.append(YAML.writeValueAsString(document));
        if (!workload.secret().isEmpty()) {
            ObjectNode secret = document("v1", "Secret", workload, Imported.secretName(workload.name()));
            secret.set("stringData", YAML.valueToTree(workload.secret()));
            text.append("---\n").append(YAML.writeValueAsString(secret));
        }
        return text.toString();
    }

    private static ObjectNode document(String apiVersion, String kind, Imported workload, String name) {
        ObjectNode document = YAML.createObjectNode();
        document.put("apiVersion", apiVersion).put("kind", kind);
        document.putObject("metadata").put("name", name).put("namespace", workload.namespace());
        return document;
    }

    /** Quotes what is no plain word or path: other readers of YAML take more than Jackson's for numbers and booleans. */
    private static final class Unmistakable extends StringQuotingChecker.Default {

        private static final long serialVersionUID = 1;
        private static final Pattern PLAIN = Pattern.compile("(/|\\.?[A-Za-z_])([A-Za-z0-9_./@:-]*[A-Za-z0-9_./@-])?");
        private static final Pattern NUMBER = Pattern.compile("\\.(inf|nan)", Pattern.CASE_INSENSITIVE);

        @Override
        public boolean needToQuoteName(String name) {
            return needToQuoteValue(name);
        }

        @Override
        public boolean needToQuoteValue(String value) {
            return super.needToQuoteValue(value)
                    || isReservedKeyword(value)
                    || !PLAIN.matcher(value).matches()
                    || NUMBER.matcher(value).matches();
        }
    }
}
