/* The search in the header: opens with / s f, lists what find.js finds, arrows, Enter and Esc as one expects. */

import { make } from "./dom.js";
import { n, t } from "./words.js";

const root = new URL("../", import.meta.url); // of this language's site
const box = document.querySelector(".pb-find");
const part = (name) => box.querySelector(`.pb-find__${name}`);
const [form, input, panel, status, hints, results] = ["form", "input", "panel", "status", "hints", "results"].map(part);
const opener = document.querySelector(".pb-find__open");
const KINDS = {
  ritual: [t("Ritual"), t("Rituale")],
  universe: [t("Universum"), t("Universen")],
  page: [t("Seite"), t("Seiten")],
  checklist: [t("Checkliste"), t("Checklisten")],
  term: [t("Begriff"), t("Begriffe")],
};
const BEST = 3; // shown before the groups
const SHOWN = 15; // until one asks for more

let index; // the promise of one
let latest = 0; // the number of the query typed last
let timer;

const load = () => (index ??= import("./find.js").then(({ Index }) => Index.open(new URL("search/", root))).catch((error) => {
  index = undefined;
  throw error;
}));

/* --- what is shown ----------------------------------------------------------- */

/** `text` with what matched in <mark>; a part of it around the first match if it is longer than `most`. */
function marked(text, terms, words, most = Infinity) {
  const hits = [];
  for (const match of words.in(text)) {
    if (match.index > (hits[0]?.index ?? Infinity) + most) break; // the rest is not shown
    if (words.terms(match[0]).some(([term]) => terms.has(term))) hits.push(match);
  }
  let [from, to] = [0, text.length];
  if (to > most) {
    from = Math.max(0, (hits[0]?.index ?? 0) - most / 3);
    if (from > 0) from = text.indexOf(" ", from) + 1;
    to = text.length - from > most ? text.lastIndexOf(" ", from + most) : text.length;
  }
  const shown = [from > 0 ? "… " : ""];
  let last = from;
  for (const { 0: word, index: at } of hits) {
    if (at < from || at + word.length > to) continue;
    shown.push(text.slice(last, at), make("mark", {}, word));
    last = at + word.length;
  }
  shown.push(text.slice(last, to), to < text.length ? " …" : "");
  return { hits: hits.length, shown };
}

function item(record, { terms }, words) {
  const summary = record.summary && marked(record.summary, terms, words);
  const body = !summary?.hits && record.text && marked(record.text, terms, words, 170);
  const excerpt = body?.hits ? body.shown : summary ? summary.shown : body ? body.shown : [];
  const home = document.querySelector(`.pb-side a[data-universe="${CSS.escape(record.universe)}"]`);
  const symbol = home?.querySelector(".pb-sym")?.cloneNode(true);
  const of = record.page ?? (record.kind === "ritual" ? home?.textContent.trim() : "");
  const about = make("span", { class: "pb-find__kind" }, [KINDS[record.kind][0], of].filter(Boolean).join(", "));
  const id = `pb-find-${record.number}`;
  const link = make("a", { href: new URL(record.url, root).href, "aria-describedby": id }, symbol, make("span", {}, ...marked(record.title, terms, words).shown), " ", about);
  return make("li", { "data-universe": record.universe }, link, make("p", { id }, ...excerpt));
}

/** Ranked records as the best ones, of different pages, and the others by kind. */
function grouped(records) {
  const pages = new Set();
  const best = records.filter(({ url }) => {
    const fresh = pages.size < BEST && !pages.has(url.split("#")[0]);
    return fresh && pages.add(url.split("#")[0]);
  });
  const groups = new Map([[t("Beste Treffer"), best]]);
  for (const record of records.filter((record) => !best.includes(record))) {
    const name = KINDS[record.kind][1];
    groups.set(name, [...(groups.get(name) ?? []), record]);
  }
  return [...groups];
}

const quoted = (words) => words.map((word) => t("„{text}“", { text: word })).join(", ");
const instead = (word, other) => make("button", { type: "button", onclick: () => ask(input.value.replace(word, other)) }, other);

