/* The page „Anlass planen“: several rituals, one date, one plan. The sums are done in planning.js. */

import { dayOff, day, isStart, moment, now } from "./dates.js";
import { carried, download, fileName, make, pack, unpack } from "./dom.js";
import { calendar, ritualEvents } from "./ics.js";
import { duration, offset } from "./labels.js";
import { blank, clashesOf, daysBetween, effortOf, freshId, seenFrom, startOf, tasksOf, tidyPlan, tidyPlans } from "./planning.js";
import { shelf } from "./store.js";
import { n, t } from "./words.js";

const SITE = new URL("../", import.meta.url);
const SHARED = "#plan=";

// ------------------------------------------------------------------ the page

const planner = document.getElementById("planer");
const list = document.getElementById("planer-rituale");
const tools = document.getElementById("planer-werkzeug").content.cloneNode(true);
tools.getElementById("planer-liste").append(list);
planner.replaceChildren(tools);
const at = (id) => document.getElementById(`planer-${id}`);
const here = at("jetzt"); // moves to the day that comes next
const boxes = [...list.querySelectorAll("input[type=checkbox]")];
const groups = [...list.querySelectorAll("details")];
for (const box of boxes) box.hidden = false;
for (const group of groups) group.open = false;

const titleOf = (id) => list.querySelector(`[data-ritual="${id}"] .pb-pick__title`)?.textContent;
const universeOf = (id) => list.querySelector(`[data-ritual="${id}"]`)?.closest("[data-universe]");
const symbolOf = (id) => universeOf(id)?.querySelector(".pb-sym").cloneNode(true);

// ------------------------------------------------------------------ what is planned

const shelved = shelf("plans", 1, tidyPlans);
let open = shelved.read().open ?? freshId(); // this tab's plan; another tab may have another one open
let shared = null; // a plan that is only looked at
let removed = null; // for undo

const own = () => shelved.read().plans.find(({ id }) => id === open) ?? blank(open);
const plan = () => shared ?? own();

/** Change the open plan, as it is now, with what other tabs did to it. */
function change(how) {
  shelved.update((data) => {
    let found = data.plans.find(({ id }) => id === open);
    if (!found) data.plans.push((found = blank(open)));
    how(found);
    data.open = open;
  });
  render();
}

function add(found) {
  const taken = shelved.read().plans.map(nameOf);
  let name = found.name;
  for (let count = 2; taken.includes(name || nameOf(found)); count++) name = `${nameOf(found)} (${count})`;
  open = freshId();
  shared = null;
  change((fresh) => Object.assign(fresh, found, { id: open, name }));
  settle();
}

const nameOf = (one) => one.name || titleOf(one.rituals[0]?.id) || t("Plan ohne Namen");

// ------------------------------------------------------------------ the rituals' data

const rituals = new Map(); // by id; a promise while loading, null if there is none

async function load(ids) {
  const missing = ids.filter((id) => !rituals.has(id));
  if (!missing.length) return;
  for (const id of missing) rituals.set(id, null);
  await Promise.all(
    missing.map(async (id) => {
      try {
        const answer = await fetch(new URL(`api/rituals/${id}.json`, SITE));
        if (answer.ok) rituals.set(id, await answer.json());
        else if (answer.status !== 404) rituals.delete(id);
      } catch {
        rituals.delete(id); // no connection: tried again with the next change
      }
    }),
  );
  render();
}

// ------------------------------------------------------------------ showing

/** Keep the elements of a list for `keys`, in order, made by `build` and brought up to date by `update`. */
function rows(parent, keys, build, update) {
  const there = new Map([...parent.children].map((row) => [row.dataset.key, row]));
  for (const [key, row] of there) if (!keys.includes(key)) row.remove();
  keys.forEach((key, index) => {
    const row = there.get(key) ?? build(key);
    row.dataset.key = key;
    if (parent.children[index] !== row) parent.insertBefore(row, parent.children[index] ?? null);
    update(row, key);
  });
}

