package io.unitsmith.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;

/** One machine that runs an agent; its name is a DNS label of at most 48 characters. */
@Group(io.unitsmith.api.v1alpha1.Group.NAME)
@Version(io.unitsmith.api.v1alpha1.Group.VERSION)
@Plural("hosts")
@Categories(io.unitsmith.api.v1alpha1.Group.CATEGORY)
@AdditionalPrinterColumn(
        name = "Ready",
        jsonPath = ".status.conditions[?(@.type=='Ready')].status",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 0)
@AdditionalPrinterColumn(
        name = "Agent",
        jsonPath = ".status.facts.agentVersion",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 0)
@AdditionalPrinterColumn(
        name = "Systemd",
        jsonPath = ".status.facts.systemd",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 0)
@AdditionalPrinterColumn(
        name = "PHP",
        jsonPath = ".status.phpVersions",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 0)
@AdditionalPrinterColumn(
        name = "Assignments",
        jsonPath = ".status.assignments",
        type = AdditionalPrinterColumn.Type.INTEGER,
        priority = 0)
@AdditionalPrinterColumn(
        name = "Heartbeat",
        jsonPath = ".status.lastHeartbeat",
        type = AdditionalPrinterColumn.Type.DATE,
        priority = 0)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE,
        priority = 0)
@ValidationRule(
        value = "self.metadata.name.matches('" + Rules.HOST_NAME + "')",
        message = "metadata.name: a host's name has lower-case letters, digits and -, at most 48, no - at either end")
public class Host extends CustomResource<HostSpec, HostStatus> {

    @Required
    @JsonPropertyDescription("What the admin says about the host.")
    @Override
    public HostSpec getSpec() {
        return super.getSpec();
    }

    @JsonPropertyDescription("What the operator knows about the host.")
    @Override
    public HostStatus getStatus() {
        return super.getStatus();
    }
}
