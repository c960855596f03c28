// Writes the calendars of a JSON file with ical-generator and prints the seconds it took.
import fs from 'node:fs';
import ical from 'ical-generator';
const cohorts = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
const start = process.hrtime.bigint();
for (const events of cohorts) {
  const calendar = ical({ name: 'n' });
  for (const e of events)
    calendar.createEvent({ id: e.id, start: new Date(e.start), end: new Date(e.end), allDay: true, summary: e.summary, description: e.description });
  calendar.toString();
}
console.log(Number(process.hrtime.bigint() - start) / 1e9);
