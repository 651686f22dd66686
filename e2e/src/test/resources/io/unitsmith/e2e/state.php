<?php
// What the master was started or reloaded with; slow enough to be under way when something is changed.
usleep(20_000);
printf('edit %s on PHP %d.%d with %s', getenv('EDIT'), PHP_MAJOR_VERSION, PHP_MINOR_VERSION, getenv('TOKEN'));
