package io.unitsmith.operator.policy;

import io.unitsmith.api.v1alpha1.Reason;

/**
 * Why a namespace may not have something on a host.
 *
 * @param reason NOT_PERMITTED, or CONFLICT where two namespaces may have the same user
 * @param field the field that asks for it
 * @param message the field, the value, the policy, and what would be right
 */
public record NotPermitted(Reason reason, String field, String message) {}
