package io.unitsmith.api.v1alpha1;

/**
 * CEL rules of the schema, and the words that go with them.
 *
 * <p>They stand where a {@code pattern} alone would puzzle: the API server shows a pattern as it is, and evaluates no rule
 * while a pattern fails. Messages name keys, never values: those of {@code env} may be private.
 */
final class Rules {

    private Rules() {}

    /** As useradd takes names of users and groups. */
    static final String UNIX_NAME = "^[a-z_][a-z0-9_-]*$";

    /** The same with {@code *} for any characters. */
    static final String UNIX_NAME_WILDCARD = "^[a-z_*][a-z0-9_*-]*$";

    static final String NOT_ROOT = "self != 'root'";

    static final String ONE_SELECTION = "has(self.hostSelector) != (has(self.hostNames) && size(self.hostNames) > 0)";
    static final String ONE_SELECTION_MESSAGE = "give exactly one of hostSelector and hostNames";

    /** Names of revisions and events are the workload's with something appended, in 253 characters. */
    static final String WORKLOAD_NAME = "size(self.metadata.name) <= 200";

    static final String WORKLOAD_NAME_MESSAGE =
            "'metadata.name has %d characters; at most 200 are possible'.format([size(self.metadata.name)])";

    static final String HOST_NAME = "^[a-z0-9]([a-z0-9-]{0,46}[a-z0-9])?$";
    static final String HOST_NAMES = "self.all(name, name.matches('" + HOST_NAME + "'))";
    static final String HOST_NAMES_MESSAGE = "'not the name of a Host: ' + self.filter(name, !name.matches('"
            + HOST_NAME + "'))[0] + '; it has lower-case letters, digits and -, at most 48, no - at either end'";

    private static final String DURATION =
            "self.matches('^([0-9]{1,2}h)?([0-9]{1,4}m)?([0-9]{1,5}s)?$') && size(self) > 0 && duration(self) ";

    static final String FROM_1S_TO_24H = DURATION + ">= duration('1s') && duration(self) <= duration('24h')";
    static final String FROM_1S_TO_24H_MESSAGE =
            "give a duration of 1s to 24h in hours, minutes and whole seconds, such as 90s, 5m or 1h30m";

    static final String FROM_0S_TO_24H = DURATION + "<= duration('24h')";
    static final String FROM_0S_TO_24H_MESSAGE =
            "give a duration of 0s to 24h in hours, minutes and whole seconds, such as 90s, 5m or 1h30m";

    static final String FROM_1S_TO_10M = DURATION + ">= duration('1s') && duration(self) <= duration('10m')";
    static final String FROM_1S_TO_10M_MESSAGE =
            "give a duration of 1s to 10m in minutes and whole seconds, such as 30s, 90s or 2m";

    static final String FROM_10S_TO_24H = DURATION + ">= duration('10s') && duration(self) <= duration('24h')";
    static final String FROM_10S_TO_24H_MESSAGE =
            "give a duration of 10s to 24h in hours, minutes and whole seconds, such as 90s, 5m or 1h30m";

    static final String FROM_30S_TO_24H = DURATION + ">= duration('30s') && duration(self) <= duration('24h')";
    static final String FROM_30S_TO_24H_MESSAGE =
            "give a duration of 30s to 24h in hours, minutes and whole seconds, such as 90s, 5m or 1h30m";

    static final String SIZE = "self.matches('^([1-9][0-9]{0,15}|[1-9][0-9]{0,5}[KMGT]i)$')";
    static final String SIZE_MESSAGE = "give bytes, or Ki, Mi, Gi or Ti of them, such as 512Mi";

    static final String PERCENT = "self.matches('^[1-9][0-9]{0,5}%$')";
    static final String PERCENT_MESSAGE = "give percent of one processor in quotes, such as \"150%\"";

    /** What PHP-FPM's configuration can hold as one value. */
    static final String INI_TEXT = "!self.matches(r'[\\x00-\\x08\\x0a-\\x1f]') && !self.contains('$pool')";

