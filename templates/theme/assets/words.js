/* The interface's words. They are written in German where they are used; another language brings its own here. */

import { plural, words } from "./catalogue.js"; // German → forms in this language; empty for German

const { lang } = document.documentElement;

/** How numbers and dates are written here. */
export const locale = { de: "de-AT", en: "en-GB" }[lang] ?? (lang || "de-AT");

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

/** A text, with `values` for its {names}. */
export const t = (text, values = {}) => fill(words[text]?.[0] ?? text, values);

/** The form of a text that the number {n} asks for. */
export const n = (one, many, count, values = {}) =>
  fill(words[one]?.[Number(plural(count))] ?? (count === 1 ? one : many), { n: count, ...values });
