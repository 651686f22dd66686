/** What lines of fstab(5) and pairs of units become: read as mount(8) and systemd read them, and mapped to RemoteMounts. Pure. */
@NullMarked
package io.unitsmith.agent.migrate.mounts;

import org.jspecify.annotations.NullMarked;
