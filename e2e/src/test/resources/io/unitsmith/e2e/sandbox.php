<?php
// What a pool's sandbox allows, as JSON.
error_reporting(E_ALL);
$warnings = [];
set_error_handler(function (int $code, string $message) use (&$warnings): bool {
    $warnings[] = $message;
    return true;
});
$canWrite = fn(string $folder): bool => file_put_contents("$folder/written", 'x') === 1 && unlink("$folder/written");
$writes = array_map($canWrite, ['home' => getenv('HOME'), 'tmp' => '/tmp', 'granted' => '/srv/sandbox/granted', 'other' => '/srv/sandbox/other']);
$warnings = [];
preg_match('/^(a+)+$/', str_repeat('a', 40));
echo json_encode([
    'writes' => $writes,
    'sharesTmp' => file_exists('/tmp/sandbox-marker'),
    'seesHomes' => is_dir('/home/bob'),
    'seesProcesses' => is_dir('/proc/1'),
    'setgidProgram' => trim((string) shell_exec('/usr/local/bin/sandbox-id -gn')),
    'opcache' => opcache_get_status(false)['opcache_enabled'] ?? false,
    'warnings' => $warnings,
], JSON_THROW_ON_ERROR);
