<?php
// What a pool's fields look like from inside, as JSON.
$ini = ['user_agent', 'error_prepend_string', 'error_append_string', 'default_charset', 'error_reporting', 'memory_limit',
    'display_errors', 'html_errors', 'log_errors', 'implicit_flush', 'open_basedir'];
echo json_encode([
    'ini' => array_combine($ini, array_map(ini_get(...), $ini)),
    'changeable' => array_combine($ini, array_map(fn($name) => (bool) (ini_get_all()[$name]['access'] & INI_USER), $ini)),
    'env' => getenv(),
    'user' => posix_getpwuid(posix_geteuid())['name'],
    'group' => posix_getgrgid(posix_getegid())['name'],
    'folder' => readlink('/proc/' . posix_getpid() . '/cwd'),
    'errors' => error_reporting(),
    'limits' => posix_getrlimit(),
    'umask' => umask(),
    'pid' => posix_getpid(),
], JSON_THROW_ON_ERROR);