/** A value from the plan, but never into the reader's own typing. */
const fill = (input, value) => {
  if (document.activeElement !== input) input.value = value;
};
const tag = (text, kind = "") => make("span", { class: `pb-tag${kind && ` pb-tag--${kind}`}` }, text);
const answer = (stage, text) => (at(stage).querySelector(".pb-stage__answer").textContent = text);

function render() {
  const current = plan();
  const known = current.rituals.filter(({ id }) => rituals.get(id));
  for (const part of planner.querySelectorAll("[data-own]")) part.hidden = Boolean(shared);
  for (const part of planner.querySelectorAll("[data-shared]")) part.hidden = !shared;
  document.body.classList.toggle("pb-planned", Boolean(current.start && known.length));
  at("fluechtig").hidden = shelved.kept;
  if (!shared) {
    showPlans();
    showChoice(current);
    showStarts(current);
    showPeople(current);
  }
  showPlan(current, known);
  load(current.rituals.map(({ id }) => id));
}

function showPlans() {
  const { plans } = shelved.read();
  const choices = plans.map((one) => make("option", { value: one.id }, nameOf(one)));
  if (!plans.some(({ id }) => id === open)) choices.push(make("option", { value: open }, t("Neuer Plan")));
  at("auswahl").replaceChildren(...choices);
  at("auswahl").value = open;
}

function showChoice(current) {
  const chosen = new Set(current.rituals.map(({ id }) => id));
  answer("was", chosen.size ? n("{n} Ritual", "{n} Rituale", chosen.size) : t("noch nichts gewählt"));
  for (const box of boxes) {
    box.checked = chosen.has(box.value);
    showParts(box.closest("li"), box.checked ? rituals.get(box.value) : null, chosen);
  }
  for (const group of groups) {
    const count = group.querySelectorAll("input:checked").length;
    group.querySelector(".pb-pick__count").textContent = count ? t("{n} gewählt", { n: count }) : "";
  }
}

/** „Dazu gehören: …“, below a chosen ritual. */
function showParts(row, ritual, chosen) {
  const parts = (ritual?.parts ?? []).filter((part) => titleOf(part.ritual) && (!chosen.has(part.ritual) || isAdrift(part)));
  const names = parts.map((part) => titleOf(part.ritual)).join(", ");
  const there = row.querySelector(".pb-parts");
  if (there?.dataset.names === names) return;
  there?.remove();
  if (!names) return;
  const box = make(
    "div",
    { class: "pb-parts", "data-names": names },
    make("p", {}, t("Dazu gehören: {names}.", { names })),
    make("button", { type: "button", onclick: () => takeParts(row, parts) }, t("Alle mit ihrem Beginn dazunehmen")),
  );
  row.append(box);
}

/** Whether a part was chosen by itself, and still starts with the event though it should not. */
function isAdrift({ ritual, at: [days, minutes] }) {
  const entry = plan().rituals.find(({ id }) => id === ritual);
  return Boolean(entry && !entry.at && (days || minutes));
}

function takeParts(row, parts) {
  row.querySelector("input").focus(); // the button goes
  const taken = new Set(parts.map((part) => part.ritual));
  change((current) => {
    const others = current.rituals.filter(({ id }) => !taken.has(id));
    current.rituals = [...others, ...parts.map((part) => ({ id: part.ritual, at: part.at, clock: part.clock }))];
  });
  say(n("{n} Ritual dazugenommen.", "{n} Rituale dazugenommen.", parts.length));
}

const seen = (entry) => {
  if (!entry.at) return t("mit dem Anlass");
  return entry.clock ? t("{offset}, {time}", { offset: offset(entry.at), time: entry.clock }) : offset(entry.at);
};

function showStarts(current) {
  const event = current.start && moment(current.start);
  answer("wann", event ? t("{day}, {time}", { day: day(event.date), time: event.time }) : t("noch offen"));
  fill(at("name"), current.name);
  at("name").placeholder = nameOf(current);
  if (event) {
    fill(at("datum"), current.start.slice(0, 10));
    fill(at("zeit"), current.start.slice(11));
  }
  at("beginne").hidden = !event || !current.rituals.length;
  if (at("beginne").hidden) return;
  const entries = new Map(current.rituals.map((entry) => [entry.id, entry]));
  rows(at("beginne").querySelector("ul"), [...entries.keys()], startRow, (row, id) => {
    const then = moment(startOf(current, entries.get(id)));
    const [date, time] = row.querySelectorAll("input");
    fill(date, then.date);
    fill(time, then.time);
    row.querySelector("output").textContent = seen(entries.get(id));
  });
}

