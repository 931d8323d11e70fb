/* Reading a checklist aloud: one item at a time, in type for a room. */

import { make } from "./dom.js";
import { n, t } from "./words.js";

/**
 * Open `dialog` on a list: {title, pause, kind, items: [{key, text, who, critical}]}. `ticks` says and keeps what is
 * confirmed: `time(key)` → "17:42" or null, `set(key, on)`. Returns a function that shows what has changed elsewhere.
 */
export function readAloud(dialog, list, ticks) {
  const part = (name) => dialog.querySelector(`[data-aloud="${name}"]`);
  const done = ({ key }) => ticks.time(key) !== null;
  const missing = () => list.items.filter((item) => !done(item));
  let queue, postponed, place;

  function start() {
    queue = missing();
    postponed = new Set();
    place = 0;
    show(true);
  }

  function show(moved) {
    const item = queue[place];
    part("bar").max = list.items.length;
    part("bar").value = list.items.length - missing().length;
    for (const name of ["item", "confirm", "skip"]) part(name).hidden = !item;
    for (const name of ["end", "close"]) part(name).hidden = Boolean(item);
    part("again").hidden = Boolean(item) || !missing().length;
    part("back").disabled = place === 0;
    if (item) showItem(item);
    else showEnd();
    if (moved) part(item ? "confirm" : "end").focus();
  }

  function showItem(item) {
    const time = ticks.time(item.key);
    say("count", t("{n} von {all}", { n: list.items.indexOf(item) + 1, all: list.items.length }));
    say("text", item.text);
    say("who", item.who);
    say("time", time ? t("Schon bestätigt, {time}", { time }) : "");
    part("must").hidden = !item.critical;
  }

  function showEnd() {
    const open = missing();
    const critical = open.filter((item) => item.critical).length;
    part("end").classList.toggle("pb-aloud__end--open", open.length > 0);
    say("result", open.length ? n("{n} Punkt ist offen", "{n} Punkte sind offen", open.length) : t("Alle {n} bestätigt", { n: list.items.length }));
    say("critical", critical ? n("{n} davon darf nicht fehlen.", "{n} davon dürfen nicht fehlen.", critical) : "");
    part("open").replaceChildren(
      ...open.map((item) => make("li", {}, item.critical && make("b", {}, t("▲ Darf nicht fehlen: ")), item.text, item.who && make("small", {}, ` ${item.who}`))),
    );
  }

  // Words that stay the same are left alone, so that nothing is announced twice.
  function say(name, text) {
    if (part(name).textContent !== text) part(name).textContent = text;
    part(name).hidden = !text;
  }

  function next() {
    do place++;
    while (place < queue.length && done(queue[place]));
    show(true);
  }

  function confirm(event) {
    if (event.detail > 1) return; // the second of two quick taps
    if (place === queue.length) return;
    if (!done(queue[place])) ticks.set(queue[place].key, true);
    next();
  }

  function skip() {
    const item = queue[place];
    if (done(item)) ticks.set(item.key, false);
    const others = queue.slice(place + 1).some((other) => other !== item && !done(other));
    if (others && !postponed.has(item)) queue.push(item); // comes once more at the end
    postponed.add(item);
    next();
  }

  function back() {
    if (place === 0) return;
    place--;
    show(true);
  }

  function key(event) {
    if (event.key === "ArrowLeft") back();
    if (event.key === "Enter" && event.repeat) event.preventDefault(); // held down, it would confirm everything
    event.stopPropagation(); // the page's own keys are for the page
  }

  let lock = null;
  async function stayAwake() {
    try {
      if (dialog.open && document.visibilityState === "visible") lock = await navigator.wakeLock.request("screen");
      if (!dialog.open) lock?.release();
    } catch {} // the device may refuse, or not know how
  }

  const closed = new AbortController();
  const on = (name, type, listener) => part(name).addEventListener(type, listener, { signal: closed.signal });
  on("item", "click", confirm);
  on("confirm", "click", confirm);
  on("skip", "click", skip);
  on("back", "click", back);
  on("again", "click", start);
  on("close", "click", () => dialog.close());
  on("leave", "click", () => dialog.close());
  dialog.addEventListener("keydown", key, { signal: closed.signal });
  document.addEventListener("visibilitychange", stayAwake, { signal: closed.signal });
  dialog.addEventListener("close", () => { closed.abort(); lock?.release().catch(() => {}); }, { once: true });

  say("title", list.title);
  say("pause", list.pause);
  say("kind", list.kind);
  dialog.showModal();
  stayAwake();
  start();
  return () => dialog.open && show(false);
}
