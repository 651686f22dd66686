package io.unitsmith.agent.facts;

/**
 * The memory of a service's control group.
 *
 * @param bytes that it has now, caches of files included
 * @param oomKills processes in it that the kernel has killed for want of memory since it was made, whosever limit was reached
 */
public record MemoryUse(long bytes, long oomKills) {}
