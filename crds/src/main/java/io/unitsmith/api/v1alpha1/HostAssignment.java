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

/** One workload on one host. The operator writes what is to be, the host's agent what is. */
@Group(io.unitsmith.api.v1alpha1.Group.NAME)
@Version(io.unitsmith.api.v1alpha1.Group.VERSION)
@Plural("hostassignments")
@Categories(io.unitsmith.api.v1alpha1.Group.CATEGORY)
@AdditionalPrinterColumn(
        name = "Workload",
        jsonPath = ".spec.workload.name",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 0)
@AdditionalPrinterColumn(
        name = "Live",
        jsonPath = ".status.live.revision",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 0)
@AdditionalPrinterColumn(
        name = "Staged",
        jsonPath = ".status.staged.revision",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 0)
@AdditionalPrinterColumn(
        name = "State",
        jsonPath = ".status.live.state",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 0)
@AdditionalPrinterColumn(
        name = "Reason",
        jsonPath = ".status.live.conditions[?(@.type=='Ready')].reason",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 0)
@AdditionalPrinterColumn(
        name = "PHP",
        jsonPath = ".status.live.phpVersion",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE,
        priority = 0)
public class HostAssignment extends CustomResource<HostAssignmentSpec, HostAssignmentStatus> implements Namespaced {

    @Required
    @JsonPropertyDescription("What is to be enforced and checked.")
    @Override
    public HostAssignmentSpec getSpec() {
        return super.getSpec();
    }

    @JsonPropertyDescription("What is enforced, and what the check found.")
    @Override
    public HostAssignmentStatus getStatus() {
        return super.getStatus();
    }
}
