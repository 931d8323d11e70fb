/* A ritual's page as a tool: ticks, real dates, names. What is kept is a run, see runs.js. */

import "./kept.js";
import { readAloud } from "./aloud.js";
import { day, isStart, moment, now, said, warning } from "./dates.js";
import { carried, download, fileName, make, pack, unpack } from "./dom.js";
import { calendar, ritualEvents } from "./ics.js";
import { NAME, called, create, mark, parcel, runs, unwrap } from "./runs.js";
import { locale, n, t } from "./words.js";

const FRAGMENT = "durchgang"; // of an address
const LARGEST = 300_000; // characters of a file or a link: more is no run

const root = document.querySelector(".pb-run");
const { ritual, title } = root.dataset;

const find = (selector) => root.querySelector(selector);
const part = (name) => find(`[data-run="${name}"]`);
const action = (name) => find(`[data-do="${name}"]`);
const fields = find("form").elements;
const dialog = find("dialog");

let mine = null; // the run this tab shows
let shared = null; // a run from a link, which is only looked at
let refresh = null; // of the dialog

// ------------------------------------------------------------------ the run

const own = (data) => data.runs.filter((run) => run.ritual === ritual);
const current = (data) =>
  own(data).find(({ id }) => id === mine) ?? own(data).find(({ id }) => id === data.current[ritual]) ?? own(data).at(-1) ?? null;

/** Show a run in this tab, and first on the next visit. */
function choose(data, run) {
  mine = run?.id ?? null;
  if (run) data.current[ritual] = run.id;
  else delete data.current[ritual];
}

/** Change the run; without one, the change starts it. */
function change(edit) {
  runs.update((data) => {
    let run = current(data);
    if (!run) data.runs.push((run = create(ritual)));
    choose(data, run);
    edit(run);
  });
  show();
}

/** Put a run beside the others and show it. */
function add(run) {
  runs.update((data) => {
    data.runs.push(run);
    choose(data, run);
  });
  show();
}

// ------------------------------------------------------- what the page holds

/** Everything with a tick: {key, element, box, text, critical, at, minutes}; `at` only where there is a date for it. */
const steps = [...document.querySelectorAll("[data-step]")].map((element) => {
  const when = element.querySelector(".pb-step__when");
  const text = element.querySelector(".pb-step__who ~ p").textContent;
  const box = make("input", { type: "checkbox", class: "pb-check" });
  const name = t("Erledigt: {when}, {who}", {
    when: when.querySelector("strong").textContent,
    who: element.querySelector(".pb-step__who > span").textContent,
  });
  box.setAttribute("aria-label", name);
  const glyph = make("span", { class: "pb-box", "aria-hidden": "true" }, "☐");
  const label = make("label", { class: "pb-done", hidden: true }, box, glyph, make("span", {}, t("Erledigt")));
  element.querySelector(".pb-step__what").append(label);
  return { key: element.dataset.step, element, box, glyph, label, text, words: text, dated: when.querySelector("[data-at]"), minutes: +element.dataset.minutes };
});

const lists = [...document.querySelectorAll(".pb-checklist")].map((element) => {
  const items = [...element.querySelectorAll("[data-item]")].map((row) => {
    const box = make("input", { type: "checkbox", class: "pb-check" });
    const label = make("label", {}, box, ...row.childNodes);
    row.append(label);
    const text = row.querySelector(".pb-item__text").textContent;
    return {
      key: row.dataset.item, element: row, box, glyph: row.querySelector(".pb-box"), text, words: row.dataset.source ?? text,
      critical: row.matches(".pb-critical"), dated: row.querySelector("[data-at]"), minutes: 0,
      note: row.querySelector(".pb-item").appendChild(make("small", { class: "pb-changed", hidden: true })),
    };
  });
  const count = make("span", { class: "pb-count" });
  const aloud = make("button", { type: "button", class: "pb-button", onclick: () => read(list) }, t("Vorlesen"));
  aloud.setAttribute("aria-label", t("Vorlesen: {list}", { list: element.querySelector("h3").textContent }));
  element.querySelector("ul").before(make("div", { class: "pb-checklist__tools", "data-tool": true }, aloud, count));
  const state = make("p", { class: "pb-checklist__state", role: "status", "data-tool": true });
  element.append(state);
  const list = { element, items, count, aloud, state };
  return list;
});
const items = lists.flatMap((list) => list.items);
const tasks = [...steps, ...items].filter((task) => task.dated).map((task) => ({ ...task, at: offset(task.dated) }));

