<?php
// What a pool gives to a script: every setting, who may change it, and the environment.
echo json_encode(['ini' => ini_get_all(), 'env' => (object) getenv()], JSON_THROW_ON_ERROR), "\n";