function startRow(id) {
  const title = titleOf(id) ?? t("{id} (gibt es im Handbuch nicht mehr)", { id });
  const date = make("input", { type: "date", min: "1971-01-01", max: "2099-12-31", "aria-label": t("{title}: Datum", { title }), onchange: move });
  const time = make("input", { type: "time", "aria-label": t("{title}: Uhrzeit", { title }), onchange: move });
  function move() {
    const start = `${date.value}T${time.value}`;
    if (isStart(start)) change((current) => Object.assign(current.rituals.find((entry) => entry.id === id) ?? {}, seenFrom(current, start)));
  }
  function drop() {
    at("wann").querySelector("summary").focus(); // the button goes
    choose(id, false);
  }
  return make(
    "li",
    { "data-universe": universeOf(id)?.dataset.universe },
    make(
      "p",
      { class: "pb-starts__title" },
      make("span", {}, symbolOf(id), " ", title),
      make("button", { type: "button", "aria-label": t("{title} weglassen", { title }), onclick: drop }, "×"),
    ),
    make("div", { class: "pb-field--when" }, date, time),
    make("output", {}),
  );
}

function showPeople(current) {
  const roles = new Map();
  for (const { id } of current.rituals) {
    for (const [key, role] of Object.entries(rituals.get(id)?.roles ?? {})) roles.set(key, role);
  }
  const keys = [...roles.keys()].sort((a, b) => (roles.get(a).side === "guest") - (roles.get(b).side === "guest"));
  const named = keys.filter((key) => current.people[key]).length;
  answer("wer", keys.length ? t("{named} von {n} benannt", { named, n: keys.length }) : t("folgt aus den Ritualen"));
  rows(
    at("wer").querySelector("ul"),
    keys,
    (key) => {
      const input = make("input", { maxlength: 80, autocomplete: "off", onchange: () => change((one) => (one.people[key] = input.value)) });
      const { label, side } = roles.get(key);
      return make("li", {}, make("label", {}, make("span", {}, label, side === "guest" && tag(t("Gast"))), input));
    },
    (row, key) => fill(row.querySelector("input"), current.people[key] ?? ""),
  );
}

function showPlan(current, known) {
  const ready = current.start && known.length;
  at("leer").hidden = ready;
  at("blatt").hidden = !ready;
  if (!current.rituals.length) at("leer").textContent = t("Hier entsteht dein Plan, sobald ein Ritual gewählt ist und der Tag feststeht.");
  else if (!current.start) at("leer").textContent = t("Jetzt fehlt nur noch der Tag.");
  else if (!ready) at("leer").textContent = t("Die Rituale dieses Plans lassen sich gerade nicht laden.");
  if (!ready) return;
  const tasks = tasksOf(current, rituals);
  const event = moment(current.start);
  at("titel").textContent = nameOf(current);
  at("beginn").textContent = t("{day}, {time}", { day: day(event.date), time: event.time });
  const today = now();
  at("gedruckt").textContent = t("Ausgedruckt am {day}.", { day: day(today.date) });
  showState(tasks, current.done, today);
  showClashes(clashesOf(tasks));
  showDays(tasks, current, event, today);
  showEffort(effortOf(tasks));
}

const isLate = (task, { date, epoch }) => task.date < date || (task.timed && task.end < epoch && task.date === date);

function showState(tasks, done, today) {
  const open = tasks.filter(({ key }) => !done.includes(key));
  const late = open.filter((task) => isLate(task, today)).length;
  const off = new Set(tasks.filter((task) => task.warning).map((task) => task.date)).size;
  const facts = [
    t("{done} von {n} Aufgaben erledigt.", { done: tasks.length - open.length, n: tasks.length }),
    late && n("{n} ist überfällig.", "{n} sind überfällig.", late),
    off && n("An {n} freien Tag wird vorbereitet.", "An {n} freien Tagen wird vorbereitet.", off),
  ];
  at("stand").textContent = facts.filter(Boolean).join(" ");
}

