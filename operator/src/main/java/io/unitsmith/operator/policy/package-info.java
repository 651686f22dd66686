/** TenantPolicies: what a spec asks for, and whether a namespace may have it on a host. Pure. */
@NullMarked
package io.unitsmith.operator.policy;

import org.jspecify.annotations.NullMarked;
