/* What makes a plan of several rituals: clean data, the tasks in the order of time, effort, clashes. No page is needed.

A plan is {id, name, start, rituals: [{id, at, clock}], people: {role: names}, done: ["ritual/task"]}. A ritual starts
with the event (`at` null), or `at` [days, minutes] from it, on that day at `clock`. */

import { dayOff, isStart, moment, warning } from "./dates.js";
import { line } from "./store.js";

const ID = /^[a-z0-9-]{1,64}$/;
const MINUTE = 60_000;

/** A new plan's id. `randomUUID` is refused to pages without https. */
export const freshId = () => Array.from(crypto.getRandomValues(new Uint8Array(10)), (byte) => (byte % 36).toString(36)).join("");

export const blank = (id) => ({ id, name: "", start: "", rituals: [], people: table([]), done: [] });
/** Entries as an object without a prototype: a role may be called "constructor". */
const table = (entries) => Object.assign(Object.create(null), Object.fromEntries(entries));

const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const list = (value, most) => (Array.isArray(value) ? value.slice(0, most) : []);
const NAME = 80; // characters
const whole = (value, most) => Number.isInteger(value) && Math.abs(value) <= most;

/** A plan of whatever is there. */
export function tidyPlan(data, id) {
  if (!isRecord(data)) return blank(id);
  const rituals = new Map();
  for (const entry of list(data.rituals, 100)) {
    if (!isRecord(entry) || !ID.test(entry.id)) continue;
    const [days, minutes] = list(entry.at, 2);
    const at = whole(days, 4000) && whole(minutes, 10_000) ? [days, minutes] : null;
    const clock = at && /^([01]\d|2[0-3]):[0-5]\d$/.test(entry.clock) ? entry.clock : null;
    rituals.set(entry.id, { id: entry.id, at, clock });
  }
  const people = Object.entries(isRecord(data.people) ? data.people : {}).slice(0, 100);
  return {
    id,
    name: line(data.name, NAME),
    start: isStart(data.start) ? data.start : "",
    rituals: [...rituals.values()],
    people: table(people.map(([role, names]) => [role, line(names, NAME)]).filter(([role, names]) => ID.test(role) && names)),
    done: [...new Set(list(data.done, 5000).filter((key) => /^[a-z0-9-]{1,64}\/[a-z0-9-]{1,64}$/.test(key)))],
  };
}

/** All plans of a reader, and which of them was open last. */
export function tidyPlans(data) {
  const plans = new Map();
  for (const plan of Array.isArray(data?.plans) ? data.plans.slice(-200) : []) { // the newest
    if (isRecord(plan) && typeof plan.id === "string" && ID.test(plan.id)) plans.set(plan.id, tidyPlan(plan, plan.id));
  }
  return { open: plans.has(data?.open) ? data.open : null, plans: [...plans.values()] };
}

/** When a chosen ritual starts. */
export function startOf(plan, { at, clock }) {
  if (!at) return plan.start;
  const { date, time } = moment(plan.start, at);
  return `${date}T${clock ?? time}`;
}

/** A start as {at, clock}, so that it moves with the event: in minutes on its day, in days and a time of day else. */
export function seenFrom(plan, start) {
  const [event, then] = [moment(plan.start), moment(start)];
  const days = daysBetween(event.date, then.date);
  if (days) return { at: [days, 0], clock: then.time };
  const minutes = (then.epoch - event.epoch) / MINUTE;
  return { at: minutes ? [0, minutes] : null, clock: null };
}

export const daysBetween = (from, to) => (Date.parse(to) - Date.parse(from)) / 86_400_000;

/** Names in a field that may hold several: „Anna, Berta und Čeněk“. */
export const namesIn = (text) => (text ?? "").split(/[,;/&+]|\sund\s/).map((name) => name.trim()).filter(Boolean);