/** What the reader should know of words that are not in the handbook. */
function advice({ looked, words }) {
  const lines = looked.filter(({ scores }) => !scores.size).map(({ word, near }) =>
    make("p", {}, t("„{word}“ steht nirgends im Handbuch.", { word }), " ", ...(near.length ? [t("Ähnliche Wörter:"), " ", ...near.map((other) => instead(word, other))] : [])));
  for (const { word, known, corrected, scores } of looked) {
    if (!corrected.length || !scores.size) continue;
    lines.push(make("p", {}, known
      ? t("Gesucht wurde auch nach {words}.", { words: quoted(corrected) })
      : t("„{word}“ steht nirgends im Handbuch. Gesucht wurde nach {words}.", { word, words: quoted(corrected) })));
  }
  if (!words.length && input.value.trim()) lines.push(make("p", {}, t("Das ist noch kein Wort, nach dem sich suchen lässt.")));
  return lines;
}

async function show(limit = SHOWN) {
  const number = ++latest;
  const query = input.value.trim();
  if (!query) {
    status.textContent = "";
    hints.replaceChildren();
    results.replaceChildren();
    delete box.dataset.answer;
    return;
  }
  try {
    const search = await load();
    const found = await search.find(query);
    const records = await Promise.all(found.ranked.slice(0, limit).map((hit) => search.record(hit.number)));
    const parents = await Promise.all(records.map(({ parent }) => parent === null ? null : search.record(parent)));
    if (number !== latest) return; // something else has been typed since
    records.forEach((record, i) => { record.page = parents[i]?.title; });
    const lists = records.length ? grouped(records).map(([name, members], i) => {
      const label = make("p", { class: "pb-find__group", id: `pb-find-group-${i}` }, name);
      return make("div", {}, label, make("ul", { "aria-labelledby": label.id }, ...members.map((record) => item(record, found, search.words))));
    }) : [];
    const count = found.ranked.length;
    if (count > limit) lists.push(make("button", { type: "button", class: "pb-find__more", onclick: () => show(count) }, t("Alle {n} Treffer zeigen", { n: count })));
    hints.replaceChildren(...advice(found));
    results.replaceChildren(...lists);
    status.textContent = count ? n("{n} Treffer", "{n} Treffer", count) : t("Keine Treffer");
    box.dataset.answer = query; // what the results answer
  } catch (error) {
    if (number !== latest) return;
    results.replaceChildren();
    hints.replaceChildren(make("p", {}, t("Die Suche ist gerade nicht erreichbar."), " ", make("a", { href: form.action }, t("Zum Register von A bis Z"))));
    status.textContent = "";
    throw error;
  }
}

/* --- opening, closing, keys ---------------------------------------------------- */

function open() {
  box.dataset.open = "";
  panel.hidden = false;
  input.focus();
  load().catch(() => {}); // the query will say so
}

function close() {
  delete box.dataset.open;
  panel.hidden = true;
  if (box.contains(document.activeElement)) document.activeElement.blur();
}

function ask(query) {
  input.value = query;
  open();
  show();
}

const typing = (element) => element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const isOpen = "open" in box.dataset;
  if (!isOpen && ["/", "s", "f"].includes(event.key) && !typing(event.target)) {
    event.preventDefault();
    open();
    input.select();
  } else if (isOpen && event.key === "Escape") {
    event.preventDefault();
    close();
  } else if (isOpen && ["ArrowDown", "ArrowUp"].includes(event.key)) {
    const stops = [input, ...results.querySelectorAll("a")];
    const at = Math.max(0, stops.indexOf(document.activeElement)) + (event.key === "ArrowDown" ? 1 : -1);
    event.preventDefault();
    stops[(at + stops.length) % stops.length].focus();
  } else if (isOpen && event.key.length === 1 && event.key !== " " && event.target.closest(".pb-find__results")) {
    input.focus(); // and what is typed goes on there
  }
});
input.addEventListener("focus", open);
input.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(show, 40);
});
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  clearTimeout(timer);
  if (box.dataset.answer !== input.value.trim()) await show();
  results.querySelector("a")?.click();
});
part("close").addEventListener("click", close);
opener.addEventListener("click", (event) => {
  event.preventDefault();
  open();
});
document.addEventListener("pointerdown", (event) => {
  if ("open" in box.dataset && !box.contains(event.target)) close();
});
box.addEventListener("focusout", (event) => {
  if (event.relatedTarget && !box.contains(event.relatedTarget)) close();
});
results.addEventListener("click", (event) => {
  if (event.target.closest("a") && !event.ctrlKey && !event.metaKey) close(); // the link may lead to this very page
});

opener.setAttribute("role", "button");
const asked = new URLSearchParams(location.search).get("q");
if (asked) ask(asked);