    static final String INI_TEXT_MESSAGE = "PHP-FPM takes one line, without $pool anywhere";

    private static final String URL_PATH = "path.matches(r'^/[!-~]*$') && !path.contains('$pool')";
    static final String URL_PATHS = "self.all(path, " + URL_PATH + ")";
    static final String URL_PATHS_MESSAGE = "'not the path of a URL such as /ping: ' + self.filter(path, !(" + URL_PATH
            + "))[0] + '; it begins with /, and has no space and no $pool'";

    static final String PAGE_PATH = "self.matches('^/[A-Za-z0-9/_.~-]+$')";
    static final String PAGE_PATH_MESSAGE =
            "give the path of a URL such as /status: letters, digits, and any of / _ . ~ -";

    private static final String OBJECT_NAME = "name.matches('^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$')";
    static final String OBJECT_NAMES = "self.all(name, " + OBJECT_NAME + ")";
    static final String OBJECT_NAMES_MESSAGE = "'not the name of an object: ' + self.filter(name, !" + OBJECT_NAME
            + ")[0] + '; it has lower-case letters, digits, - and .'";

    private static final String PATH = ".matches(r'^(/[^/\\x00-\\x1f\\x7f]+)+$')";
    private static final String DOTS = ".matches(r'/[.][.]?(/|$)')";
    static final String CANONICAL_PATH = "self" + PATH + " && !self" + DOTS + " && !self.endsWith(' ')";
    static final String CANONICAL_PATH_MESSAGE =
            "give an absolute path such as /srv/shop: no //, . or .., no / or space at the end, no control character";

    private static final String IS_CANONICAL =
            "(path == '/' || (path" + PATH + " && !path" + DOTS + " && !path.endsWith(' ')))";
    static final String CANONICAL_PATHS = "self.all(path, " + IS_CANONICAL + ")";
    static final String CANONICAL_PATHS_MESSAGE = "'not an absolute path such as /srv/shop: ' + self.filter(path, !"
            + IS_CANONICAL + ")[0] + '; it has no //, . or .., no / or space at the end, no control character'";

    private static final String ENV_NAME = "name.matches('^[A-Za-z_][A-Za-z0-9_]*$')";
    static final String ENV_NAMES = "self.all(name, " + ENV_NAME + ")";
    static final String ENV_NAMES_MESSAGE = "'not the name of a variable: ' + self.filter(name, !" + ENV_NAME
            + ")[0] + '; it has letters, digits and _, and no digit first'";

    private static final String ENV_VALUE =
            "self[name].matches(r'^[^$\\x00-\\x08\\x0a-\\x1f][^\\x00-\\x08\\x0a-\\x1f]*$')"
                    + " && !self[name].contains('$pool')";
    static final String ENV_VALUES = "self.all(name, " + ENV_VALUE + ")";
    static final String ENV_VALUES_MESSAGE = "'PHP-FPM cannot pass on the value of: ' + self.filter(name, !("
            + ENV_VALUE + "))[0] + '; it is one line, not empty, without $ at the start and without $pool anywhere'";

    private static final String INI_KEY = "key.matches('^[A-Za-z][A-Za-z0-9_.-]*$')";
    static final String INI_KEYS = "self.all(key, " + INI_KEY + ")";
    /** Where a key has a line break, which no message may have. */
    static final String INI_KEYS_FALLBACK = "the names of php.ini settings have letters, digits, _, - and .";

    static final String INI_KEYS_MESSAGE = "'not the name of a php.ini setting: ' + self.filter(key, !" + INI_KEY
            + ")[0] + '; it has letters, digits, _, - and .'";

