<?php
// slow enough to be under way when something is changed
usleep(30_000);
printf('%s on PHP %d.%d', posix_getpwuid(posix_geteuid())['name'], PHP_MAJOR_VERSION, PHP_MINOR_VERSION);
