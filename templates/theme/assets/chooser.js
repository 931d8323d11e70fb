/* „In welchem Universum sind wir?“: counts what the answers say, for a team or for several side by side.

The page holds everything already: situations, points, reasons, advice. This module reads them there, remembers the
answers in the browser, and shows all universes at once, in the handbook's order. */

import { make } from "./dom.js";
import { line, shelf } from "./store.js";
import { n, t } from "./words.js";

const MOST = 6; // sheets side by side
const LONGEST = 40; // characters of a sheet's name
const NEAR = 12; // percentage points, about one answer of nine; closer universes are said to be close
const NAME = "_name"; // of a sheet, in a link; no situation's id has an underscore

const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const one = (selector, from = document) => from.querySelector(selector);
const unfold = (selector) => one(selector).append(one(`${selector} template`).content);

// ---------------------------------------------------------------- what the page says

const radios = all(".pb-situations input");
const shares = all(".pb-share").map((box) => ({ box, id: box.dataset.universe, title: one("h3 a", box).textContent }));
const frictions = all(".pb-frictions > section").map((box) => ({ box, between: box.dataset.between.split(" ") }));
const situations = new Map(); // id → answer's id → {because, weights: universe → points}
for (const box of all("[data-situation]")) {
  const choices = all(".pb-answer", box).map((label) => [
    one("input", label).value,
    {
      because: one(".pb-because span", label).textContent,
      weights: new Map(all("[data-points]", label).map(({ dataset }) => [dataset.universe, Number(dataset.points)])),
    },
  ]);
  situations.set(box.dataset.situation, new Map(choices));
}

const known = (answers) =>
  Object.fromEntries([...situations].filter(([id, choices]) => choices.has(answers?.[id])).map(([id]) => [id, answers[id]]));
const named = (name) => line(name, LONGEST);

/** Sheets as this page can use them, at least one, whatever was kept. */
function tidy(data) {
  const kept = Array.isArray(data?.sheets) ? data.sheets.slice(0, MOST) : [];
  const sheets = kept.map((sheet) => ({ name: named(sheet?.name), answers: known(sheet?.answers) }));
  if (!sheets.length) sheets.push({ name: "", answers: {} });
  const { current } = data ?? {};
  return { sheets, current: Number.isInteger(current) && current in sheets ? current : 0 };
}

// ---------------------------------------------------------------- what answers show

/** Of a sheet's answers: how many there are, and by universe {points, percent, reasons}, the weightiest reason first. */
function profile(answers) {
  const given = [...situations].map(([id, choices]) => choices.get(answers[id])).filter(Boolean);
  const points = (id) => given.reduce((sum, { weights }) => sum + (weights.get(id) ?? 0), 0);
  const total = shares.reduce((sum, { id }) => sum + points(id), 0) || 1;
  const found = shares.map(({ id, title }) => ({
    title,
    points: points(id),
    percent: Math.round((100 * points(id)) / total),
    reasons: given
      .filter(({ weights }) => weights.has(id))
      .sort((a, b) => b.weights.get(id) - a.weights.get(id))
      .map(({ because }) => because),
  }));
  return { count: given.length, of: new Map(shares.map(({ id }, i) => [id, found[i]])) };
}

/** The ids of the universes that show most: one, or several with at most so many percentage points between them. */
function foremost({ count, of }, near) {
  const most = Math.max(...[...of.values()].map(({ percent }) => percent));
  return count ? [...of].filter(([, { percent }]) => percent && percent >= most - near).map(([id]) => id) : [];
}

const list = (words) => new Intl.ListFormat(document.documentElement.lang, { type: "conjunction" }).format(words);

function inWords(found) {
  if (!found.count) return t("Sobald ihr die erste Situation beantwortet, steht hier, was eure Antworten zeigen.");
  const front = foremost(found, NEAR).map((id) => found.of.get(id).title);
  const others = [...found.of.values()].filter(({ points }) => points).length - front.length;
  const rough = found.count * 2 < situations.size ? ` ${t("Noch ist das Bild grob.")}` : "";
  if (front.length === found.of.size) return t("Alle Universen liegen bei euch nah beieinander.") + rough;
  if (front.length > 1) return t("{names} liegen bei euch nah beieinander; das eine gehört so zu euch wie das andere.", { names: list(front) }) + rough;
  if (!others) return t("Bisher klingt nur {name} durch.", { name: front[0] }) + rough;
  return t("{name} klingt bei euch am deutlichsten durch. Ein Urteil ist das nicht: Auch die anderen haben ihren Platz.", { name: front[0] }) + rough;
}

// ---------------------------------------------------------------- remembering and sharing

const kept = shelf("chooser", 1, tidy);
let before = null; // what „Rückgängig“ brings back

function change(edit, undo = null) {
  before = undo;
  say("");
  kept.update(edit);
  show();
}

const title = (sheet, number) => sheet.name || t("Bogen {number}", { number: number + 1 });