    private static final String DENIED_INI_KEY =
            "key.lowerAscii() in ['extension', 'extension_dir', 'zend_extension', 'auto_prepend_file', 'auto_append_file']";
    static final String ALLOWED_INI_KEYS = "!self.exists(key, " + DENIED_INI_KEY + ")";
    static final String ALLOWED_INI_KEYS_MESSAGE = "'not for a pool to set: ' + self.filter(key, " + DENIED_INI_KEY
            + ")[0] + '; php.ini of the host loads extensions and prepends files'";

    private static final String INI_VALUE =
            "!self[key].matches(r'[\\x00-\\x08\\x0a-\\x1f]') && !self[key].contains('$pool')";
    static final String INI_VALUES = "self.all(key, " + INI_VALUE + ")";
    static final String INI_VALUES_MESSAGE = "'PHP-FPM cannot take the value of: ' + self.filter(key, !(" + INI_VALUE
            + "))[0] + '; it is one line, without $pool anywhere'";

    private static final String PHP_VERSION = "version.matches('^[0-9]{1,2}[.][0-9]{1,2}$')";
    static final String PHP_VERSIONS = "self.all(version, " + PHP_VERSION + ")";
    static final String PHP_VERSIONS_MESSAGE =
            "'not major.minor in quotes, such as \"8.2\": ' + self.filter(version, !" + PHP_VERSION + ")[0]";

    private static final String PHP_PATH = "self[version]" + PATH;
    static final String PHP_PATHS = "self.all(version, " + PHP_PATH + ")";
    static final String PHP_PATHS_MESSAGE = "'not an absolute path such as /opt/php/8.2/usr/sbin/php-fpm8.2: '"
            + " + self[self.filter(version, !" + PHP_PATH + ")[0]]";

    private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?";
    static final String LABEL_KEY = "^([a-z0-9]([a-z0-9.-]*[a-z0-9])?/)?" + LABEL + "$";
    static final String LABEL_VALUE = "^(" + LABEL + ")?$";

    private static final String IS_LABEL =
            "key.matches('" + LABEL_KEY + "') && self[key].matches('" + LABEL_VALUE + "')";
    static final String LABELS = "self.all(key, " + IS_LABEL + ")";
    static final String LABELS_MESSAGE =
            "'not a label with a value that Kubernetes allows: ' + self.filter(key, !(" + IS_LABEL + "))[0]";

    private static final String SERVER = "([A-Za-z0-9][A-Za-z0-9.-]*|\\[[0-9A-Fa-f:.]+\\])";
    private static final String REST = "[^\\x00-\\x1f\\x7f]*$')";
    static final String SSHFS_SOURCE = "self.type != 'sshfs' || self.source.matches(r'^[A-Za-z0-9_][A-Za-z0-9_.-]*@"
            + SERVER + ":[^-\\x00-\\x1f\\x7f]" + REST;
    static final String NFS_SOURCE =
            "!(self.type in ['nfs', 'nfs4']) || self.source.matches(r'^" + SERVER + ":/" + REST;
    static final String CIFS_SOURCE = "!(self.type in ['cifs', 'smb3'])"
            + " || self.source.matches(r'^//[A-Za-z0-9][A-Za-z0-9.-]*/[^/,\\x00-\\x1f\\x7f][^,\\x00-\\x1f\\x7f]*$')";
    static final String DAVFS_SOURCE = "self.type != 'davfs' || self.source.matches(r'^https?://" + SERVER
            + "(:[1-9][0-9]{0,4})?(/[^\\x00-\\x1f\\x7f]*)?$')";
    static final String S3FS_SOURCE = "self.type != 's3fs'"
            + " || self.source.matches(r'^[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9](:/[^\\x00-\\x1f\\x7f]*)?$')";
    static final String GLUSTERFS_SOURCE = "self.type != 'glusterfs' || self.source.matches("
            + "'^[A-Za-z0-9][A-Za-z0-9.-]*(,[A-Za-z0-9][A-Za-z0-9.-]*)*:(/[A-Za-z0-9_.-]+)+$')";
    private static final String MONITOR = SERVER + "(:[1-9][0-9]{0,4})?";
    static final String CEPH_SOURCE =
            "self.type != 'ceph' || self.source.matches(r'^" + MONITOR + "(," + MONITOR + ")*:/" + REST;