/** When and where, of a task: „19:45 bis 20:15 „…“ (Produkt-Ausblick)“. */
function place(task) {
  const { time } = moment(`${task.date}T${task.time}`, [0, task.minutes]);
  const text = task.text.length > 70 ? `${task.text.slice(0, 69).trimEnd()}…` : task.text;
  return t("{from} bis {to}: „{text}“ ({title})", { from: task.time, to: time, text, title: task.ritual.title });
}

function showClashes(clashes) {
  at("doppelt").hidden = !clashes.length;
  const items = clashes.map(({ name, label, pairs }) => {
    const [a, b] = pairs[0];
    const title = (a.epoch > b.epoch ? a : b).ritual.title;
    const advice = name
      ? t("Gib eine der Aufgaben jemand anderem oder lass „{title}“ später beginnen.", { title })
      : t("Teil für diese Rolle zwei Personen ein oder lass „{title}“ später beginnen.", { title });
    const more = pairs.length > 1 && n("Und noch einmal in denselben Ritualen.", "Und noch {n} Mal in denselben Ritualen.", pairs.length - 1);
    return make(
      "li",
      {},
      make("strong", {}, `${name || label}, ${day((a.epoch > b.epoch ? a : b).date)}`),
      make("span", {}, place(a)),
      make("span", {}, place(b)),
      make("em", {}, [more, advice].filter(Boolean).join(" ")),
    );
  });
  at("doppelt").querySelector("ul").replaceChildren(...items);
}

function showDays(tasks, current, event, today) {
  const focused = document.activeElement?.id;
  const days = Map.groupBy ? Map.groupBy(tasks, ({ date }) => date) : new Map();
  if (!days.size) for (const task of tasks) days.set(task.date, [...(days.get(task.date) ?? []), task]);
  const sections = [...days].map(([date, found]) => {
    const away = daysBetween(event.date, date);
    const free = found.some((task) => task.warning) && dayOff(date);
    return make(
      "section",
      { class: `pb-day${date === today.date ? " pb-day--today" : ""}${away ? "" : " pb-day--event"}` },
      make(
        "h3",
        {},
        day(date),
        " ",
        make("small", {}, away ? offset([away, 0]) : t("der Tag selbst")),
        date === today.date && tag(t("heute"), "today"),
        free && tag(t("▲ Vorbereitung an einem freien Tag: {free}", { free }), "warn"),
      ),
      make("ul", {}, ...found.map((task) => taskRow(task, current, today))),
    );
  });
  at("tage").replaceChildren(...sections);
  const next = [...days.keys()].findIndex((date) => date >= today.date);
  if (next > 0) sections[next].prepend(here);
  at("zu-jetzt").hidden = next < 1;
  if (focused?.startsWith("erledigt-")) document.getElementById(focused)?.focus();
}

function taskRow(task, current, today) {
  const { ritual } = task;
  const box = make("input", { type: "checkbox", id: `erledigt-${task.key.replace("/", "-")}`, disabled: Boolean(shared), onchange: tick });
  const paper = make("span", { class: "pb-task__box", "aria-hidden": "true" }); // a box to tick by hand
  const late = tag(t("! überfällig"), "late");
  const row = make(
    "li",
    { class: "pb-task", "data-universe": ritual.universe },
    make(
      "p",
      { class: "pb-task__when" },
      task.timed && make("b", {}, task.time),
      task.minutes > 0 ? make("span", {}, duration(task.minutes)) : !task.timed && make("span", {}, t("fällig")),
    ),
    make("div", {}, make("label", {}, box, paper, make("span", { class: "pb-task__text" }, task.text)), meta()),
  );
  function meta() {
    const label = ritual.roles[task.role].label;
    return make(
      "p",
      { class: "pb-task__meta" },
      make("b", {}, task.names.length ? t("{names} ({role})", { names: task.names.join(", "), role: label }) : label),
      make("span", {}, symbolOf(ritual.id), " ", make("a", { href: new URL(ritual.url, SITE).href }, ritual.title)),
      late,
    );
  }
  function show(done) {
    box.checked = done;
    paper.textContent = done ? "☑" : "☐";
    row.classList.toggle("pb-task--done", done);
    late.hidden = done || !isLate(task, today);
  }
  function tick() {
    shelved.update((data) => {
      const found = data.plans.find(({ id }) => id === open);
      if (found) found.done = [...found.done.filter((key) => key !== task.key), ...(box.checked ? [task.key] : [])];
    });
    const current = own();
    if (!current.start) return render(); // the plan is gone
    at("fluechtig").hidden = shelved.kept;
    show(box.checked);
    showState(tasksOf(current, rituals), current.done, now());
  }
  show(current.done.includes(task.key));
  return row;
}

