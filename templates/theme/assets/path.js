/* A mentor's path: how far each mentee has come, and what the next conversation is about.

The page is complete without this script. For each person it keeps in the browser a name, the first day at work, and by
path what is ticked and noted. A stage is done when all its signs are ticked; the first that is not is where they are. */

import { day, isStart, moment, now } from "./dates.js";
import { download, fileName, make } from "./dom.js";
import "./kept.js";
import { line, shelf } from "./store.js";
import { n, t } from "./words.js";

const KIND = "playbook-mentee"; // of a file
const MOST = { people: 50, ticks: 500, name: 60, note: 400, file: 100_000, prompts: 3 };
const SLUG = /^[a-z0-9-]{1,64}$/;

// --- what is kept -------------------------------------------------------------

const text = (value, most) => (typeof value === "string" ? value.slice(0, most) : "");
const entries = (value) => (value && typeof value === "object" ? Object.entries(value).filter(([key]) => SLUG.test(key)) : []);

const tidyWalk = (value) => ({
  ticks: (Array.isArray(value?.ticks) ? [...new Set(value.ticks)] : []).filter((tick) => /^[a-z0-9-]{1,64}\/[a-z0-9-]{1,100}$/.test(tick)).slice(0, MOST.ticks),
  notes: Object.assign(Object.create(null), Object.fromEntries(entries(value?.notes).slice(0, 20).map(([stage, note]) => [stage, text(note, MOST.note)]))),
});

/** A person of whatever was found; null if it is none. */
function tidyPerson(value) {
  const name = line(value?.name, MOST.name);
  if (!name || typeof value.id !== "string" || !/^[a-z0-9]{1,16}$/.test(value.id)) return null;
  const paths = Object.fromEntries(entries(value.paths).slice(0, 50).map(([key, walk]) => [key, tidyWalk(walk)]));
  return { id: value.id, name, start: isStart(`${value.start}T00:00`) ? value.start : "", paths };
}

function tidy(data) {
  const people = new Map();
  for (const found of Array.isArray(data?.people) ? data.people.slice(0, MOST.people) : []) {
    const person = tidyPerson(found);
    if (person && !people.has(person.id)) people.set(person.id, person);
  }
  return { people: [...people.values()], chosen: text(data?.chosen, 16) };
}

const mentees = shelf("mentees", 1, tidy);

// --- the page -------------------------------------------------------------------

const home = document.getElementById("_begleitung");
const path = home.dataset.path;
const part = (selector) => home.querySelector(selector);
const button = (name) => part(`[data-do="${name}"]`);
const [agenda, note] = [part("dialog"), part(".pb-part--note")];
note.remove();

/** What a text is kept by: short, and another for another text. */
function digest(words) {
  let hash = 0x811c9dc5;
  for (const char of words) hash = Math.imul(hash ^ char.codePointAt(0), 0x01000193);
  return (hash >>> 0).toString(36);
}

const wordsOf = (box) => document.querySelector(`label[for="${box.id}"]`).textContent.trim();

const stages = [...document.querySelectorAll(".pb-stage")].map((section) => {
  const id = section.dataset.stage;
  const boxes = [...section.querySelectorAll(".pb-tick input")].map((box) => {
    const kind = box.closest(".pb-part--ready") ? "ready" : box.closest(".pb-part--prompts") ? "prompts" : "task";
    return { box, kind, words: wordsOf(box), key: `${id}/${box.closest("[data-key]")?.dataset.key ?? `${kind}-${digest(box.dataset.source ?? wordsOf(box))}`}` };
  });
  const field = note.cloneNode(true);
  const area = field.querySelector("textarea");
  area.id = `${id}-note`;
  field.querySelector("label").htmlFor = area.id;
  const verdict = make("p", { class: "pb-stage__verdict", role: "status" });
  section.querySelector(".pb-part--ready").append(verdict);
  section.append(field);
  const step = document.querySelector(`.pb-way [data-stage="${id}"]`);
  const end = section.querySelector(".pb-stage__end");
  return { id, section, boxes, field, area, verdict, step, end, title: step.querySelector("strong").textContent, period: end.textContent, at: section.dataset.at.split(" ").map(Number) };
});

