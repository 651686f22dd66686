package io.unitsmith.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;

/** What the namespaces that it selects may ask for, on the hosts that it selects. Without one, nothing. */
@Group(io.unitsmith.api.v1alpha1.Group.NAME)
@Version(io.unitsmith.api.v1alpha1.Group.VERSION)
@Plural("tenantpolicies")
@Categories(io.unitsmith.api.v1alpha1.Group.CATEGORY)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE,
        priority = 0)
public class TenantPolicy extends CustomResource<TenantPolicySpec, Void> {

    @Required
    @JsonPropertyDescription("Who may ask for what.")
    @Override
    public TenantPolicySpec getSpec() {
        return super.getSpec();
    }
}
