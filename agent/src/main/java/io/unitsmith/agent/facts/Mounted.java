package io.unitsmith.agent.facts;

/**
 * A file system that is mounted, as the kernel has it (proc_pid_mountinfo(5)).
 *
 * @param device major:minor; one that is mounted anew may have the same
 * @param source such as {@code files:/srv}
 * @param type such as {@code fuse.sshfs}
 * @param options those of the mount and those of the file system, separated by commas
 */
public record Mounted(String device, String source, String type, String options) {}