const notice = make("p", { class: "pb-run__notice", role: "status", "data-tool": true, hidden: true });
document.querySelector(".pb-checklist")?.before(notice);

function offset(element) {
  return element.dataset.at.split(" ").map(Number);
}

for (const { key, box, words } of [...steps, ...items]) box.addEventListener("change", () => tick(key, box.checked, words));

function tick(key, on, words) {
  change((run) => {
    if (on) run.ticks[key] = [now().epoch, mark(words)];
    else delete run.ticks[key];
  });
}

// ------------------------------------------------------------------- showing

function show() {
  const data = runs.read();
  const run = shared ?? current(data);
  if (!shared) mine = run?.id ?? null;
  showPanel(data, run);
  showTicks(run);
  showDates(run);
  showNames(run);
  showPaper(data, run);
  refresh?.();
}

// Words that stay the same are left alone, so that nothing is announced twice.
function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
  element.hidden = !text;
}

function showPanel(data, run) {
  const name = run && called(run, data.runs);
  const lost = run && !shared && !runs.kept;
  for (const place of [notice, part("notice")])
    say(place, lost ? t("Dein Browser merkt sich hier nichts: Was du einträgst, gilt, bis du die Seite schließt. Sichere es als Datei oder als Link.") : "");
  part("shared").hidden = !shared;
  part("more").hidden = Boolean(shared);
  if (shared) say(part("shared-name"), `${t("„{text}“", { text: shared.name || name })}.`);
  say(part("name"), name ?? t("Datum, Namen und Häkchen für dieses eine Mal"));
  part("choice").hidden = !run;
  const options = own(data).map((other) => make("option", { value: other.id, selected: other.id === run?.id }, called(other, data.runs)));
  const same = options.length === fields.run.length && options.every((option, place) => option.isEqualNode(fields.run[place]));
  if (!same) fields.run.replaceChildren(...options); // else a menu that is open stays
  const automatic = run ? called({ ...run, name: "" }, [{ ...run, name: "" }]) : t("etwa Sommer {year}", { year: now().date.slice(0, 4) });
  fields.name.placeholder = automatic;
  fill(fields.name, run?.name ?? "");
  if (fields.date.validity.valid) fill(fields.date, run?.start.slice(0, 10) ?? "");
  fill(fields.time, run?.start.slice(11) || fields.time.value || fields.time.defaultValue);
  for (const field of root.querySelectorAll("[data-person]")) fill(field, run?.people[field.dataset.person] ?? "");
  const has = { run, start: run?.start, ticks: run && Object.keys(run.ticks).length };
  for (const button of root.querySelectorAll("[data-needs]")) button.hidden = !has[button.dataset.needs];
  part("state").hidden = !run;
  if (!run) part("link").hidden = true;
  if (!part("link").hidden) fields.link.value = address(run, name);
}

/** Somebody who is typing is not interrupted. */
function fill(field, value) {
  if (field !== document.activeElement && field.value !== value) field.value = value;
}

function showTicks(run) {
  const ticked = ({ key }) => Boolean(run?.ticks[key]);
  for (const { key, element, box, glyph, note, words, label } of [...steps, ...items]) {
    const tick = run?.ticks[key];
    box.checked = Boolean(tick);
    box.disabled = Boolean(shared);
    glyph.textContent = tick ? "☑\ufe0e" : "☐";
    element.classList.toggle("pb-ticked", Boolean(tick));
    if (label) label.hidden = !run;
    if (note) say(note, tick?.[1] && tick[1] !== mark(words) ? t("Seit dem Abhaken neu formuliert, bitte noch einmal lesen.") : "");
  }
  for (const list of lists) {
    const open = list.items.filter((item) => !ticked(item));
    const values = { n: list.items.length - open.length, all: list.items.length };
    say(list.count, run ? t("{n} von {all}", values) : "");
    list.aloud.hidden = Boolean(shared);
    list.state.classList.toggle("pb-checklist__state--done", Boolean(run) && !open.length);
    say(list.state, run ? verdict(open, values) : "");
  }
  const critical = items.filter((item) => item.critical && !ticked(item)).length;
  const done = items.filter(ticked).length;
  find("progress").max = items.length;
  find("progress").value = done;
  const sum = t("Checklisten: {n} von {all}", { n: done, all: items.length });
  const open = critical ? n("{n} Punkt, der nicht fehlen darf, ist offen", "{n} Punkte, die nicht fehlen dürfen, sind offen", critical) : "";
  say(part("progress"), [sum, open].filter(Boolean).join(" · "));
}

