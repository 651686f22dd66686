package io.unitsmith.agent.migrate;

import io.unitsmith.agent.migrate.IniLine.Entry;
import java.util.List;

/**
 * A configuration of a PHP-FPM master, includes and all.
 *
 * @param global what stands outside of pools
 * @param notes of what could not be read
 */
record Configuration(List<Line> global, List<Pool> pools, List<Note> notes) {

    /** An entry, and where it stands. */
    record Line(Place place, Entry entry) {}

    /**
     * A pool's section, or all its sections.
     *
     * @param name as its first section spells it
     * @param place where its first section begins
     */
    record Pool(String name, Place place, List<Line> lines) {}
}
