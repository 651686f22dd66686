package io.unitsmith.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;

/** An agent, as it sees its host: one object named agent in the host's namespace. */
@Group(io.unitsmith.api.v1alpha1.Group.NAME)
@Version(io.unitsmith.api.v1alpha1.Group.VERSION)
@Plural("hostagents")
@Categories(io.unitsmith.api.v1alpha1.Group.CATEGORY)
@AdditionalPrinterColumn(
        name = "Agent",
        jsonPath = ".status.agentVersion",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 0)
@AdditionalPrinterColumn(
        name = "Systemd",
        jsonPath = ".status.systemd",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 0)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE,
        priority = 0)
public class HostAgent extends CustomResource<HostAgentSpec, HostAgentStatus> implements Namespaced {

    @Required
    @JsonPropertyDescription("The operator's copy of what the agent needs of its Host.")
    @Override
    public HostAgentSpec getSpec() {
        return super.getSpec();
    }

    @JsonPropertyDescription("What the agent found on its host; the agent writes it.")
    @Override
    public HostAgentStatus getStatus() {
        return super.getStatus();
    }
}
