// What node-ical (lenient; many web programs) reads: uid, start in UTC, sequence (npm: node-ical).
import ical from 'node-ical';
for (const f of process.argv.slice(2)) {
  const found = ical.sync.parseFile(f);
  for (const e of Object.values(found)) if (e.type === 'VEVENT')
    console.log(e.uid, e.start.toISOString().slice(0, 19), e.sequence);
}