let chosen = mentees.read().chosen; // in this tab; another may look at somebody else
let adding = false;
let shown = ""; // whose data the fields show
let typing = true; // whether a field with the focus is left alone
let undone = null; // what `undo` brings back: {id, person or null, index}

const known = (data) => data.people.find((person) => person.id === chosen) ?? data.people[0];
const isDone = (stage, walk) => stage.boxes.filter(({ kind }) => kind === "ready").every(({ key }) => walk.ticks.includes(key));

/** „bis Fr, 18. Dezember 2026“; without a first day in the words of the page. */
function end(stage, person) {
  if (!person?.start) return stage.period;
  const date = moment(`${person.start}T00:00`, stage.at).date;
  return stage.at.some(Boolean) ? t("bis {day}", { day: day(date) }) : t("am {day}", { day: day(date) });
}

function render() {
  const data = mentees.read();
  const person = known(data);
  if (person?.id !== shown) typing = false; // what stands in the fields is another person's
  chosen = shown = person?.id ?? "";
  const walk = tidyWalk(person?.paths[path]);
  const current = person ? stages.find((stage) => !isDone(stage, walk)) : undefined;

  part(".pb-mentees__warning").hidden = mentees.kept;
  part("h2").textContent = person ? t("Du begleitest {name}", { name: person.name }) : t("Wen begleitest du?");
  showPeople(data.people);
  part(".pb-mentees__one").hidden = !person || adding;
  part("form").hidden = Boolean(person) && !adding;
  button("cancel").hidden = !person;
  button("new").hidden = !person || adding;
  button("undo").hidden = !undone;
  if (person) {
    fill(part("#_begleitung-name"), person.name);
    fill(part("#_begleitung-beginn"), person.start);
    part(".pb-mentees__progress").textContent = progress(person, walk, current);
  }
  for (const stage of stages) showStage(stage, person, walk, current);
  typing = true;
}

/** Set a field, but not under the fingers of who is typing. */
function fill(field, value) {
  if (!(typing && field === document.activeElement) && field.value !== value) field.value = value;
}

function showPeople(people) {
  const list = part("fieldset");
  list.hidden = people.length < 2 || adding;
  const shown = JSON.stringify(people.map(({ id, name }) => [id, name]));
  if (list.dataset.shown !== shown) {
    list.dataset.shown = shown;
    const focused = list.contains(document.activeElement);
    list.replaceChildren(list.firstElementChild, ...people.map(({ id, name }) =>
      make("label", { class: "pb-pill" }, make("input", { type: "radio", name: "begleitung", value: id, onchange: () => choose(id) }), name)));
    if (focused) list.querySelector(`[value="${chosen}"]`)?.focus();
  }
  for (const radio of list.querySelectorAll("input")) radio.checked = radio.value === chosen;
}

function progress(person, walk, current) {
  if (!current) return t("Alle Etappen dieses Wegs sind geschafft.");
  const open = current.boxes.filter(({ key }) => !walk.ticks.includes(key)).length;
  const where = t("Etappe {number} von {all}: „{title}“, {end}.", { number: stages.indexOf(current) + 1, all: stages.length, title: current.title, end: end(current, person) });
  return `${where} ${n("Noch {n} Punkt offen.", "Noch {n} Punkte offen.", open)}`;
}

