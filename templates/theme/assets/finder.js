/* The finder narrows the table of all rituals. Its data are the table's rows; its state is the address, as
`?universum=dialog&universum=purpose&personen=12`, so that a copied address shows the same rituals. */

import { now } from "./dates.js";
import { make } from "./dom.js";
import { locale, n, t } from "./words.js";

const DAY = 86_400_000;

/** The days from today in Vienna, wherever the reader is, to a date as "2027-06-18". */
const daysUntil = (date) => (Date.parse(date) - Date.parse(now().date)) / DAY;

/* Whether a row passes a filter with the given values. The names are those of the form's controls. */
const FILTERS = {
  tage: (row, [days]) => row.lead <= days,
  termin: (row, [date]) => row.lead <= daysUntil(date),
  personen: (row, [people]) => row.people[0] <= people && people <= row.people[1],
  vorbereitung: (row, [minutes]) => row.prep <= minutes,
  dauer: (row, [minutes]) => row.run <= minutes,
  aufwand: (row, [level]) => row.effort[0] <= level,
  gaeste: (row, [level]) => row.effort[1] <= level,
  universum: (row, values) => values.includes(row.universe),
  anlass: (row, values) => values.includes(row.occasion),
  rolle: (row, values) => values.some((role) => row.roles.includes(role)),
};
const NAMES = Object.keys(FILTERS);

const alphabet = new Intl.Collator(document.documentElement.lang);
/* The table's own order is by occasion; sorting is stable, so equals stay in it. */
const ORDERS = {
  "": (a, b) => a.place - b.place,
  titel: (a, b) => alphabet.compare(a.title, b.title),
  vorlauf: (a, b) => a.before - b.before,
  vorbereitung: (a, b) => a.prep - b.prep,
  aufwand: (a, b) => a.effort[0] - b.effort[0] || a.effort[1] - b.effort[1],
};

const $ = (selector) => document.querySelector(selector);
const form = $(".pb-filter");
const body = $(".pb-rituals tbody");
const status = $(".pb-finder__status");
const numbers = (text) => text.split(" ").map(Number);
const rows = [...body.rows].map((element, place) => ({
  element,
  place,
  title: element.querySelector("a").textContent,
  universe: element.dataset.universe,
  occasion: element.dataset.occasion,
  roles: element.dataset.roles.split(" "),
  people: numbers(element.dataset.people),
  prep: Number(element.dataset.prep),
  run: Number(element.dataset.run),
  effort: numbers(element.dataset.effort),
  lead: Number(element.dataset.lead),
  before: Number(element.dataset.before),
}));
let order = "";

// --------------------------------------------------------------------- the state

const controls = (name) => [...form.elements].filter((control) => control.name === name);

/** Whether a control can hold a value. An address may say anything. */
function takes(control, value) {
  if (control.type === "checkbox") return control.value === value;
  if (control.type === "date") return /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value));
  if (control.type === "number") return /^\d{1,4}$/.test(value) && Number(control.min) <= value && value <= Number(control.max);
  return [...control.options].some((option) => option.value === value);
}

/** The state that an address or the form means: the values of each filter that is set, without unknown ones. */
function read(params) {
  const state = {};
  for (const name of NAMES) {
    const all = controls(name);
    let values = [...new Set(params.getAll(name))].filter((value) => value && all.some((control) => takes(control, value)));
    if (all[0].type !== "checkbox") values = values.slice(0, 1);
    if (values.length) state[name] = values;
  }
  return state;
}

function write(state) {
  for (const control of form.elements) {
    const values = state[control.name] ?? [];
    if (control.type === "checkbox") control.checked = values.includes(control.value);
    else if (control.name in FILTERS) control.value = values[0] ?? "";
  }
  for (const fold of form.querySelectorAll(".pb-filter__fold")) fold.open ||= Boolean(fold.querySelector(":checked"));
}

const sorting = $("#filter-sortierung");
const inForm = () => read(new FormData(form));

