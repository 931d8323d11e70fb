/*
 * What has to be there before the page is drawn. No module, so that it runs where it stands.
 *
 * First what Material has in inline scripts, for our Content-Security-Policy allows none: what its bundle expects, and the
 * palette that a reader has chosen. Storage that is refused or damaged is as good as empty.
 */
var __md_scope = new URL("..", document.currentScript.src);

var __md_hash = (text) => [...text].reduce((hash, char) => (hash << 5) - hash + char.charCodeAt(0), 0);

function __md_get(key, storage, scope = __md_scope) {
  try {
    return JSON.parse((storage ?? localStorage).getItem(`${scope.pathname}.${key}`));
  } catch {
    return null;
  }
}

function __md_set(key, value, storage, scope = __md_scope) {
  try {
    (storage ?? localStorage).setItem(`${scope.pathname}.${key}`, JSON.stringify(value));
  } catch {
    // then it is not remembered
  }
}

{
  const palette = __md_get("__palette");
  const known = [...document.querySelectorAll(".md-option")].map((option) => option.dataset.mdColorScheme);
  const colour = Number.isInteger(palette?.index) && known.includes(palette.color?.scheme) ? palette.color : null;
  if (palette && !colour) __md_set("__palette", null); // Material would stumble over it
  const system = colour?.media === "(prefers-color-scheme)"; // as the device has it
  const scheme = matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
  const input = system && document.querySelector(`[data-md-color-media='(prefers-color-scheme: ${scheme})']`);
  for (const key of colour ? ["media", "scheme", "primary", "accent"] : []) {
    const value = input ? input.getAttribute(`data-md-color-${key}`) : colour[key];
    document.body.setAttribute(`data-md-color-${key}`, value);
  }
}

/*
 * Then the room that tools take, which come later, so that no text moves when they do: styles know that scripts run, and
 * templates that have `data-unfold` stand in their place as soon as they are read.
 */
{
  document.documentElement.classList.replace("no-js", "js");
  const unfold = (all) => {
    for (const template of document.querySelectorAll("template[data-unfold]")) {
      if (all || template.nextSibling) template.replaceWith(template.content); // without what follows, its end may be missing
    }
  };
  const watch = new MutationObserver(() => unfold(false));
  watch.observe(document.body, { childList: true, subtree: true });
  document.addEventListener("readystatechange", () => { // before modules run
    watch.disconnect();
    unfold(true);
  }, { once: true });
}
