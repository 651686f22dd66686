package io.unitsmith.agent.apply;

import io.unitsmith.agent.unit.VerifyReport.Complaint;
import io.unitsmith.agent.workload.Rendering;
import java.io.IOException;
import java.util.List;

/** Has systemd itself judge units that are not live yet. */
@FunctionalInterface
public interface UnitCheck {

    /** What systemd says against the units of each, in the same order. */
    List<List<Complaint>> complaints(List<Rendering> renderings) throws IOException;
}