function showEffort(effort) {
  const cell = (minutes) => make("td", {}, minutes ? duration(minutes) : "–");
  const lines = effort.map(({ names, roles, before, after }) => {
    const labels = roles.map(({ label }) => label).join(", ");
    const who = make("th", { scope: "row" }, names || labels, names && make("small", {}, labels), roles.every(({ guest }) => guest) && tag(t("Gast")));
    return make("tr", {}, who, cell(before), cell(after), cell(before + after));
  });
  const ours = effort.filter(({ roles }) => !roles.every(({ guest }) => guest));
  const sum = (key) => ours.reduce((all, entry) => all + entry[key], 0);
  const total = make("tr", {}, make("th", { scope: "row" }, t("Wir zusammen")), cell(sum("before")), cell(sum("after")), cell(sum("before") + sum("after")));
  at("aufwand").querySelector("tbody").replaceChildren(...lines, total);
}

// ------------------------------------------------------------------ doing

function say(text, undo = null) {
  at("meldung").textContent = text;
  at("zurueck").hidden = !undo;
  removed = undo;
}

function choose(id, wanted) {
  change((current) => {
    current.rituals = current.rituals.filter((entry) => entry.id !== id);
    if (!wanted) return;
    // What belongs to a chosen ritual starts when that one says.
    const parts = current.rituals.filter((whole) => !whole.at).flatMap((whole) => rituals.get(whole.id)?.parts ?? []);
    const { at = null, clock = null } = parts.find((part) => part.ritual === id) ?? {};
    current.rituals.push({ id, at, clock });
  });
}

/** Open the stages that still want an answer; never while somebody is in them. */
function settle() {
  const current = own();
  at("was").open = !current.rituals.length || !current.start;
  at("wann").open = !current.start;
  at("wer").open = false;
  at("datum").value = current.start.slice(0, 10);
  at("zeit").value = current.start.slice(11) || "18:00";
  at("linkfeld").hidden = true;
}

function show(id) {
  open = id;
  shelved.update((data) => void (data.open = id));
  settle();
  render();
}

function setStart() {
  const start = `${at("datum").value}T${at("zeit").value}`;
  const right = isStart(start);
  at("kein-tag").hidden = right || !(at("datum").value || at("datum").validity.badInput);
  if (right) change((current) => (current.start = start));
}

function search() {
  const wanted = at("suche").value.trim().toLowerCase();
  for (const group of groups) {
    let hits = 0;
    for (const row of group.querySelectorAll("li")) {
      row.hidden = !row.querySelector(".pb-pick__title").textContent.toLowerCase().includes(wanted);
      hits += !row.hidden;
    }
    group.hidden = !hits;
    group.open = Boolean(wanted && hits);
  }
  at("nichts").hidden = groups.some((group) => !group.hidden);
}

const fileAs = (ending) => `${fileName(nameOf(plan())) || "plan"}.${ending}`;

