/* Offsets as real dates, in Vienna, wherever the browser stands. Says the same as generator/dates.py.

A start is local time as "2027-06-18T18:00", an offset is [days, minutes]. A day's offset keeps the clock time; minutes
are elapsed time. A clock time that the change to summer time skips is moved on by the hour it skips; one that comes
twice is meant the first time. */

import { holidays } from "./vienna.js";
import { t } from "./words.js";

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const YEARS = [1971, 2099]; // in which an event may lie; the holidays of no other years are known
const VIENNA = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/Vienna", hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
});

/** What clocks in Vienna show at a moment, as if it were UTC. */
function shown(epoch) {
  const part = Object.fromEntries(VIENNA.formatToParts(epoch).map(({ type, value }) => [type, +value]));
  return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute);
}
const ahead = (epoch) => shown(epoch) - Math.floor(epoch / MINUTE) * MINUTE;

/** The moment at which clocks in Vienna show `local` (see `shown`). */
function when(local) {
  const before = ahead(local - 3 * 60 * MINUTE); // three hours ago, before any change that may matter
  const early = local - before;
  const late = local - ahead(early);
  return shown(early) !== local && shown(late) === local ? late : early;
}

function spoken(epoch) {
  const [date, time] = new Date(shown(epoch)).toISOString().split("T");
  return { epoch, date, time: time.slice(0, 5) };
}

/** Whether a start is one: a day that exists, in a year in which an event may lie. */
export function isStart(start) {
  if (typeof start !== "string" || !/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(start)) return false;
  const there = new Date(`${start}Z`);
  return !isNaN(there) && there.toISOString().startsWith(start) && start >= `${YEARS[0]}` && start < `${YEARS[1] + 1}`;
}

/** The moment `at` before or after `start`: {epoch, date: "2027-06-17", time: "18:00"}, the last two on the clock. */
export function moment(start, [days, minutes] = [0, 0]) {
  return spoken(when(Date.parse(`${start}Z`) + days * DAY) + minutes * MINUTE);
}

export const now = () => spoken(Date.now());

const noon = (date) => new Date(`${date}T12:00Z`);
const weekday = (date) => t("So Mo Di Mi Do Fr Sa").split(" ")[noon(date).getUTCDay()];

/** „Do, 17. Juni 2027“ for a date. */
export function day(date) {
  const months = t("Jänner Februar März April Mai Juni Juli August September Oktober November Dezember").split(" ");
  const [year, month, number] = date.split("-").map(Number);
  return t("{weekday}, {number}. {month} {year}", { weekday: weekday(date), number, month: months[month - 1], year });
}

/** „Fr, 7. Mai 2027“ for a day's offset, „Fr, 18. Juni 2027, 17:00“ within the day. */
export function said(start, at) {
  const { date, time } = moment(start, at);
  return at[0] ? day(date) : t("{day}, {time}", { day: day(date), time });
}

/** „18:30“, with the weekday in front where it is not the day of the start; a day's offset as `said`. */
export function clock(start, at) {
  if (at[0]) return said(start, at);
  const { date, time } = moment(start, at);
  return date === moment(start).date ? time : t("{day}, {time}", { day: weekday(date), time });
}

/** Why a date may find nobody at work: „Samstag“, „Sonntag“ or a public holiday's name; null if it is a working day. */
export function dayOff(date) {
  const known = +date.slice(0, 4) >= YEARS[0] && +date.slice(0, 4) <= YEARS[1];
  const holiday = known && (holidays.moving[date] ?? holidays.fixed[date.slice(5)]);
  return holiday || { 0: t("Sonntag"), 6: t("Samstag") }[noon(date).getUTCDay()] || null;
}

/** The same for a preparation; null for what is not before the start. */
export const warning = (start, at) => (at[0] * 1440 + at[1] < 0 ? dayOff(moment(start, at).date) : null);
