<?php
printf("hello from %s on PHP %s\n", posix_getpwuid(posix_geteuid())['name'], PHP_VERSION);