/** The address of a state, with what else is in the address left out. */
function address(state) {
  const params = new URLSearchParams(NAMES.flatMap((name) => (state[name] ?? []).map((value) => [name, value])));
  if (sorting.value) params.set("sortierung", sorting.value);
  const query = String(params);
  return location.pathname + (query && `?${query}`);
}

/** Which filters each row fails; all else follows from that. */
function sieve(state) {
  const set = NAMES.filter((name) => state[name]);
  return rows.map((row) => set.filter((name) => !FILTERS[name](row, state[name])));
}

const passing = (state) => sieve(state).filter((fails) => !fails.length).length;
const without = (state, names) => Object.fromEntries(Object.entries(state).filter(([name]) => !names.includes(name)));

// ------------------------------------------------------------------- the words

const group = (name) => form.querySelector(`[data-filter="${name}"]`);
const title = (name) => group(name).querySelector("legend, label").textContent;

/** A value as the form says it. */
function said(name, value) {
  const control = controls(name).find((control) => takes(control, value));
  if (control.type === "checkbox") return control.labels[0].querySelector("span").textContent;
  if (control.type === "date") return saidDate(value);
  return control.options ? [...control.options].find((option) => option.value === value).dataset.label : value;
}

function saidDate(date) {
  const parts = { weekday: "short", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  const day = new Date(date).toLocaleDateString(locale, parts);
  const days = daysUntil(date);
  if (days < 0) return t("{day}, schon vorbei", { day });
  return days ? n("{day}, in {n} Tag", "{day}, in {n} Tagen", days, { day }) : t("{day}, heute", { day });
}

const chip = (name, value) => t("{filter}: {value}", { filter: title(name), value });
const whole = (state, name) => chip(name, state[name].map((value) => said(name, value)).join(t(" oder ")));

// ------------------------------------------------------------------- showing it

function show() {
  const state = inForm();
  const fails = sieve(state);
  const found = fails.filter((names) => !names.length).length;
  rows.forEach((row, place) => (row.element.hidden = fails[place].length > 0));
  const all = rows.length;
  const words = found ? t("{n} von {all} Ritualen", { n: found, all }) : t("Kein Ritual passt zu allen Filtern");
  const line = Object.keys(state).length ? words : n("{n} Ritual", "Alle {n} Rituale", all);
  if (status.textContent !== line) status.textContent = line; // else it would be read aloud again
  body.closest("table").hidden = !found;
  const chosen = Object.values(state).flat().length;
  form.querySelector("summary").textContent = chosen ? t("Filter ({n})", { n: chosen }) : t("Filter");
  form.querySelector("[type=submit]").textContent = found ? n("{n} Ritual zeigen", "{n} Rituale zeigen", found) : t("Kein Ritual. Was tun?");
  showCounts(state, fails);
  showChips(state);
  showWayOut(state, found ? [] : fails);
  if (order !== sorting.value) {
    order = sorting.value;
    body.append(...[...rows].sort(ORDERS[order]).map((row) => row.element));
  }
}

/** What each option would leave, all other filters kept. */
function showCounts(state, fails) {
  for (const name of NAMES) {
    const others = rows.filter((_, place) => fails[place].every((other) => other === name));
    const count = (value) => (value ? others.filter((row) => FILTERS[name](row, [value])).length : others.length);
    for (const control of controls(name)) {
      if (control.type === "checkbox") {
        const left = count(control.value);
        control.labels[0].querySelector("small").textContent = left;
        control.disabled = !left && !control.checked && control !== document.activeElement; // else the focus is lost
      }
      for (const option of control.options ?? []) {
        const left = count(option.value);
        option.dataset.label ??= option.textContent;
        option.textContent = `${option.dataset.label} (${left})`;
        option.disabled = !left && !option.selected && option.value !== "";
      }
    }
  }
}

function showChips(state) {
  const chips = NAMES.flatMap((name) =>
    (state[name] ?? []).map((value) => {
      const words = chip(name, said(name, value));
      const drop = () => {
        const rest = state[name].filter((other) => other !== value);
        go({ ...without(state, [name]), ...(rest.length && { [name]: rest }) });
      };
      return make("li", {}, make("button", { type: "button", "aria-label": t("{filter} entfernen", { filter: words }), onclick: drop }, words));
    }),
  );
  const reset = () => go({}, true);
  if (chips.length) chips.push(make("li", {}, make("button", { type: "button", class: "pb-chips__reset", onclick: reset }, t("Alle zurücksetzen"))));
  const list = $(".pb-chips");
  const place = [...list.querySelectorAll("button")].indexOf(document.activeElement);
  list.replaceChildren(...chips);
  list.hidden = !chips.length;
  if (place >= 0) (list.querySelectorAll("button")[place] ?? status).focus();
}

/** When nothing is left: the fewest filters to drop, for each way to do so, and what that gives. */
function showWayOut(state, fails) {
  const fewest = Math.min(...fails.map((names) => names.length));
  const ways = new Map();
  for (const names of fails.filter((names) => names.length === fewest)) ways.set(names.join(" "), (ways.get(names.join(" ")) ?? 0) + 1);
  const buttons = [...ways].sort(([, a], [, b]) => b - a).slice(0, 5).map(([key, count]) => {
    const names = key.split(" ");
    const filters = names.map((name) => t("„{filter}“", { filter: whole(state, name) })).join(t(" und "));
    const leave = () => go(without(state, names), true);
    return make("li", {}, make("button", { type: "button", onclick: leave }, n("Ohne {filters}: {n} Ritual", "Ohne {filters}: {n} Rituale", count, { filters })));
  });
  const box = $(".pb-finder__none");
  box.hidden = !buttons.length;
  if (box.hidden) return box.replaceChildren();
  const advice = fewest > 1 ? t("Einen einzigen Filter wegzulassen genügt nicht. So findet sich etwas:") : t("So findet sich etwas:");
  const reset = make("li", {}, make("button", { type: "button", onclick: () => go({}, true) }, n("Ohne Filter: {n} Ritual", "Ohne Filter: alle {n} Rituale", rows.length)));
  box.replaceChildren(make("p", {}, advice), make("ul", {}, ...buttons, reset));
}

/** Show what the form says and put it into the address. */
function changed() {
  history.replaceState(null, "", address(inForm()));
  show();
}

/** Take a state over. A big step gets its own place in the history, so that „back“ undoes it. */
function go(state, big = false) {
  const pressed = document.activeElement.closest(".pb-finder__none");
  if (big) history.pushState(null, "", location.href);
  write(state);
  changed();
  if (pressed) status.focus();
}

// ------------------------------------------------------------------------- go

function start() {
  const params = new URLSearchParams(location.search);
  write(read(params));
  const sort = params.get("sortierung") ?? "";
  sorting.value = takes(sorting, sort) ? sort : "";
  show();
}

form.addEventListener("input", ({ target }) => {
  const other = { tage: "termin", termin: "tage" }[target.name]; // two ways to say one thing
  if (other) controls(other)[0].value = "";
  changed();
});
sorting.addEventListener("input", changed);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  fold();
  status.focus();
});
addEventListener("popstate", start);

/* On a wide screen the filters stand beside the results, on a narrow one they fold away above them. */
const wide = matchMedia("(min-width: 60em)");
const fold = () => (form.querySelector(".pb-filter__all").open = wide.matches);
wide.addEventListener("change", fold);
fold();

controls("termin")[0].min = now().date;
start();
const presets = $(".pb-presets");
for (const link of presets.querySelectorAll("a")) {
  const count = passing(read(new URL(link.href).searchParams));
  link.parentElement.hidden = !count || count === rows.length; // made for a handbook of another kind
  link.querySelector("small").textContent = count;
}
presets.hidden = !presets.querySelector("li:not([hidden])");
