package io.unitsmith.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A PHP-FPM pool of one user, on every host that it selects. */
@Group(io.unitsmith.api.v1alpha1.Group.NAME)
@Version(io.unitsmith.api.v1alpha1.Group.VERSION)
@Plural("phpfpmpools")
@ShortNames("fpm")
@Categories(io.unitsmith.api.v1alpha1.Group.CATEGORY)
@AdditionalPrinterColumn(
        name = "PHP",
        jsonPath = ".spec.phpVersion",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 0)
@AdditionalPrinterColumn(
        name = "User",
        jsonPath = ".spec.user",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 0)
@AdditionalPrinterColumn(
        name = "Hosts",
        jsonPath = ".status.hosts.desired",
        type = AdditionalPrinterColumn.Type.INTEGER,
        priority = 0)
@AdditionalPrinterColumn(
        name = "Ready",
        jsonPath = ".status.hosts.ready",
        type = AdditionalPrinterColumn.Type.INTEGER,
        priority = 0)
@AdditionalPrinterColumn(
        name = "Updated",
        jsonPath = ".status.hosts.updated",
        type = AdditionalPrinterColumn.Type.INTEGER,
        priority = 0)
@AdditionalPrinterColumn(
        name = "State",
        jsonPath = ".status.state",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 0)
@AdditionalPrinterColumn(
        name = "Idle",
        jsonPath = ".status.hosts.idle",
        type = AdditionalPrinterColumn.Type.INTEGER,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Revision",
        jsonPath = ".status.revision",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Message",
        jsonPath = ".status.message",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE,
        priority = 0)
@ValidationRule(value = Rules.WORKLOAD_NAME, messageExpression = Rules.WORKLOAD_NAME_MESSAGE)
public class PhpFpmPool extends CustomResource<PhpFpmPoolSpec, PhpFpmPoolStatus> implements Namespaced {

    @Required
    @JsonPropertyDescription("What the pool should be.")
    @Override
    public PhpFpmPoolSpec getSpec() {
        return super.getSpec();
    }

    @JsonPropertyDescription("What the pool is, over all its hosts; the operator writes it.")
    @Override
    public PhpFpmPoolStatus getStatus() {
        return super.getStatus();
    }
}