function link({ name, answers }) {
  const fragment = new URLSearchParams({ ...answers, ...(name && { [NAME]: name }) });
  return `${location.href.split("#")[0]}#${fragment}`;
}

/** Answers in the address become a sheet of their own, unless they are here already; nothing is overwritten. */
function receive() {
  const given = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  const sheet = { name: named(given[NAME]), answers: known(given) };
  if (!Object.keys(sheet.answers).length) return; // an anchor of the page
  history.replaceState(null, "", location.pathname + location.search); // else a reload would bring back what was changed since
  change((data) => {
    const same = data.sheets.findIndex((other) => link(other) === link(sheet));
    const free = data.sheets.findIndex(({ name, answers }) => !name && !Object.keys(answers).length);
    const place = same >= 0 ? same : free >= 0 ? free : data.sheets.length;
    if (place === MOST) return say(t("Es gibt schon {most} Bögen. Löscht einen und öffnet den Link noch einmal.", { most: MOST }));
    data.sheets[place] = sheet;
    data.current = place;
    say(t("Die Antworten aus dem Link sind da."));
  });
}

// ---------------------------------------------------------------- showing

const page = one(".pb");
const bar = one(".pb-chooser__bar");
const status = one("[role=status]", bar);
const opener = one(".pb-chooser__open");
unfold(".pb-chooser__tools");
unfold(".pb-chooser__sheets");
const tools = one(".pb-chooser__tools");
const cards = one(".pb-chooser__sheets ul");
const action = (name) => one(`[data-do="${name}"]`);

function say(text) {
  one(".pb-chooser__note").textContent = text;
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text; // a screen reader says only what is new
}

function show() {
  const data = kept.read();
  const sheet = data.sheets[data.current];
  const several = data.sheets.length > 1;
  const profiles = data.sheets.map(({ answers }) => profile(answers));
  const found = profiles[data.current];

  for (const radio of radios) radio.checked = sheet.answers[radio.name] === radio.value;
  const progress = t("{done} von {all} beantwortet", { done: found.count, all: situations.size });
  write(status, several ? `${title(sheet, data.current)}: ${progress}` : progress);
  page.toggleAttribute("data-answered", found.count > 0);
  one(".pb-chooser__result").hidden = false;
  write(one(".pb-chooser__words"), inWords(found));
  one(".pb-chart").hidden = !found.count;
  showChart(one(".pb-chart"), found);
  for (const { box, id } of shares) showReasons(box, found.count ? found.of.get(id) : null);
  showFrictions(data, profiles);
  showCards(data, profiles);

  action("share").hidden = action("reset").hidden = !found.count;
  action("undo").hidden = !before;
  action("add").hidden = data.sheets.length >= MOST;
  one(".pb-chooser__unkept").hidden = kept.kept;
  const shared = one("input", tools);
  if (shared.value !== link(sheet)) one(".pb-chooser__link").hidden = true; // it is out of date
}

/** A bar and numbers for each universe, in a list that has a row for each. */
function showChart(rows, { of }) {
  for (const row of rows.children) {
    const { points, percent } = of.get(row.dataset.universe);
    write(one("b", row), t("{n} %", { n: percent }));
    write(one("small", row), n("{n} Punkt", "{n} Punkte", points));
    one("i", row).style.width = `${percent}%`;
  }
}

function showReasons(box, found) {
  one(".pb-share__found", box).hidden = !found;
  if (!found) return;
  const { title, reasons } = found;
  const lead = reasons.length ? t("In euren Antworten steckt {title},", { title }) : t("Keine eurer Antworten spricht dafür.");
  write(one(".pb-share__found p", box), lead);
  const ends = (i) => (i < reasons.length - 1 ? "," : ".");
  one("ul", box).hidden = !reasons.length;
  one("ul", box).replaceChildren(...reasons.map((because, i) => make("li", {}, t("weil ihr {because}", { because }) + ends(i))));
}

/** What the answers show most comes first: within a sheet, or between several. */
function showFrictions(data, profiles) {
  const answered = profiles.map((found, i) => ({ found, name: title(data.sheets[i], i), front: foremost(found, 0) })).filter(({ front }) => front.length);
  const share = (id) => answered.reduce((sum, { found }) => sum + found.of.get(id).percent, 0);
  for (const friction of frictions) {
    const [a, b] = friction.between;
    const sides = friction.between.map((id) => answered.filter(({ front }) => front.includes(id)).map(({ name }) => name));
    const meet = answered.length > 1 && sides.every((side) => side.length) && new Set(sides.flat()).size > 1;
    friction.order = answered.length ? (meet ? 1e6 : 0) + share(a) * share(b) + (share(a) + share(b)) / 1e3 : 0;
    const titles = friction.between.map((id) => shares.find((other) => other.id === id).title);
    const named = sides.map((side, i) => `${list(side)} (${titles[i]})`);
    const { of } = answered[0]?.found ?? {};
    const who = one(".pb-frictions__who", friction.box);
    if (meet) write(who, t("Hier treffen aufeinander: {one}, {other}.", { one: named[0], other: named[1] }));
    else if (answered.length === 1)
      write(who, t("In euren Antworten: {one} {a} %, {other} {b} %", { one: titles[0], a: of.get(a).percent, other: titles[1], b: of.get(b).percent }));
    who.hidden = !meet && answered.length !== 1;
  }
  const sorted = frictions.toSorted((x, y) => y.order - x.order).map(({ box }) => box);
  if (sorted.some((box, i) => box.parentElement.children[i] !== box)) one(".pb-frictions").append(...sorted);
}

