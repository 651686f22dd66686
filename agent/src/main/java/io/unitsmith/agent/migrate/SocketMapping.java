package io.unitsmith.agent.migrate;

import io.unitsmith.agent.migrate.Configuration.Line;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Who PHP runs as, and who may connect. */
final class SocketMapping {

    private static final Pattern UNIX_NAME = Pattern.compile("[a-z_][a-z0-9_-]{0,31}");
    private static final String DEFAULT_GROUP = "www-data";
    private static final Set<String> WEB_SERVERS = Set.of("www-data", "apache", "nginx", "http", "www", "nobody");
    private static final Pattern TCP = Pattern.compile("[0-9]+|.*:[^/]*");
    private static final List<FpmDirective> OF_FILES =
            List.of(FpmDirective.LISTEN_OWNER, FpmDirective.LISTEN_GROUP, FpmDirective.LISTEN_MODE);
    private static final int MOST_BACKLOG = 65535;
    private static final int DEFAULT_BACKLOG = 511;

    private final Draft draft;
    private final String socket;

    /** @param socket the path that the web server is to connect to */
    SocketMapping(Draft draft, String socket) {
        this.draft = draft;
        this.socket = socket;
    }

    /** @param user that PHP runs as; null if that is not known */
    void map(@Nullable String user) {
        @Nullable String listen = draft.text(FpmDirective.LISTEN);
        boolean isPort = listen != null && TCP.matcher(listen).matches();
        if (listen != null) {
            draft.changed(
                    line(FpmDirective.LISTEN),
                    "%sthe web server is to connect to unix:%s"
                            .formatted(isPort ? "a socket in the place of a port: " : "", socket));
        }
        if (isPort) {
            for (FpmDirective directive : OF_FILES) {
                @Nullable Line line = draft.line(directive);
                if (line != null) {
                    draft.dropped(line, "it does nothing to a port");
                }
            }
        } else {
            mapSocketGroup(user);
            mapMode();
        }
        mapGroup();
        mapBacklog();
        draft.drop(FpmDirective.LISTEN_ACL_USERS);
        draft.drop(FpmDirective.LISTEN_ACL_GROUPS);
        draft.drop(FpmDirective.LISTEN_ALLOWED_CLIENTS);
    }

    /** The user; null if it is none that a pool can run as, which is told. */
    @Nullable
    String mapUser() {
        @Nullable String user = draft.text(FpmDirective.USER);
        if (user == null) {
            return null;
        }
        Line line = line(FpmDirective.USER);
        if (!UNIX_NAME.matcher(user).matches()) {
            draft.error(
                    line, "a manifest names a user by a name of at most 32 small letters, digits, - and _: name it so");
            return null;
        }
        if (user.equals("root")) {
            draft.error(line, "PHP never runs as root here: make a user for it");
            return null;
        }
        if (WEB_SERVERS.contains(user)) {
            draft.error(
                    line,
                    "it is the web server's user, which may connect to every pool, so PHP could run code as the user of"
                            + " every other: make a user for it");
            return null;
        }
        draft.set(FpmDirective.USER, user);
        return user;
    }

    private void mapSocketGroup(@Nullable String user) {
        @Nullable Line owner = draft.line(FpmDirective.LISTEN_OWNER);
        @Nullable Line line = draft.line(FpmDirective.LISTEN_GROUP);
        if (owner != null && line != null) {
            draft.dropped(owner, "the socket belongs to root, so that nobody can open it to others");
        }
        @Nullable Line named = line == null ? owner : line;
        if (named == null) {
            return;
        }
        String group = draft.text(named);
        if (group.equals(user) || (group.equals(draft.text(FpmDirective.GROUP)) && !WEB_SERVERS.contains(group))) {
            draft.dropped(
                    named,
                    "PHP itself is in that group, and could run code as the user of every pool that is opened to it:"
                            + " the socket is for %s, or name the web server's group in spec.socket.group"
                                    .formatted(DEFAULT_GROUP));
            return;
        }
        if (!UNIX_NAME.matcher(group).matches() || group.equals("root")) {
            draft.dropped(
                    named,
                    "the socket is for the group %s: name the web server's group in spec.socket.group"
                            .formatted(DEFAULT_GROUP));
            return;
        }
        if (named.equals(owner)) {
            draft.changed(named, "the socket belongs to root, and is for the group of that name");
        }
        draft.set(FpmDirective.LISTEN_GROUP, group);
    }

    private void mapGroup() {
        @Nullable String group = draft.text(FpmDirective.GROUP);
        if (group == null) {
            return;
        }
        Line line = line(FpmDirective.GROUP);
        if (WEB_SERVERS.contains(group)) {
            draft.dropped(
                    line,
                    "PHP in the web server's group could run code as the user of every other pool: it runs in the user's"
                            + " primary group; give files that it needs to that one");
        } else if (group.equals("root") || !UNIX_NAME.matcher(group).matches()) {
            draft.dropped(
                    line, "a manifest names a group by its name, and never root: PHP runs in the user's primary group");
        } else {
            draft.set(FpmDirective.GROUP, group);
        }
    }

    /** Its user is root, so it is the group alone that may connect. */
    private void mapMode() {
        @Nullable Line line = draft.line(FpmDirective.LISTEN_MODE);
        if (line == null) {
            return;
        }
        String text = draft.text(line);
        if (!text.matches("[0-7]{3,4}")) {
            draft.dropped(line, "it is no octal number: the socket has 0660");
            return;
        }
        int mode = Integer.parseInt(text, 8) & 0777;
        if ((mode & 0007) != 0) {
            draft.changed(line, "a socket is never for others, who could run code as the pool's user: it has 0660");
        } else if ((mode & 0060) != 0060) {
            draft.changed(line, "the socket belongs to root, so its group has to read and write: it has 0660");
        } else {
            draft.set(FpmDirective.LISTEN_MODE, "%04o".formatted(mode));
        }
    }

    private void mapBacklog() {
        OptionalInt given = draft.integer(FpmDirective.LISTEN_BACKLOG);
        if (given.isEmpty()) {
            return;
        }
        Line line = line(FpmDirective.LISTEN_BACKLOG);
        int backlog = given.getAsInt();
        if ("ondemand".equalsIgnoreCase(draft.text(FpmDirective.PM)) && backlog < DEFAULT_BACKLOG) {
            draft.changed(line, "PHP-FPM itself takes %d with pm = ondemand".formatted(DEFAULT_BACKLOG));
            backlog = DEFAULT_BACKLOG;
        } else if (backlog < 1 || backlog > MOST_BACKLOG) {
            draft.changed(line, "it is %d: the kernel's somaxconn bounds it anyway".formatted(MOST_BACKLOG));
            backlog = MOST_BACKLOG;
        }
        draft.set(FpmDirective.LISTEN_BACKLOG, backlog);
    }

    private Line line(FpmDirective directive) {
        return Objects.requireNonNull(draft.line(directive));
    }
}
