<?php
// load.php SOCKET SCRIPT CLIENTS BYTES PAUSE LEAST STOP: runs SCRIPT through the FastCGI socket again and again, until the file
// STOP is there and each client has made LEAST requests, each with a body of BYTES, with a PAUSE of milliseconds between two.
// Each client ends with one line of JSON: how many requests, what was answered how often, when the last request that got this
// answer had begun, and what became of the lost ones. To a body, the script is to answer with its SHA-256 first.
require __DIR__ . '/fastcgi.php';

[, $socket, $script, $clients, $bytes, $pause, $least, $stop] = $argv;

function upload(string $socket, string $script, int $bytes): array
{
    $sent = random_bytes($bytes);
    [$answer, $why] = ask($socket, $script, $sent);
    if ($answer === null) {
        return [null, $why];
    }
    $hash = hash('sha256', $sent) . ' ';
    return str_starts_with($answer, $hash) ? [substr($answer, strlen($hash)), ''] : [null, "not what was sent: $answer"];
}

function work(string $socket, string $script, int $bytes, int $pause, int $least, string $stop): array
{
    $result = ['requests' => 0, 'slowestMillis' => 0, 'answers' => [], 'lastBegun' => [], 'lost' => []];
    while (!file_exists($stop) || $result['requests'] < $least) {
        $begun = microtime(true);
        $start = hrtime(true);
        [$body, $why] = $bytes > 0 ? upload($socket, $script, $bytes) : ask($socket, $script);
        $millis = intdiv(hrtime(true) - $start, 1_000_000);
        $result['requests']++;
        $result['slowestMillis'] = max($result['slowestMillis'], $millis);
        if ($body === null) {
            $result['lost'][] = date('H:i:s') . " after $millis ms: $why";
            // what refuses at once would fill the memory
            usleep(10_000);
        } else {
            $result['answers'][$body] = ($result['answers'][$body] ?? 0) + 1;
            $result['lastBegun'][$body] = $begun;
        }
        usleep($pause * 1000);
    }
    $result['answers'] = (object) $result['answers'];
    $result['lastBegun'] = (object) $result['lastBegun'];
    return $result;
}

// by way of files: several processes that write long lines to one pipe mix them up
for ($client = 0; $client < $clients; $client++) {
    if (pcntl_fork() === 0) {
        $result = work($socket, $script, (int) $bytes, (int) $pause, (int) $least, $stop);
        file_put_contents("$stop.$client", json_encode($result) . "\n");
        exit;
    }
}
while (pcntl_wait($status) > 0) {
}
for ($client = 0; $client < $clients; $client++) {
    readfile("$stop.$client");
    unlink("$stop.$client");
}
