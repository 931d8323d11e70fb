/* Only in `playbook serve`: shows problems, and loads the page again when it has changed. */

const shown = new URL(import.meta.url).searchParams.get("page"); // stands for what this page says
const KEPT = "serve-scroll";

const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
sessionStorage.removeItem(KEPT);
let top = (kept?.path === location.pathname && kept.top) || null; // where the page was, until it is there again
const goBack = () => top !== null && scrollTo({ top, behavior: "instant" });
const settled = () => {
  goBack();
  top = null;
};
let again = false; // whether the page is left to be loaded anew
addEventListener("pagehide", () => {
  events.close();
  // Only now: until the new page comes, whoever reads may scroll on; and told earlier that it may, the browser
  // would scroll by itself, to where an older page was.
  if (again) sessionStorage.setItem(KEPT, JSON.stringify({ path: location.pathname, top: top ?? scrollY }));
  else history.scrollRestoration = "auto";
});
goBack();
if (document.readyState === "complete") settled();
else addEventListener("load", settled);

const panel = document.createElement("aside");
panel.className = "serve";
panel.setAttribute("role", "status");
document.body.append(panel);

function line(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

function show({ page, problems, outdated, note }) {
  if (page !== shown) {
    again = true;
    history.scrollRestoration = "manual";
    location.reload();
    return;
  }
  const list = document.createElement("ul");
  list.append(...problems.map((problem) => line("li", problem)));
  panel.replaceChildren();
  panel.classList.toggle("serve--bad", problems.length > 0);
  if (outdated) panel.append(line("strong", "The sources have errors; this is the last good page."));
  if (problems.length) panel.append(list);
  else if (note && location.pathname.includes("/print/")) panel.append(line("p", note));
}

// Only while the page is seen: browsers keep no more than six connections to a host, and the seventh tab would not load.
let events = { close() {} };
function listen() {
  events.close();
  if (document.hidden) return;
  events = new EventSource(`/__serve.events?path=${encodeURIComponent(location.pathname)}`);
  events.addEventListener("message", (event) => show(JSON.parse(event.data)));
}
listen();
document.addEventListener("visibilitychange", listen);
addEventListener("pageshow", (event) => event.persisted && location.reload()); // back from the browser's memory
