<?php
// load.php SOCKET SCRIPT WORKERS STOP: runs SCRIPT through the FastCGI socket again and again, until the file STOP is there.
// Each worker ends with one line of JSON: how many requests, what was answered how often, and what became of the lost ones.
[, $socket, $script, $workers, $stop] = $argv;

// types of FastCGI records
const BEGIN = 1, END = 3, PARAMETERS = 4, INPUT = 5, OUTPUT = 6;

function record(int $type, string $content): string
{
    return pack('CCnnCC', 1, $type, 1, strlen($content), 0, 0) . $content;
}

function parameter(string $name, string $value): string
{
    return pack('NN', strlen($name) | 1 << 31, strlen($value) | 1 << 31) . $name . $value;
}

/** The body of the answer, or null and why the request was lost. */
function ask(string $socket, string $script): array
{
    $connection = @stream_socket_client("unix://$socket", $code, $error, 30);
    if (!$connection) {
        return [null, "connect: $error"];
    }
    stream_set_timeout($connection, 60);
    $parameters = parameter('SCRIPT_FILENAME', $script) . parameter('REQUEST_METHOD', 'GET');
    $request = record(BEGIN, pack('nCx5', 1, 0)) . record(PARAMETERS, $parameters) . record(PARAMETERS, '') . record(INPUT, '');
    if (@fwrite($connection, $request) !== strlen($request)) {
        return [null, 'the request could not be sent'];
    }
    $answer = stream_get_contents($connection);
    $output = '';
    for ($ended = false; strlen($answer) >= 8; $answer = substr($answer, 8 + $head['length'] + $head['padding'])) {
        $head = unpack('Cversion/Ctype/nid/nlength/Cpadding/Creserved', $answer);
        $output .= $head['type'] === OUTPUT ? substr($answer, 8, $head['length']) : '';
        $ended = $ended || $head['type'] === END;
    }
    [$headers, $body] = explode("\r\n\r\n", $output, 2) + [1 => ''];
    return match (true) {
        !$ended => [null, 'the answer broke off: ' . json_encode($output)],
        str_contains($headers, 'Status:') => [null, $headers],
        default => [$body, ''],
    };
}

function work(string $socket, string $script, string $stop): array
{
    $result = ['requests' => 0, 'slowestMillis' => 0, 'answers' => [], 'lost' => []];
    while (!file_exists($stop)) {
        $start = hrtime(true);
        [$body, $why] = ask($socket, $script);
        $millis = intdiv(hrtime(true) - $start, 1_000_000);
        $result['requests']++;
        $result['slowestMillis'] = max($result['slowestMillis'], $millis);
        if ($body === null) {
            $result['lost'][] = date('H:i:s') . " after $millis ms: $why";
            // what refuses at once would fill the memory
            usleep(10_000);
        } else {
            $result['answers'][$body] = ($result['answers'][$body] ?? 0) + 1;
        }
    }
    $result['answers'] = (object) $result['answers'];
    return $result;
}

// by way of files: several processes that write long lines to one pipe mix them up
for ($worker = 0; $worker < $workers; $worker++) {
    if (pcntl_fork() === 0) {
        file_put_contents("$stop.$worker", json_encode(work($socket, $script, $stop)) . "\n");
        exit;
    }
}
while (pcntl_wait($status) > 0) {
}
for ($worker = 0; $worker < $workers; $worker++) {
    readfile("$stop.$worker");
    unlink("$stop.$worker");
}
