/* Runs („Durchgänge“): a ritual as somebody does it once, with its date, its names and its ticks.

A run is {id, ritual, name, made, start, people: {role: name}, ticks: {key: [time, words]}}. An empty name stands for
one made from the date; `start` is empty or local time in Vienna; `words` tells whether an item still says what it
said when it was ticked. Ticks that no page knows any more are kept. */

import { day, isStart, now } from "./dates.js";
import { line, shelf } from "./store.js";
import { t } from "./words.js";

const KEY = /^[a-z0-9-]{1,80}$/;
const MOST = 500; // runs, the newest, or ticks of one: more is no reader's
export const NAME = 80; // characters

/** Runs of all rituals, and which of them a page shows first: {runs, current: {ritual: id}}. */
export const runs = shelf("runs", 1, (found) => {
  const list = Array.isArray(found?.runs) ? found.runs.slice(-MOST).map(tidy).filter(Boolean) : [];
  return {
    runs: list.filter((run, place) => list.findIndex(({ id }) => id === run.id) === place),
    current: table(found?.current, (id) => (typeof id === "string" && KEY.test(id) ? id : undefined)),
  };
});

export function create(ritual) {
  return { id: crypto.getRandomValues(new Uint32Array(2)).join("-"), ritual, name: "", made: now().date, start: "", people: table(), ticks: table() };
}

/** A clean run of whatever claims to be one, or null. */
function tidy(found) {
  if (typeof found?.id !== "string" || !KEY.test(found.id) || typeof found.ritual !== "string" || !KEY.test(found.ritual)) return null;
  return {
    id: found.id,
    ritual: found.ritual,
    name: line(found.name, NAME),
    made: typeof found.made === "string" && isStart(`${found.made}T00:00`) ? found.made : now().date,
    start: isStart(found.start) ? found.start : "",
    people: table(found.people, (name) => line(name, NAME) || undefined),
    ticks: table(found.ticks, (tick) => {
      const [time, words] = Array.isArray(tick) ? tick : [];
      if (!Number.isSafeInteger(time) || Math.abs(time) > 8.64e15) return undefined;
      return [time, typeof words === "string" ? words.slice(0, 8) : ""];
    }),
  };
}

/** The clean entries of an object, without a prototype: a key may be called "constructor". */
function table(found, clean) {
  const entries = found && typeof found === "object" && !Array.isArray(found) ? Object.entries(found).slice(0, MOST) : [];
  const out = Object.create(null);
  for (const [key, value] of entries) {
    const kept = KEY.test(key) ? clean(value) : undefined;
    if (kept !== undefined) out[key] = kept;
  }
  return out;
}

/** What a run is called; those of the same name are counted. */
export function called(run, all) {
  const plain = ({ name, start, made }) =>
    name || (start ? t("Durchgang am {day}", { day: day(start.slice(0, 10)) }) : t("Durchgang vom {day}", { day: day(made) }));
  const namesakes = all.filter((other) => other.ritual === run.ritual && plain(other) === plain(run));
  const place = namesakes.findIndex(({ id }) => id === run.id);
  return place > 0 ? `${plain(run)} (${place + 1})` : plain(run);
}

/** A run as others get it, in a file or an address, and what came of it; null if it is none. */
export const parcel = (run, title) => ({ kind: "playbook-run", version: 1, title, run });
export function unwrap(found) {
  if (found?.kind !== "playbook-run" || found.version !== 1) return null;
  const run = tidy(found.run);
  return run && { run, title: line(found.title, NAME) };
}

/** A short mark of a text, to notice that it was changed (FNV-1a). */
export function mark(text) {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(36);
}
