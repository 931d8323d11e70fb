/* The start page's way back: marked pages, and the last that were visited. */

import { make } from "./dom.js";
import { ROOT, kept, remove } from "./kept.js";
import { t } from "./words.js";

const home = document.querySelector(".pb-kept");
const sections = document.querySelectorAll("[data-kept]");
const status = document.querySelector(".pb-kept__status");

function render() {
  const data = kept.read();
  for (const section of sections) {
    const pages = data[section.dataset.kept].filter(({ url }) => section.dataset.kept === "kept" || !data.kept.some((page) => page.url === url));
    section.hidden = !pages.length;
    section.querySelector("ul").replaceChildren(...pages.map((page) => entry(section, page)));
  }
}

function entry(section, { url, title, universe, kind }) {
  const symbol = universe && document.querySelector(`.pb-door[data-universe="${universe}"] .pb-sym`)?.cloneNode(true);
  const link = make("a", { href: new URL(url, ROOT) }, symbol, make("span", {}, title, kind === "path" && make("small", {}, ` ${t("Weg für Mentor:innen")}`)));
  const forget = make("button", { type: "button", "aria-label": t("„{title}“ aus der Liste nehmen", { title }), title: t("Aus der Liste nehmen"), onclick: () => drop(section, url, title) }, "✕");
  return make("li", { "data-universe": universe }, link, forget);
}

function drop(section, url, title) {
  const buttons = [...section.querySelectorAll("button")];
  const place = buttons.indexOf(document.activeElement);
  remove(section.dataset.kept, url);
  render();
  status.textContent = t("„{title}“ ist aus der Liste genommen.", { title });
  const left = [...section.querySelectorAll("button")];
  (left[Math.min(place, left.length - 1)] ?? document.querySelector(".pb-door a"))?.focus();
}

render();
kept.watch(render);
addEventListener("pageshow", render);