function toCalendar() {
  const current = plan();
  const stamp = `${new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
  const tasks = new Map(tasksOf(current, rituals).map((task) => [task.key, task]));
  const events = current.rituals.filter(({ id }) => rituals.get(id)).flatMap((entry) => {
    const ritual = rituals.get(entry.id);
    return ritualEvents(ritual, startOf(current, entry), current.people).map((event, number) => {
      const { key, warning } = tasks.get(`${ritual.id}/${ritual.tasks[number].key}`);
      const note = warning && !event.description.includes(warning) ? t(" (Achtung: {found})", { found: warning }) : "";
      // A uid without the date: after the event has moved, its tasks move in the calendar instead of coming twice.
      return { ...event, uid: `${current.id}-${key.replace("/", "-")}@playbook`, stamp, description: event.description + note };
    });
  });
  download(fileAs("ics"), "text/calendar", calendar(nameOf(current), events));
}

function share() {
  const address = `${location.href.split("#")[0]}${SHARED}${pack(plan())}`;
  at("linkfeld").hidden = false;
  at("adresse").value = address;
  at("adresse").select();
  navigator.clipboard?.writeText(address).then(() => say(t("Der Link ist kopiert.")), () => {});
}

/** The plan in the address, to look at. */
function look() {
  const text = carried("plan");
  if (text === null && (location.hash || !shared)) return;
  const found = unpack(text ?? "");
  shared = Array.isArray(found?.rituals) ? tidyPlan(found, "geteilt") : null; // none when „back“ has left it
  if (shared || text === null) say("");
  else say(t("In diesem Link steckt kein lesbarer Plan. Vielleicht ist er beim Kopieren abgeschnitten worden."));
  render();
}

function leave() {
  history.replaceState(null, "", location.pathname + location.search);
  shared = null;
}

async function readFile() {
  const [file] = at("datei").files;
  at("datei").value = ""; // the same file may come again
  if (!file) return;
  let found = null;
  try {
    if (file.size < 1e6) found = JSON.parse(await file.text());
  } catch {}
  if (found?.kind !== "playbook-plan" || !Array.isArray(found.plan?.rituals)) return say(t("In dieser Datei steckt kein Plan."));
  add(tidyPlan(found.plan, "neu"));
  say(t("„{name}“ ist geladen.", { name: nameOf(own()) }));
}

function remove() {
  const gone = own();
  const { plans } = shelved.update((data) => void (data.plans = data.plans.filter(({ id }) => id !== open)));
  show(plans.at(-1)?.id ?? freshId());
  say(t("„{name}“ ist gelöscht.", { name: nameOf(gone) }), gone);
  at("zurueck").focus();
}

function undo() {
  const gone = removed;
  shelved.update((data) => void (data.plans = [...data.plans.filter(({ id }) => id !== gone.id), gone]));
  show(gone.id);
  say(t("„{name}“ ist wieder da.", { name: nameOf(gone) }));
  at("auswahl").focus();
}

list.addEventListener("change", ({ target }) => choose(target.value, target.checked));
const actions = {
  suche: { input: search },
  name: { change: () => change((current) => (current.name = at("name").value)) },
  datum: { change: setStart },
  zeit: { change: setStart },
  auswahl: { change: () => show(at("auswahl").value) },
  neu: { click: () => (show(freshId()), at("was").querySelector("summary").focus()) },
  einlesen: { click: () => at("datei").click() },
  datei: { change: readFile },
  zurueck: { click: undo },
  uebernehmen: {
    click: () => {
      const name = nameOf(shared);
      add({ ...shared, name });
      leave();
      render();
      say(t("„{name}“ gehört jetzt zu deinen Plänen.", { name: nameOf(own()) }));
      at("auswahl").focus();
    },
  },
  verwerfen: { click: () => (leave(), render(), at("auswahl").focus()) },
  drucken: { click: () => print() },
  kalender: { click: toCalendar },
  link: { click: share },
  sichern: { click: () => download(fileAs("json"), "application/json", JSON.stringify({ kind: "playbook-plan", plan: own() }, null, 1)) },
  loeschen: { click: remove },
};
for (const [id, listeners] of Object.entries(actions)) {
  for (const [event, listener] of Object.entries(listeners)) at(id).addEventListener(event, listener);
}
addEventListener("hashchange", look);
document.addEventListener("visibilitychange", () => document.hidden || render()); // it may be another day
shelved.watch(render);
settle();
render();
look();
