<?php
// race.php SOCKETS SCRIPT STOP: visits each of the sockets (with a comma between two), and then at the very moment at which its
// master ends, and every second time its neighbour's too, which may be about to end; until the file STOP is there.
// SCRIPT answers with the PID of its master first. STOP.ends gets a byte for each end. Output: as load.php's, one line.
require __DIR__ . '/fastcgi.php';

final class Race
{
    private const int PATIENCE = 60;

    public array $result = ['requests' => 0, 'slowestMillis' => 0, 'answers' => [], 'lastBegun' => [], 'lost' => []];
    private array $masters = [];
    private array $connections = [];
    private array $received = [];
    private array $begun = [];
    private int $ends = 0;

    public function __construct(private array $sockets, private string $script, private string $stop)
    {
    }

    public function run(): void
    {
        array_map($this->visit(...), array_keys($this->sockets));
        while (!file_exists($this->stop) || $this->connections) {
            $this->readAnswers();
            foreach ($this->masters as $racer => $master) {
                if (!posix_kill($master, 0)) {
                    $this->ended($racer);
                }
            }
        }
    }

    private function ended(int $racer): void
    {
        unset($this->masters[$racer]);
        $this->ends++;
        file_put_contents("{$this->stop}.ends", '.', FILE_APPEND);
        if (!file_exists($this->stop)) {
            $this->visit($racer);
            if ($this->ends % 2 === 0 && isset($this->sockets[$racer ^ 1])) {
                $this->visit($racer ^ 1);
            }
        }
    }

    private function visit(int $racer): void
    {
        if (isset($this->connections[$racer])) {
            return;
        }
        $this->begun[$racer] = microtime(true);
        $connection = @stream_socket_client("unix://{$this->sockets[$racer]}", $code, $error, 30);
        $request = request($this->script);
        if ($connection && @fwrite($connection, $request) === strlen($request)) {
            stream_set_blocking($connection, false);
            $this->connections[$racer] = $connection;
            $this->received[$racer] = '';
        } else {
            $this->finish($racer, null, "connect: $error");
        }
    }

    private function readAnswers(): void
    {
        if (!$this->connections) {
            usleep(2000);
            return;
        }
        $readable = $this->connections;
        $none = null;
        stream_select($readable, $none, $none, 0, 2000);
        foreach ($readable as $racer => $connection) {
            $part = (string) fread($connection, 65536);
            $this->received[$racer] .= $part;
            if ($part === '' && feof($connection)) {
                unset($this->connections[$racer]);
                $this->finish($racer, ...body($this->received[$racer]));
            }
        }
        foreach ($this->connections as $racer => $connection) {
            if (microtime(true) - $this->begun[$racer] > self::PATIENCE) {
                unset($this->connections[$racer]);
                $this->finish($racer, null, 'no answer');
            }
        }
    }

    private function finish(int $racer, ?string $body, string $why): void
    {
        $millis = (int) ((microtime(true) - $this->begun[$racer]) * 1000);
        $this->result['requests']++;
        $this->result['slowestMillis'] = max($this->result['slowestMillis'], $millis);
        if ($body === null) {
            $this->result['lost'][] = date('H:i:s') . " after $millis ms: $why";
            return;
        }
        [$master, $answer] = explode(' ', $body, 2);
        $this->masters[$racer] = (int) $master;
        $this->result['answers'][$answer] = ($this->result['answers'][$answer] ?? 0) + 1;
        $this->result['lastBegun'][$answer] = $this->begun[$racer];
    }
}

[, $sockets, $script, $stop] = $argv;
$race = new Race(explode(',', $sockets), $script, $stop);
$race->run();
$result = $race->result;
$result['answers'] = (object) $result['answers'];
$result['lastBegun'] = (object) $result['lastBegun'];
echo json_encode($result), "\n";
