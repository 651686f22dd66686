package io.unitsmith.agent.facts;

import io.unitsmith.agent.command.Command;
import io.unitsmith.agent.facts.HostFacts.Group;
import io.unitsmith.agent.facts.HostFacts.User;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Users and groups as the host's C library knows them, those of a directory service included: getent(1). */
final class NameService {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    /** Of what was asked for, what there is. */
    record Names(Map<String, User> users, Map<String, Group> groups) {}

    Names look(Set<String> users, Set<String> groups) throws IOException {
        List<String[]> accounts = ask("passwd", users);
        Map<String, Set<String>> gids = new HashMap<>();
        for (String[] account : accounts) {
            gids.computeIfAbsent(account[0], name -> new TreeSet<>()).add(account[3]);
        }
        for (String line : lines("initgroups", gids.keySet())) {
            String[] words = line.strip().split("\\s+", -1);
            Set<String> ofUser = gids.get(words[0]);
            if (ofUser != null) {
                ofUser.addAll(List.of(words).subList(1, words.length));
            }
        }
        Set<String> wanted = new TreeSet<>(groups);
        gids.values().forEach(wanted::addAll);
        Map<String, Group> byName = new HashMap<>();
        Map<String, String> byGid = new HashMap<>();
        for (String[] group : ask("group", wanted)) {
            byName.put(group[0], new Group(group[0], Long.parseLong(group[2])));
            byGid.put(group[2], group[0]);
        }
        Map<String, User> byUser = new HashMap<>();
        for (String[] account : accounts) {
            byUser.put(account[0], user(account, gids.getOrDefault(account[0], Set.of()), byGid));
        }
        byUser.keySet().retainAll(users); // a name of digits would have found somebody's uid
        byName.keySet().retainAll(groups);
        return new Names(Map.copyOf(byUser), Map.copyOf(byName));
    }

    private static User user(String[] account, Set<String> gids, Map<String, String> names) {
        Set<String> groups = new TreeSet<>();
        gids.forEach(gid -> groups.add(names.getOrDefault(gid, gid)));
        return new User(
                account[0],
                Long.parseLong(account[2]),
                Long.parseLong(account[3]),
                names.getOrDefault(account[3], account[3]),
                groups,
                account[5]);
    }

    private static List<String[]> ask(String database, Collection<String> keys) throws IOException {
        List<String[]> records = new ArrayList<>();
        for (String line : lines(database, keys)) {
            records.add(line.split(":", -1));
        }
        return records;
    }

    /** A key that is not there is left out (status 2). */
    private static List<String> lines(String database, Collection<String> keys) throws IOException {
        if (keys.isEmpty()) {
            return List.of();
        }
        List<String> command = new ArrayList<>(List.of("getent", database, "--"));
        command.addAll(keys);
        Command.Output output = Command.run(DEADLINE, command);
        if (output.status() != 0 && output.status() != 2) {
            throw new IOException("getent " + database + " ended with status " + output.status());
        }
        return output.text().lines().toList();
    }
}
