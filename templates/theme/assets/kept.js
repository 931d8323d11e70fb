/* Pages to come back to: the ones a reader has marked with a star, and the last that were visited.

On a page of a ritual or a mentor's path this puts the star in its place below the lead and remembers the visit. */

import { make } from "./dom.js";
import { shelf } from "./store.js";
import { t } from "./words.js";

const MOST = { kept: 50, recent: 8 };
const KINDS = ["ritual", "path"];
export const ROOT = new URL("..", import.meta.url); // of the site

/** Pages of whatever was found, each {url, title, universe, kind}; an address leads only within the site. */
function pages(found, most) {
  const clean = new Map();
  for (const page of Array.isArray(found) ? found : []) {
    const { url, title, universe, kind } = page ?? {};
    if (typeof url !== "string" || !/^(?:[a-z0-9-]{1,64}\/){1,3}$/.test(url)) continue;
    if (typeof title !== "string" || !title.trim() || !KINDS.includes(kind) || clean.has(url)) continue;
    clean.set(url, { url, title: [...title].slice(0, 80).join(""), universe: /^[a-z0-9-]{1,64}$/.test(universe) ? universe : "", kind });
  }
  return [...clean.values()].slice(0, most);
}

export const kept = shelf("kept", 1, (data) => ({ kept: pages(data?.kept, MOST.kept), recent: pages(data?.recent, MOST.recent) }));

/** Put a page at the top of a list, or take it away. */
export const add = (list, page) => kept.update((data) => void (data[list] = [page, ...data[list].filter(({ url }) => url !== page.url)].slice(0, MOST[list])));
export const remove = (list, url) => kept.update((data) => void (data[list] = data[list].filter((page) => page.url !== url)));

/** This page, where it is one to come back to. */
function here() {
  const { kind, universe = "" } = document.querySelector(".pb")?.dataset ?? {};
  const title = document.querySelector(".pb h1")?.firstChild?.textContent.trim();
  const url = location.pathname.slice(ROOT.pathname.length).replace(/index\.html$/, "");
  return pages([{ url, title, universe, kind }], 1)[0];
}

function star(page) {
  const status = make("span", { class: "pb-keep__status", role: "status" });
  const button = make("button", { type: "button", class: "pb-keep__button", "data-tool": true, onclick: toggle }, make("span", { class: "pb-keep__star", "aria-hidden": "true" }), t("Merken"));
  const isKept = () => kept.read().kept.some(({ url }) => url === page.url);
  function render() {
    button.setAttribute("aria-pressed", isKept());
  }
  function toggle() {
    const marked = !isKept();
    if (marked) add("kept", page);
    else remove("kept", page.url);
    status.textContent = !kept.kept ? t("Dein Browser merkt sich hier nichts.") : marked ? t("Steht jetzt auf der Startseite.") : t("Nicht mehr gemerkt.");
    render();
  }
  document.querySelector(".pb-keep").append(button, status);
  kept.watch(render);
  addEventListener("pageshow", render);
}

const page = here();
if (page) {
  star(page);
  add("recent", page);
}