/** What to say at the end of a list. */
function verdict(open, values) {
  if (!open.length) return t("✓ Alle {all} bestätigt. Diese Liste ist fertig.", values);
  const critical = open.filter((item) => item.critical).map((item) => t("„{text}“", { text: item.text.split(": ")[0] }));
  const missing = n("▲ Ein Punkt, der nicht fehlen darf, ist offen: {items}.", "▲ {n} Punkte, die nicht fehlen dürfen, sind offen: {items}.", critical.length, { items: critical.join(", ") });
  return [t("{n} von {all} bestätigt.", values), critical.length && missing].filter(Boolean).join(" ");
}

function showDates(run) {
  const start = run?.start;
  const present = now();
  const found = start ? tasks.map((task) => ({ ...task, ...urgency(run, task, present) })) : [];
  const badges = new Map(found.map(({ dated, late, badge }) => [dated, badge && [late ? "late" : "today", badge]]));
  for (const place of document.querySelectorAll("[data-at]")) {
    const at = offset(place);
    const flag = start && warning(start, at);
    const [kind, badge] = badges.get(place) ?? [];
    place.replaceChildren(
      ...(start ? [make("span", { class: "pb-date" }, said(start, at))] : []),
      ...(flag ? [make("span", { class: "pb-flag" }, t("▲ Achtung: {day}", { day: flag }))] : []),
      ...(badge ? [make("strong", { class: `pb-flag pb-flag--${kind}` }, badge)] : []),
    );
  }
  const open = found.filter(({ key }) => !run.ticks[key]).sort((a, b) => a.epoch - b.epoch);
  const late = open.filter((task) => task.late);
  const today = open.filter((task) => task.badge && !task.late);
  const next = open.find((task) => !task.late);
  coming = { late: late[0], next };
  part("dates").hidden = !start;
  say(part("late"), late.length ? n("! {n} überfällig", "! {n} überfällig", late.length) : "");
  say(part("today"), today.length ? n("● {n} heute", "● {n} heute", today.length) : "");
  say(part("all-done"), open.length ? "" : t("✓ Alles mit einem Termin ist erledigt."));
  for (const [name, task] of Object.entries(coming)) say(action(name), task ? teaser(task, start) : "");
}
let coming = {}; // the tasks that the panel names

function teaser(task, start) {
  const what = task.text.length > 90 ? `${task.text.slice(0, task.text.lastIndexOf(" ", 88))} …` : task.text;
  const values = { when: said(start, task.at), what };
  return task.late ? t("Überfällig: {when}, {what}", values) : t("Nächster Schritt: {when}, {what}", values);
}

function go({ box }) {
  box.scrollIntoView({ block: "center" });
  box.focus({ preventScroll: true });
}

/** Whether a task is late or for today, and the words for it. */
function urgency(run, { key, at, minutes }, present) {
  const then = moment(run.start, at);
  const days = Math.round((Date.parse(present.date) - Date.parse(then.date)) / 86_400_000);
  const past = Math.floor((present.epoch - then.epoch) / 60_000) - minutes;
  const late = !run.ticks[key] && (at[0] ? days > 0 : past > 0);
  const badge = () => {
    if (run.ticks[key]) return "";
    if (!late) return days === 0 ? t("● heute") : "";
    if (days > 0) return n("! überfällig seit gestern", "! überfällig seit {n} Tagen", days);
    if (past >= 60) return n("! überfällig seit {n} Stunde", "! überfällig seit {n} Stunden", Math.floor(past / 60));
    return n("! überfällig seit {n} Minute", "! überfällig seit {n} Minuten", past);
  };
  return { epoch: then.epoch, late, badge: badge() };
}

