/** What the host is: PHP binaries, users, systemd, mount helpers. */
@NullMarked
package io.unitsmith.agent.facts;

import org.jspecify.annotations.NullMarked;