function showStage(stage, person, walk, current) {
  const state = !person ? "" : stage === current ? "now" : isDone(stage, walk) ? "done" : "later";
  const words = { "": "", now: t("Hier seid ihr"), done: t("Geschafft"), later: t("Kommt noch") }[state];
  const late = state === "now" && person.start && moment(`${person.start}T00:00`, stage.at).date < now().date;
  for (const [place, name] of [[stage.section, "stage"], [stage.step, "way"]]) {
    place.dataset.state = state;
    place.querySelector(`.pb-${name}__state`).textContent = words;
  }
  stage.end.textContent = stage.step.querySelector(".pb-way__when").textContent = end(stage, person);
  if (late) stage.end.textContent = t("{end} gedacht, nehmt euch die Zeit", { end: end(stage, person) });
  for (const { box, key } of stage.boxes) {
    box.hidden = !person;
    box.checked = walk.ticks.includes(key);
  }
  stage.field.hidden = !person;
  fill(stage.area, walk.notes[stage.id] ?? "");
  stage.field.classList.toggle("pb-part--empty", !stage.area.value.trim());
  const next = stages[stages.indexOf(stage) + 1];
  const verdict = state !== "done" ? "" : next ? t("Geschafft. Weiter geht es mit „{title}“.", { title: next.title }) : t("Geschafft. Das war die letzte Etappe.");
  if (stage.verdict.textContent !== verdict) stage.verdict.textContent = verdict;
}

// --- what the reader does ---------------------------------------------------------

const say = (words) => (part("[role=status]").textContent = words);

/** Change the chosen person, and what is kept of this path. */
function change(what) {
  mentees.update((data) => {
    const person = data.people.find(({ id }) => id === chosen);
    if (person) what(person, (person.paths[path] = tidyWalk(person.paths[path])));
  });
  render();
}

function choose(id) {
  chosen = id;
  mentees.update((data) => void (data.chosen = id));
  render();
}

function noRoom({ id }) {
  const { people } = mentees.read();
  return people.length >= MOST.people && !people.some((person) => person.id === id);
}

/** Put a person in the place of who has this id, or take them away (null); it can be undone. */
function replace(id, person) {
  mentees.update((data) => {
    const index = data.people.findIndex((other) => other.id === id);
    undone = { id, person: data.people[index] ?? null, index: index < 0 ? data.people.length : index };
    data.people = data.people.filter((other) => other.id !== id);
    if (person) data.people.splice(undone.index, 0, person);
    typing = false;
    if (person) data.chosen = id;
  });
  if (person) chosen = id;
}

for (const stage of stages) {
  for (const { box, key } of stage.boxes) {
    box.addEventListener("change", () =>
      change((_, walk) => void (walk.ticks = box.checked ? [...walk.ticks, key] : walk.ticks.filter((tick) => tick !== key))));
  }
  stage.area.addEventListener("input", () => change((_, walk) => void (walk.notes[stage.id] = stage.area.value)));
}

part("#_begleitung-name").addEventListener("change", ({ target }) => {
  const name = target.value.trim();
  if (name) change((person) => void (person.name = name));
  else target.value = known(mentees.read())?.name ?? "";
});
part("#_begleitung-beginn").addEventListener("change", ({ target }) => {
  const start = isStart(`${target.value}T00:00`) ? target.value : "";
  change((person) => void (person.start = start));
});

part("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const id = (Date.now() + Math.random()).toString(36).replace(".", "").slice(0, 16);
  const person = tidyPerson({ id, name: part("#_neu-name").value, start: part("#_neu-beginn").value });
  if (!person) return part("#_neu-name").focus();
  if (noRoom(person)) return say(t("Mehr Personen merkt sich diese Seite nicht. Lösch zuerst eine."));
  replace(id, person);
  undone = null;
  adding = false;
  event.target.reset();
  say(t("{name} ist eingetragen.", { name: person.name }));
  render();
  button("agenda").focus();
});

