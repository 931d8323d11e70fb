/* What the browser remembers for a reader. Nothing of it leaves the browser.

A shelf holds one kind of data under one key, as {version, data}. Storage may be refused, full, changed by another
tab, or hold anything at all; a shelf then works on in memory, for as long as the page is open, and says so. */

const PREFIX = "playbook.";

/** One line of text as a person would type it, without what would turn or hide the words around it. */
export const line = (text, most) =>
  typeof text === "string" ? [...text.replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, " ").trim()].slice(0, most).join("").trim() : "";

/**
 * A shelf by its name. `tidy` makes clean data of whatever is there (`undefined` if nothing is), so that no page
 * has to fear what an older handbook, another tab or a person has left behind.
 */
export function shelf(name, version, tidy) {
  const key = PREFIX + name;
  let memory; // what could not be kept
  let kept = true;
  let blind = false; // nobody knows what is there

  function read() {
    if (memory !== undefined) return tidy(memory);
    let text = null;
    try {
      text = localStorage.getItem(key);
      if (blind) kept = true;
      blind = false;
    } catch {
      kept = false;
      blind = true;
    }
    if (text === null) return tidy(undefined);
    try {
      const found = JSON.parse(text);
      if (found.version === version) return tidy(found.data);
    } catch {} // damaged, which comes to the same as unknown
    try {
      localStorage.setItem(`${key}.unread`, text); // a newer handbook's, or damaged: put aside, not thrown away
    } catch {}
    return tidy(undefined);
  }

  return {
    read,
    /** Apply `change` to the newest data, keep what it returns (or the changed data itself), and return it. */
    update(change) {
      const before = read();
      const data = change(before) ?? before;
      try {
        if (blind) throw new Error("what is there would be lost");
        localStorage.setItem(key, JSON.stringify({ version, data }));
        memory = undefined;
        kept = true;
      } catch {
        memory = data;
        kept = false;
      }
      return data;
    },
    /** Whether the browser has kept the last change; without one, whether it could be read. */
    get kept() {
      return kept;
    },
    /** Call `changed` when another tab has changed the data. */
    watch(changed) {
      addEventListener("storage", (event) => {
        if (event.key === key || event.key === null) changed();
      });
    },
  };
}
