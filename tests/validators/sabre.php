<?php
// What sabre/vobject (Nextcloud, Baikal) reads: uid, start in UTC, sequence; WARN for what it complains of. Its exit code says nothing.
error_reporting(0);
date_default_timezone_set('UTC');
require '/usr/share/php/Sabre/VObject/autoload.php';
foreach (array_slice($argv, 1) as $f) {
  $c = Sabre\VObject\Reader::read(file_get_contents($f));
  foreach ($c->validate() as $m) { echo "WARN $f {$m['level']} {$m['message']}\n"; }
  foreach ($c->VEVENT as $e) {
    $s = $e->DTSTART->getDateTime(); $s->setTimezone(new DateTimeZone('UTC'));
    echo $e->UID, ' ', $s->format('Y-m-d\TH:i:s'), ' ', $e->SEQUENCE, "\n";
  }
}
