<?php
// A FastCGI client by hand: what a web server says to a pool's socket, and how its answer is read.

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

/** All that is sent for one request. */
function request(string $script, string $body = ''): string
{
    $parameters = parameter('SCRIPT_FILENAME', $script)
        . parameter('REQUEST_METHOD', $body === '' ? 'GET' : 'POST')
        . parameter('CONTENT_TYPE', 'application/octet-stream')
        . parameter('CONTENT_LENGTH', (string) strlen($body));
    $input = $body === '' ? '' : implode('', array_map(fn($part) => record(INPUT, $part), str_split($body, 32768)));
    return record(BEGIN, pack('nCx5', 1, 0)) . record(PARAMETERS, $parameters) . record(PARAMETERS, '') . $input . record(INPUT, '');
}

/** The body of an answer, or null and why there is none. */
function body(string $answer): array
{
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

/** The body of the answer, or null and why the request was lost. */
function ask(string $socket, string $script, string $body = ''): array
{
    $connection = @stream_socket_client("unix://$socket", $code, $error, 30);
    if (!$connection) {
        return [null, "connect: $error"];
    }
    stream_set_timeout($connection, 60);
    $request = request($script, $body);
    if (@fwrite($connection, $request) !== strlen($request)) {
        return [null, 'the request could not be sent'];
    }
    return body((string) stream_get_contents($connection));
}