    static final String IS_GUEST = "(self.type in ['cifs', 'smb3'] && has(self.options) && 'guest' in self.options)";

    /** Servers of such types ask who the host is, and believe what it says of its users. */
    static final String TRUSTS_THE_HOST = "(self.type in ['nfs', 'nfs4', 'glusterfs'])";

    /** Of the types that take a Secret. */
    static final String NEEDED_KEYS = "{'sshfs': 'privateKey and knownHosts', 'davfs': 'username and password',"
            + " 's3fs': 'accessKey and secretKey', 'ceph': 'secretKey',"
            + " 'cifs': 'username and password, or else the option guest',"
            + " 'smb3': 'username and password, or else the option guest'}[self.type]";

    static final String MODE = "self.matches('^0[0-7]{3}$')";
    static final String MODE_MESSAGE = "give four octal digits in quotes, the first of them 0, such as \"0750\"";

    static final String OWNER = "self.matches('^([a-z_][a-z0-9_-]*|[1-9][0-9]{0,8})$') && self != 'root'";
    static final String OWNER_MESSAGE =
            "give a name such as alice, or a number in quotes such as \"1001\"; never root's, or what a server holds"
                    + " would pass for the system's own";

    /** What the library that both are made with takes one umask for. */
    static final String ONE_MODE = "!has(self.ownership) || !(self.type in ['sshfs', 's3fs'])"
            + " || (!has(self.ownership.fileMode) && !has(self.ownership.dirMode))"
            + " || (has(self.ownership.fileMode) && has(self.ownership.dirMode)"
            + " && self.ownership.fileMode == self.ownership.dirMode)";

    /** In a unit file, spaces at the end are lost, and a backslash there swallows the next line. */
    static final String SOURCE_END = "!self.endsWith(' ') && !self.endsWith(r'\\')";

    static final String NOT_SYSTEM =
            "!['/bin', '/boot', '/dev', '/etc', '/lib', '/lib32', '/lib64', '/proc', '/root', '/run',"
                    + " '/sbin', '/sys', '/usr', '/var/lib/kubelet', '/var/lib/unitsmith', '/var/run'].exists(system,"
                    + " self == system || self.startsWith(system + '/') || system.startsWith(self + '/'))";

    private static final String OPTION = "option.matches(r'^[A-Za-z0-9_.-]+(=[^,\"\\\\\\x00-\\x1f\\x7f]*)?$')";
    static final String OPTIONS = "self.all(option, " + OPTION + ")";
    static final String OPTIONS_MESSAGE = "'not one option: ' + self.filter(option, !" + OPTION
            + ")[0] + '; give one an item, such as vers=3.1.1, without comma, quote, backslash or control character'";

    /** What runs commands, logs in, or is for systemd and Unitsmith to decide. The agent's allowlists are narrower still. */
    private static final String DENIED_OPTION = "(option.lowerAscii().split('=')[0] in ['ssh_command', 'sftp_server',"
            + " 'proxycommand', 'user', 'username', 'pass', 'passwd', 'password', 'password2', 'pass2', 'cred', 'credentials',"
            + " 'identityfile', 'passwd_file', 'secret', 'secretfile', 'conf', 'suid', 'dev', 'remount', 'bind', 'rbind', 'move', 'auto', 'noauto', 'nofail']"
            + " || option.lowerAscii().startsWith('x-systemd.'))";

    static final String ALLOWED_OPTIONS = "!self.exists(option, " + DENIED_OPTION + ")";
    static final String ALLOWED_OPTIONS_MESSAGE = "'never an option here: ' + self.filter(option, " + DENIED_OPTION
            + ")[0] + '; credentials are in a Secret, and what runs a command or lifts"
            + " nosuid and nodev is refused'";
}
