package io.unitsmith.agent.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import io.unitsmith.agent.migrate.FpmImport.Imported;
import io.unitsmith.agent.source.Manifests;
import io.unitsmith.api.v1alpha1.Group;
import java.util.regex.Pattern;

/** An imported pool as a manifest for people to read: what is not as it was stands above it, and defaults are left out. */
final class PoolYaml {

    private static final String KIND = "PhpFpmPool";

    private static final ObjectMapper YAML = new YAMLMapper(YAMLFactory.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .stringQuotingChecker(new Unmistakable())
            .build());

    private PoolYaml() {}

    static String of(Imported pool) throws JsonProcessingException {
        ObjectNode document = YAML.createObjectNode();
        document.put("apiVersion", Group.NAME + "/" + Group.VERSION).put("kind", KIND);
        document.putObject("metadata").put("name", pool.name()).put("namespace", pool.namespace());
        ObjectNode spec = YAML.valueToTree(pool.spec());
        Manifests.leaveOutDefaults(KIND, spec);
        document.set("spec", spec);
        var text = new StringBuilder("# [%s] of %s\n".formatted(pool.section(), pool.place()));
        pool.notes().forEach(note -> text.append("# ").append(note).append('\n'));
        return text.append(YAML.writeValueAsString(document)).toString();
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
