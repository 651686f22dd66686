package io.unitsmith.agent.drift;

import java.util.ArrayList;
import java.util.List;

/** Which files and folders systemd reads for a unit (systemd.unit(5)). Pure. */
final class UnitNames {

    private UnitNames() {}

    /** The names of the folders with drop-ins for a unit: its own, its template's, and those of its dashed prefixes. */
    static List<String> dropInFolders(String unit) {
        List<String> names = new ArrayList<>();
        names.add(unit + ".d");
        String type = unit.substring(unit.lastIndexOf('.'));
        int at = unit.indexOf('@');
        if (at >= 0) {
            names.add(unit.substring(0, at + 1) + type + ".d");
        }
        String prefix = unit.substring(0, at >= 0 ? at : unit.length() - type.length());
        for (int dash = prefix.lastIndexOf('-'); dash > 0; dash = prefix.lastIndexOf('-', dash - 1)) {
            names.add(prefix.substring(0, dash + 1) + type + ".d");
        }
        return names;
    }

    /** Whether systemd may have read what is at this path for the unit. */
    static boolean concerns(String path, String unit) {
        String[] parts = path.split("/", -1);
        String name = parts[parts.length - 1];
        String folder = parts.length > 1 ? parts[parts.length - 2] : "";
        List<String> dropIns = dropInFolders(unit);
        return name.equals(unit) || dropIns.contains(folder) || dropIns.contains(name) || dropIns.contains(name + ".d");
    }
}