function showNames(run) {
  for (const place of document.querySelectorAll("[data-role]")) {
    const name = run?.people[place.dataset.role];
    place.replaceChildren(...(name ? [" · ", make("span", { class: "pb-name" }, name)] : []));
  }
}

/** The head of a printout. */
function showPaper(data, run) {
  const paper = part("paper");
  paper.hidden = !run;
  if (!run) return;
  const present = now();
  const names = [...root.querySelectorAll("[data-person]")].filter(({ value }) => value);
  paper.replaceChildren(
    make("p", {}, make("strong", {}, called(run, data.runs)), run.start && ` · ${t("Beginn: {start}", { start: said(run.start, [0, 0]) })}`),
    names.length && make("p", {}, names.map((field) => `${field.parentNode.firstChild.data.trim()}: ${field.value}`).join(" · ")),
    make("p", {}, t("Stand: {day}, {time} · {progress}", { day: day(present.date), time: present.time, progress: part("progress").textContent })),
  );
}

function read(list) {
  const text = (selector) => list.element.querySelector(selector).textContent;
  const said = {
    title: text("h3"),
    pause: text(".pb-checklist__pause > span:last-child"),
    kind: text(".pb-checklist__meta .pb-tag"),
    items: list.items.map(({ key, text, critical, element }) => ({
      key, text, critical, who: element.querySelector(".pb-item__who")?.textContent ?? "",
    })),
  };
  const words = Object.fromEntries(list.items.map((item) => [item.key, item.words]));
  refresh = readAloud(dialog, said, {
    time: (key) => {
      const tick = current(runs.read())?.ticks[key];
      return tick ? new Intl.DateTimeFormat(locale, { timeStyle: "short", timeZone: "Europe/Vienna" }).format(tick[0]) : null;
    },
    set: (key, on) => tick(key, on, words[key]),
  });
}

// ------------------------------------------------------------------- actions

let undo = null;

/** Tell the reader what was done, and offer to take it back. */
function report(text, back = null) {
  undo = back;
  part("said").textContent = text;
  action("undo").hidden = !back;
}

const actions = {
  new() {
    add(create(ritual));
    report(t("Neuer Durchgang begonnen. Der bisherige bleibt in der Auswahl."));
    fields.name.focus();
  },
  delete() {
    const run = current(runs.read());
    const name = called(run, runs.read().runs);
    runs.update((data) => {
      data.runs = data.runs.filter(({ id }) => id !== run.id);
      choose(data, own(data).at(-1));
    });
    show();
    report(t("„{name}“ ist gelöscht.", { name }), () => add(run));
    action("undo").focus();
  },
  reset() {
    const { id, ticks } = current(runs.read());
    change((run) => {
      for (const key of Object.keys(run.ticks)) delete run.ticks[key];
    });
    const restore = () => {
      runs.update((data) => {
        const run = data.runs.find((run) => run.id === id);
        if (run) for (const [key, value] of Object.entries(ticks)) run.ticks[key] ??= value;
      });
      show();
    };
    report(t("Alle Häkchen sind weg."), restore);
    action("undo").focus();
  },
  late: () => go(coming.late),
  next: () => go(coming.next),
  undo() {
    undo();
    report(t("Wieder wie vorher."));
    find("summary").focus();
  },
  async calendar() {
    const run = current(runs.read());
    try {
      const data = await (await fetch(root.dataset.api)).json();
      const text = calendar(run.name ? `${title}: ${run.name}` : title, ritualEvents(data, run.start, run.people));
      download(`${ritual}-${run.start.slice(0, 10)}.ics`, "text/calendar", text);
    } catch {
      report(t("Die Termine konnten nicht geladen werden. Gibt es gerade eine Verbindung?"));
    }
  },
  print() {
    show();
    document.documentElement.dataset.paper = "plan";
    print();
  },
  async share() {
    part("link").hidden = false;
    show();
    fields.link.select();
    try {
      await navigator.clipboard.writeText(fields.link.value);
      report(t("Der Link ist kopiert."));
    } catch {
      report(t("Der Link steht hier zum Kopieren."));
    }
  },
  save() {
    const run = current(runs.read());
    const name = fileName(called(run, runs.read().runs));
    download(`${ritual}-${name}.json`, "application/json", JSON.stringify(parcel(run, title), null, 1));
  },
  load() {
    find("input[type=file]").click();
  },
  take() {
    const run = adopt(shared);
    leave();
    add(run);
    report(t("Übernommen. Ab jetzt ist es deine Kopie."));
    find("summary").focus();
  },
  leave() {
    leave();
    find("summary").focus();
  },
};