/** All tasks of the rituals (by id, from api/rituals/) of a plan with a start, by time; those without a time of day first. */
export function tasksOf(plan, rituals) {
  const event = moment(plan.start);
  const tasks = plan.rituals.filter(({ id }) => rituals.get(id)).flatMap((entry) => {
    const ritual = rituals.get(entry.id);
    const start = startOf(plan, entry);
    return ritual.tasks.map((task) => {
      const then = moment(start, task.at);
      return {
        ...task,
        ...then,
        ritual,
        key: `${ritual.id}/${task.key}`,
        timed: task.at[0] === 0,
        end: then.epoch + task.minutes * MINUTE,
        names: namesIn(plan.people[task.role]),
        guest: ritual.roles[task.role].side === "guest",
        // What happens on a day before the event is preparation, even if it is the very core of its own ritual.
        warning: warning(start, task.at) ?? (then.date < event.date ? dayOff(then.date) : null),
        before: then.epoch < event.epoch,
      };
    });
  });
  return tasks.sort((a, b) => a.date.localeCompare(b.date) || a.timed - b.timed || a.epoch - b.epoch);
}

const lasting = (task) => task.timed && task.minutes > 0;
const overlap = (a, b) => a.epoch < b.end && b.epoch < a.end;
/** Whether one task is the frame of the other: „um 19.45 beginnt der Ausblick“, and the Ausblick itself. */
const frames = (a, b) => a.role === b.role && (a.refers.includes(b.ritual.id) || b.refers.includes(a.ritual.id));

/** Minutes of a task, without those that the tasks of a ritual it refers to count themselves. */
function ownMinutes(task, tasks) {
  const within = tasks.filter((other) => lasting(task) && lasting(other) && task.role === other.role && task.refers.includes(other.ritual.id));
  let [free, from] = [0, task.epoch];
  for (const other of within) {
    free += Math.max(0, Math.min(other.epoch, task.end) - from);
    from = Math.max(from, other.end);
  }
  return lasting(task) ? (free + Math.max(0, task.end - from)) / MINUTE : task.minutes;
}

/** Working time as [{names, roles: [{role, label, guest}], before, after}], the most first, guests last. */
export function effortOf(tasks) {
  const found = new Map();
  for (const task of tasks) {
    const who = task.names.length ? task.names.join(", ") : "";
    const key = who ? `name ${who.toLowerCase()}` : `role ${task.role}`;
    if (!found.has(key)) found.set(key, { names: who, roles: [], before: 0, after: 0 });
    const entry = found.get(key);
    entry[task.before ? "before" : "after"] += ownMinutes(task, tasks);
    if (!entry.roles.some(({ role }) => role === task.role)) {
      entry.roles.push({ role: task.role, label: task.ritual.roles[task.role].label, guest: task.guest });
    }
  }
  const guests = (entry) => entry.roles.every((role) => role.guest);
  return [...found.values()].sort((a, b) => guests(a) - guests(b) || b.before + b.after - a.before - a.after);
}

/**
 * Tasks that one person cannot do at the same time, as [{role, name, from, to, pairs: [[task, task]]}], `pairs` those
 * of the same two rituals. A role without a name is taken for one person, but within its ritual it may be several.
 */
export function clashesOf(tasks) {
  const found = new Map();
  const at = tasks.filter(lasting);
  for (const [index, a] of at.entries()) {
    for (const b of at.slice(index + 1)) {
      if (!overlap(a, b) || frames(a, b)) continue;
      const named = new Set([...a.names, ...b.names].map((name) => name.toLowerCase()));
      const onePerson = named.size === 1 && a.names.length > 0 && b.names.length > 0;
      const oneRole = named.size === 0 && a.role === b.role && a.ritual !== b.ritual && !a.guest;
      if (!onePerson && !oneRole) continue;
      const key = [a.ritual.id, b.ritual.id].sort().join(" ") + (onePerson ? [...named][0] : a.role) + a.date;
      if (!found.has(key)) found.set(key, { name: onePerson ? a.names[0] : "", label: a.ritual.roles[a.role].label, pairs: [] });
      found.get(key).pairs.push([a, b]);
    }
  }
  return [...found.values()];
}
