package io.unitsmith.agent.plan;

import io.unitsmith.agent.workload.Header;
import java.util.Map;
import java.util.Set;

/**
 * What an agent has left on a host, as far as it shows.
 *
 * @param headers the first line of every file that begins with {@link Header#MARK}, by path
 * @param links the targets of all links in {@code .wants} folders, by path, whoever made them
 * @param credentials files that have no header, in the folder that is for them
 * @param hollow folders without anything in them but such folders
 */
public record Remains(
        Map<String, String> headers, Map<String, String> links, Set<String> credentials, Set<String> hollow) {}