for (const button of root.querySelectorAll("[data-do]")) button.addEventListener("click", () => actions[button.dataset.do]());
addEventListener("afterprint", () => delete document.documentElement.dataset.paper);

/** Somebody else's run as one of ours: never in the place of another. */
const adopt = (run) => ({ ...run, id: create(ritual).id });

function received(found) {
  const parcel = unwrap(found);
  if (!parcel) return t("Darin ist kein Durchgang, den dieses Handbuch lesen kann.");
  if (parcel.run.ritual !== ritual) return t("Dieser Durchgang gehört zu einem anderen Ritual: {title}.", { title: parcel.title || parcel.run.ritual });
  return parcel.run;
}

find("input[type=file]").addEventListener("change", async (event) => {
  const [file] = event.target.files;
  if (!file) return;
  let found = null;
  try {
    if (file.size <= LARGEST) found = JSON.parse(await file.text());
  } catch {}
  event.target.value = "";
  const run = received(found);
  if (typeof run === "string") return report(run);
  const copy = adopt(run);
  add(copy);
  report(t("„{name}“ ist geladen.", { name: called(copy, runs.read().runs) }));
});

// -------------------------------------------------------------------- fields

find("form").addEventListener("submit", (event) => event.preventDefault());
fields.run.addEventListener("change", () => {
  runs.update((data) => choose(data, data.runs.find(({ id }) => id === fields.run.value)));
  report("");
  show();
});
fields.name.addEventListener("input", () => change((run) => (run.name = fields.name.value.trim().slice(0, NAME))));
for (const field of root.querySelectorAll("[data-person]"))
  field.addEventListener("input", () =>
    change((run) => {
      run.people[field.dataset.person] = field.value.trim().slice(0, NAME);
      if (!field.value.trim()) delete run.people[field.dataset.person];
    }),
  );
for (const field of [fields.date, fields.time])
  field.addEventListener("input", () => {
    const time = fields.time.value || current(runs.read())?.start.slice(11) || fields.time.defaultValue;
    const start = fields.date.value && `${fields.date.value}T${time}`;
    // While somebody types a year it is 2, then 20: not a date of ours yet.
    if (isStart(start) || (!start && !fields.date.validity.badInput && current(runs.read())?.start)) change((run) => (run.start = start));
  });
fields.date.addEventListener("blur", () => {
  if (!fields.date.validity.valid) report(t("Dieses Datum gibt es hier nicht: Es muss zwischen 1971 und 2099 liegen."));
});
fields.date.form.addEventListener("focusout", show);

// --------------------------------------------------------------------- links

const address = (run, name) => `${location.href.split("#")[0]}#${FRAGMENT}=` + pack(parcel({ ...run, name }, title));

function leave() {
  shared = null;
  history.replaceState(null, "", location.pathname + location.search);
  show();
}

function open() {
  const text = carried(FRAGMENT);
  if (text === null) {
    if (!location.hash && shared) leave(); // „back“
    return;
  }
  const run = received(text.length <= LARGEST ? unpack(text) : null);
  if (typeof run === "string") {
    report(t("Mit diesem Link stimmt etwas nicht. {why}", { why: run }));
    return leave();
  }
  shared = run;
  dialog.close();
  show();
}

addEventListener("hashchange", open);
document.addEventListener("visibilitychange", show); // what was today may be yesterday
runs.watch(show);
show();
open();
