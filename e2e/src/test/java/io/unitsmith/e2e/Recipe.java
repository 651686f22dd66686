package io.unitsmith.e2e;

import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.Result;

/**
 * The units for socket-activated PHP-FPM that admins hand on to each other, set up as they are: the control of what
 * Unitsmith's must not do. One group for all pools and the web server; world-readable configurations that the group may write;
 * secrets in units; `KillMode=process` and SIGTERM; no sandbox.
 *
 * <p>But for the start limit, which would end a pool after five starts in ten seconds: what is lost is lost for other reasons.
 */
record Recipe(ContainerHost host, String name, String user) {

    private static final String UNITS = """
            cat >/etc/systemd/system/recipe@.socket <<'UNIT'
            [Socket]
            ListenStream=/run/recipe/%i.sock
            SocketGroup=www-data
            SocketMode=0660
            UNIT
            cat >/etc/systemd/system/recipe@.service <<'UNIT'
            [Unit]
            Requires=recipe@%i.socket
            After=recipe@%i.socket
            StartLimitIntervalSec=0
            [Service]
            Type=notify
            Group=www-data
            Environment=FPM_SOCKETS=/run/recipe/%i.sock=3
            ExecStart=/etc/recipe/%i.php-fpm --nodaemonize --allow-to-run-as-root --fpm-config /etc/recipe/%i.conf
            KillMode=process
            MemoryMax=256M
            TasksMax=300
            UNIT
            install -d -m 0755 /run/recipe /etc/recipe /var/log/recipe
            """;

    private static final String POOL = """
            folder=/var/log/recipe/$name
            install -d -o $user -g www-data -m 0775 $folder
            install -o $user -g www-data -m 0664 /dev/null $folder/access.log
            install -o $user -g www-data -m 0664 /dev/null $folder/slow.log
            ln -sfn /usr/sbin/php-fpm8.4 /etc/recipe/$name.php-fpm
            cat >/etc/recipe/$name.conf <<CONF
            [global]
            error_log = syslog
            daemonize = no
            [$name]
            user = $user
            group = www-data
            listen = /run/recipe/$name.sock
            pm = ondemand
            pm.max_children = 12
            access.log = $folder/access.log
            slowlog = $folder/slow.log
            request_slowlog_timeout = 20s
            env['EDIT'] = '0'
            env['TOKEN'] = \\$TOKEN
            CONF
            echo "TOKEN=$token" >/etc/recipe/$name.env
            chgrp www-data /etc/recipe/$name.*
            chmod 0664 /etc/recipe/$name.conf /etc/recipe/$name.env
            mkdir -p /etc/systemd/system/recipe@$name.socket.d /etc/systemd/system/recipe@$name.service.d
            printf '[Socket]\\nSocketUser=%s\\n' $user >/etc/systemd/system/recipe@$name.socket.d/own.conf
            printf '[Service]\\nUser=%s\\nEnvironment="TOKEN=%s"\\n' $user "$token" >/etc/systemd/system/recipe@$name.service.d/own.conf
            systemctl daemon-reload
            systemctl start recipe@$name.socket
            """;

    /** A pool that listens; its master has the token in its environment. */
    static Recipe start(ContainerHost host, String name, String user, String token) {
        host.sh(UNITS).output();
        host.exec("env", "name=" + name, "user=" + user, "token=" + token, "sh", "-euc", POOL)
                .output();
        return new Recipe(host, name, user);
    }

    /** All of them. */
    static void remove(ContainerHost host) {
        host.sh("""
                systemctl kill --signal KILL --kill-whom all 'recipe@*.service'
                systemctl stop 'recipe@*.socket' 'recipe@*.service'
                rm -rf /etc/systemd/system/recipe@* /etc/systemd/system.control/recipe@* /run/systemd/system.control/recipe@* \\
                    /run/recipe /etc/recipe /var/log/recipe
                systemctl daemon-reload""");
    }

    String socket() {
        return "/run/recipe/" + name + ".sock";
    }

    String service() {
        return "recipe@" + name + ".service";
    }

    String config() {
        return "/etc/recipe/" + name + ".conf";
    }

    /** What comes out of the socket for a script, headers included. */
    Result run(String script) {
        return Pool.ask(host, "www-data", socket(), script);
    }

    /** Another configuration: restart, since a reload with the default settings loses as much. */
    void edit(int number) {
        host.sh("sed -i \"s/^env\\['EDIT'\\] = .*/env['EDIT'] = '%d'/\" %s; systemctl restart %s"
                        .formatted(number, config(), service()))
                .output();
    }

    void switchTo(String program) {
        host.sh("ln -sfn %s /etc/recipe/%s.php-fpm; systemctl restart %s".formatted(program, name, service()))
                .output();
    }

    /** What a cron job does with a master that looks idle. */
    void stop() {
        host.exec("systemctl", "stop", service()).output();
    }
}
