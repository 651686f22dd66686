package io.unitsmith.agent.plan;

/**
 * What a plan does to one unit.
 *
 * @param notice what its clients notice of it, a sentence without a full stop
 */
public record UnitImpact(String assignment, String unit, Impact impact, String notice) {}