const actions = {
  new() {
    adding = true;
    render();
    part("#_neu-name").focus();
  },
  cancel() {
    adding = false;
    render();
    button("new").focus();
  },
  delete() {
    const { name } = known(mentees.read());
    replace(chosen, null);
    say(t("{name} ist gelöscht.", { name }));
    render();
    button("undo").focus();
  },
  undo() {
    const { id, person, index } = undone;
    mentees.update((data) => {
      data.people = data.people.filter((other) => other.id !== id);
      if (person) data.people.splice(index, 0, person);
      typing = false;
    });
    if (person) chosen = id;
    undone = null;
    say(person ? t("{name} ist wieder da.", { name: person.name }) : t("Rückgängig gemacht."));
    render();
    (person ? button("agenda") : part("#_neu-name")).focus();
  },
  export() {
    const person = known(mentees.read());
    const name = fileName(person.name);
    download(`${t("begleitung")}-${name || person.id}.json`, "application/json", JSON.stringify({ kind: KIND, version: 1, person }, null, 1));
    say(t("Die Datei ist gesichert. Darin stehen auch deine Notizen."));
  },
  agenda() {
    showAgenda();
    agenda.showModal();
  },
  print: () => print(),
  close: () => agenda.close(),
};
for (const [name, act] of Object.entries(actions)) button(name).addEventListener("click", act);

part("[type=file]").addEventListener("change", async ({ target }) => {
  const [file] = target.files;
  let found = null;
  try {
    if (file.size <= MOST.file) found = JSON.parse(await file.text());
  } catch {} // no JSON, or gone in the meantime
  target.value = "";
  const person = found?.kind === KIND && found.version === 1 ? tidyPerson(found.person) : null;
  if (!person) return say(t("Diese Datei ist keine gesicherte Begleitung."));
  if (noRoom(person)) return say(t("Mehr Personen merkt sich diese Seite nicht. Lösch zuerst eine."));
  replace(person.id, person);
  adding = false;
  const { name } = person;
  say(undone.person ? t("Bei {name} gilt jetzt, was in der Datei steht.", { name }) : t("{name} ist geladen.", { name }));
  render();
});

// --- the next conversation ------------------------------------------------------

function showAgenda() {
  const person = known(mentees.read());
  const walk = tidyWalk(person.paths[path]);
  const current = stages.find((stage) => !isDone(stage, walk));
  const open = (kind) => (current?.boxes ?? []).filter((box) => box.kind === kind && !walk.ticks.includes(box.key));
  const within = (selector) => open("task").filter(({ box }) => box.closest(selector));
  const copies = (elements) => [...elements].map((element) => element.cloneNode(true));
  const show = (name, children) => {
    const section = agenda.querySelector(`[data-part="${name}"]`);
    section.hidden = !children.length;
    section.lastElementChild.replaceChildren(...children);
  };
  const items = (boxes) => boxes.map(({ words }) => make("li", {}, words));

  agenda.querySelector("h2").textContent = t("Nächstes Gespräch mit {name}", { name: person.name });
  agenda.querySelector(".pb-agenda__stage").textContent = `${document.querySelector("h1").firstChild.textContent.trim()}. ${progress(person, walk, current)}`;
  const last = stages.findLast((stage) => walk.notes[stage.id]?.trim() && (!current || stages.indexOf(stage) <= stages.indexOf(current)));
  show("note", last ? [walk.notes[last.id]] : []);
  show("practices", within("[data-key]:not([data-key=task], [data-key=teach-back])").map(({ box, words }) =>
    make("li", {}, make("strong", {}, `${box.closest(".pb-part").querySelector("h3").textContent}: ${box.parentElement.querySelector("a").textContent.trim()}.`), ` ${words}`)));
  show("prompts", items(open("prompts").slice(0, MOST.prompts)));
  show("teach", within("[data-key=teach-back]").flatMap(({ box, words }) =>
    [make("p", {}, make("strong", {}, words)), ...copies(box.closest("[data-key]").querySelectorAll(":scope > .pb-part__label, :scope > ul"))]));
  show("task", within("[data-key=task]").flatMap(({ box, words }) =>
    [make("p", {}, make("strong", {}, words)), ...copies(box.closest("[data-key]").querySelectorAll(":scope > :not(.pb-tick)"))]));
  show("ready", items(open("ready")));
  show("swap", current ? [] : copies(document.querySelectorAll("#_tausch ~ p:not(#_anker ~ h2 ~ p)")));
}

mentees.watch(render);
addEventListener("pageshow", render); // also when the browser brings back a page it has put aside
