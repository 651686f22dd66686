package io.unitsmith.agent.facts;

/**
 * What the file system that holds a folder has left.
 *
 * @param inodes {@link Long#MAX_VALUE} for a file system that has no fixed number of them
 */
public record FreeSpace(String folder, long bytes, long inodes) {}
