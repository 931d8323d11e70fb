// Says whether a printout is current: compares the version in the URL's fragment
// (`#empfang-checklist-3f9a2c1`, or only `#3f9a2c1`) with those of the published sheets.

import { t } from "./words.js";

const box = document.getElementById("aktuell");

/** @returns {[string, string]} the class and the words for a fragment */
export function verdict(fragment, versions) {
  const match = /^(?:([a-z0-9-]+)-)?([0-9a-f]{7})$/.exec(fragment);
  if (!match) return ["", ""];
  const [, name, version] = match;
  const known = name ? Object.hasOwn(versions, name) && versions[name] : Object.values(versions).find((entry) => entry.version === version);
  if (known && known.version === version) return ["good", t("Aktuell: {title}, Version {version}.", { title: known.title, version })];
  if (known) return ["bad", t("Veraltet. Das Blatt in der Hand hat die Version {version}, gültig ist {valid}.", { version, valid: known.version })];
  return ["bad", t("Diese Version gibt es nicht mehr. Bitte das Blatt neu ausdrucken.")];
}

async function show() {
  const fragment = location.hash.slice(1); // names and versions need no encoding
  if (!fragment || fragment === "versionen") return;
  let versions;
  try {
    versions = await (await fetch(box.dataset.versions, { cache: "no-cache" })).json();
  } catch {
    return; // the list below is there without us
  }
  const [kind, words] = verdict(fragment, versions);
  if (!words) return;
  const line = document.createElement("p");
  line.className = `pb-verdict pb-verdict--${kind}`;
  line.textContent = (kind === "good" ? "✓ " : "✕ ") + words;
  const link = document.createElement("a");
  link.href = box.dataset.print;
  link.textContent = t("Zu den aktuellen Blättern");
  box.replaceChildren(line, ...(kind === "bad" ? [link] : []));
}

if (box) {
  addEventListener("hashchange", show);
  show();
}
