// Writes the calendars of a JSON file with ical-generator, and prints the CPU seconds of the second time.
import fs from 'node:fs';
import ical from 'ical-generator';
const calendars = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
let seconds = 0, events = 0;
for (let round = 0; round < 2; round += 1) {
  const start = process.cpuUsage();
  events = 0;
  for (const rows of calendars) {
    const calendar = ical({ name: 'n' });
    for (const row of rows)
      calendar.createEvent({
        id: row.id, start: new Date(row.start), end: new Date(row.end), allDay: !row.start.includes('T'), stamp: new Date(row.changed),
        lastModified: new Date(row.changed), sequence: row.sequence, summary: row.summary, description: row.description,
        categories: [{ name: row.kind }], status: 'CONFIRMED', transparency: 'TRANSPARENT',
      });
    events += calendar.toString().split('BEGIN:VEVENT').length - 1;
  }
  const used = process.cpuUsage(start);
  seconds = (used.user + used.system) / 1e6;
}
if (events !== calendars.flat().length) throw new Error('an entry is no event');
console.log(seconds);
