/* Tasks as iCalendar (RFC 5545). Makes the same events as generator/dates.py. */

import { moment, warning } from "./dates.js";
import { zone } from "./vienna.js";
import { t } from "./words.js";

const digits = (text) => text.replaceAll(/[-:]/g, "");
const local = ({ date, time }) => `;TZID=Europe/Vienna:${digits(date)}T${digits(time)}00`;
const wholeDay = (start, [days]) => `;VALUE=DATE:${digits(moment(start, [days, 0]).date)}`;

/**
 * The tasks of a ritual (api/rituals/<id>.json) as events: {uid, stamp, start, end, summary, description}.
 * `people` maps roles to names. What takes no time has no `end`. A `uid` is another one when the start changes.
 */
export function ritualEvents(ritual, start, people = {}) {
  return ritual.tasks.map(({ at, minutes, role, text }, number) => {
    const [days, offset] = at;
    const letters = [...text]; // by characters, so that none is cut in half
    const short = letters.length <= 60 ? text : `${letters.slice(0, 57).join("")}…`;
    const found = warning(start, at);
    const values = { who: people[role] || ritual.roles[role].label, text, found };
    return {
      uid: `${ritual.id}-${number}-${digits(start)}@playbook`,
      stamp: `${digits(ritual.reviewed)}T000000Z`,
      start: days ? wholeDay(start, at) : local(moment(start, at)),
      end: days ? wholeDay(start, [days + 1]) : minutes && local(moment(start, [0, offset + minutes])), // none at its start
      summary: `${ritual.title}: ${short}`,
      description: found ? t("{who}: {text} (Achtung: {found})", values) : t("{who}: {text}", values),
    };
  });
}

/** Events under a name, as the text of a file. */
export function calendar(name, events) {
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Engagement playbook//DE",
    `X-WR-CALNAME:${inert(name)}`,
    ...zone.split("\n"),
    ...events.flatMap((event) => [
      "BEGIN:VEVENT",
      `UID:${inert(event.uid)}`,
      `DTSTAMP:${event.stamp}`,
      `DTSTART${event.start}`,
      ...(event.end ? [`DTEND${event.end}`] : []),
      `SUMMARY:${inert(event.summary)}`,
      `DESCRIPTION:${inert(event.description)}`,
      "TRANSP:TRANSPARENT", // a task does not make anybody busy
      "END:VEVENT",
    ]),
    "END:VCALENDAR",
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join("");
}

/** Text that can end neither its line nor its value; some programs take more than CR and LF for the end of a line. */
const inert = (text) =>
  text
    .replaceAll(/[\\;,]/g, "\\$&")
    .replaceAll(/\r\n|[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]/g, "\\n")
    .replaceAll(/[\x00-\x08\x0e-\x1f\x7f]/g, "");

/** A line in pieces of at most 75 bytes, each after the first beginning with a space; no character is cut in half. */
function folded(line) {
  const size = (text) => new TextEncoder().encode(text).length;
  let [out, room] = ["", 75];
  for (const letter of line) {
    if (size(letter) > room) [out, room] = [`${out}\r\n `, 74];
    out += letter;
    room -= size(letter);
  }
  return out;
}