/** One card a sheet, and a row of buttons to change between them; kept in place, so that the focus stays. */
function showCards(data, profiles) {
  while (cards.children.length > data.sheets.length) cards.lastChild.remove();
  while (cards.children.length < data.sheets.length) cards.append(card(cards.children.length));
  while (opener.children.length > data.sheets.length) opener.lastChild.remove();
  while (opener.children.length < data.sheets.length) opener.append(make("button", { type: "button", onclick: opening(opener.children.length) }));
  opener.hidden = data.sheets.length < 2;
  data.sheets.forEach((sheet, i) => {
    const box = cards.children[i];
    const name = title(sheet, i);
    const current = i === data.current;
    const input = one("input", box);
    if (named(input.value) !== sheet.name) input.value = sheet.name;
    input.placeholder = t("Bogen {number}", { number: i + 1 });
    box.classList.toggle("pb-sheet--open", current);
    write(one(".pb-sheet__count", box), t("{done} von {all} beantwortet", { done: profiles[i].count, all: situations.size }));
    showChart(one("ul", box), profiles[i]);
    const answer = one('[data-do="open"]', box);
    write(answer, current ? t("Antworten zeigen") : t("Öffnen"));
    if (current) answer.removeAttribute("aria-label");
    else answer.setAttribute("aria-label", t("{name} öffnen", { name }));
    const remove = one('[data-do="remove"]', box);
    remove.hidden = data.sheets.length < 2;
    remove.setAttribute("aria-label", t("{name} löschen", { name }));
    write(opener.children[i], name);
    opener.children[i].setAttribute("aria-pressed", current);
  });
}

function card(i) {
  const chart = one(".pb-chart").cloneNode(true);
  chart.hidden = false;
  return make(
    "li",
    { class: "pb-sheet" },
    make("label", {}, t("Wer hat geantwortet?"), make("input", { type: "text", maxlength: LONGEST, autocomplete: "off", oninput: (event) => rename(i, event.target.value) })),
    make("p", { class: "pb-sheet__count" }),
    chart,
    make("p", { class: "pb-chooser__actions" }, make("button", { type: "button", "data-do": "open", onclick: () => answer(i) }), make("button", { type: "button", "data-do": "remove", onclick: () => remove(i) }, t("Löschen"))),
  );
}

// ---------------------------------------------------------------- doing

const rename = (i, name) => change(({ sheets }) => void (sheets[i] && (sheets[i].name = named(name))));
const open = (i) => change((data) => void (data.current = i));
const opening = (i) => () => open(i);

/** Open a sheet and go to its first situation without an answer. */
function answer(i) {
  open(i);
  const { answers } = kept.read().sheets[i];
  const next = [...situations.keys()].find((id) => !answers[id]) ?? [...situations.keys()][0];
  const choices = radios.filter(({ name }) => name === next);
  (choices.find(({ checked }) => checked) ?? choices[0]).focus();
}

function remove(i) {
  change((data) => {
    data.sheets.splice(i, 1);
    data.current = Math.min(data.current - (i < data.current), data.sheets.length - 1);
  }, kept.read());
  say(t("Der Bogen ist gelöscht."));
  action("add").focus();
}

const doing = {
  reset() {
    change(({ sheets, current }) => void (sheets[current].answers = {}), kept.read());
    say(t("Die Antworten sind gelöscht."));
    action("undo").focus();
  },
  undo() {
    const back = before;
    change(() => back);
    say(t("Alles ist wieder da."));
    action("reset").focus();
  },
  add() {
    change((data) => void (data.current = data.sheets.push({ name: "", answers: {} }) - 1));
    one("input", cards.lastChild).focus();
  },
  async share() {
    const { sheets, current } = kept.read();
    const input = one("input", tools);
    input.value = link(sheets[current]);
    one(".pb-chooser__link").hidden = false;
    try {
      await navigator.clipboard.writeText(input.value);
      say(t("Der Link ist kopiert."));
    } catch {
      input.select();
      input.focus();
      say(t("Hier ist der Link zum Kopieren."));
    }
  },
  print: () => print(),
};

for (const button of all("[data-do]")) if (button.dataset.do in doing) button.addEventListener("click", doing[button.dataset.do]);
for (const radio of radios) {
  radio.addEventListener("change", () => {
    change(({ sheets, current }) => void (sheets[current].answers[radio.name] = radio.value));
  });
}
bar.hidden = false;
kept.watch(show);
addEventListener("pageshow", show); // a browser may put back what it remembers of the boxes
addEventListener("hashchange", receive);
show();
receive();
