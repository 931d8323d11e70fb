/* The interface's words. They are written in German where they are used; another language brings its own here. */

import words from "./catalogue.js"; // German → this language; empty for German

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

/** A text, with `values` for its {names}. */
export const t = (text, values = {}) => fill(words[text] ?? text, values);

/** One of two texts, as the number {n} asks for. */
export const n = (one, many, count, values = {}) => t(count === 1 ? one : many, { n: count, ...values });
