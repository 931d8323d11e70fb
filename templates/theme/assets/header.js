/* What Material's header leaves to those who see and point, for keyboards and screen readers. */

import { make } from "./dom.js";
import { t } from "./words.js";

/* --- the handbook's contents on a narrow screen: without this script a checkbox and its label ---- */

const toggle = document.getElementById("__drawer");
const drawer = document.getElementById("pb-side");
const label = document.querySelector("header [for=__drawer]");
const opener = make("button", { type: "button", class: label.className, "aria-controls": drawer.id, onclick: () => toggle.click() }, ...label.childNodes);
const closer = make("button", { type: "button", class: "pb-side__close", onclick: leave }, t("Schließen"));

function show() {
  opener.setAttribute("aria-expanded", toggle.checked);
  if (toggle.checked) closer.focus();
}

function leave() {
  toggle.click();
  opener.focus();
}

toggle.addEventListener("change", show);
drawer.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && toggle.checked) leave();
});
drawer.addEventListener("focusout", ({ relatedTarget }) => {
  if (toggle.checked && relatedTarget && relatedTarget !== opener && !drawer.contains(relatedTarget)) toggle.click(); // nobody is behind it
});

label.replaceWith(opener);
drawer.querySelector(".md-nav__title").append(closer);
show();

/* --- light or dark: Material says in no control which it is -------------------------------------- */

function tell() {
  for (const option of document.querySelectorAll(".md-option")) option.checked = option.dataset.mdColorScheme === document.body.dataset.mdColorScheme;
}

new MutationObserver(tell).observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
tell();
