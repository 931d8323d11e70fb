"""What a browser says about a page as it stands: axe-core's judgement, text without room, faint edges."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from tests.accessibility.states import TOOLS

# Everything that axe-core does by itself, which is WCAG 2.0 to 2.2 A and AA and its best practices; the size of targets
# is the one rule of 2.2 that it leaves for us to switch on.
AXE = """async () => {
  const {violations} = await axe.run(document, {resultTypes: ['violations'], rules: {'target-size': {enabled: true}}});
  return violations.flatMap(({id, nodes}) => nodes.map(({target, failureSummary, html}) =>
    `${id}: ${target.join(' ')} ${html.replace(/\\s+/g, ' ').slice(0, 160)} ${failureSummary.replace(/\\s+/g, ' ')}`));
}"""
# Text that is cut off: by its own box or one around it that hides what does not fit, other than on purpose.
CUT = """() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim();
    const e = walker.currentNode.parentElement;
    if (!text || e.closest('script, style, template, option, .pb-hidden, .md-header__topic, .md-dialog')) continue;
    if (!e.checkVisibility({visibilityProperty: true, opacityProperty: true})) continue;
    const range = document.createRange();
    range.selectNode(walker.currentNode);
    const box = range.getBoundingClientRect();
    if (!box.width) continue;
    if (box.right > innerWidth + 1 && !scrolls(e)) found.push(`outside: ${text.slice(0, 50)}`);
    for (let up = e; up && up !== document.body; up = up.parentElement) {
      if (getComputedStyle(up).position === 'fixed') break;
      const {overflowX, overflowY} = getComputedStyle(up);
      if (/auto|scroll/.test(overflowY)) break; // one can get there
      const frame = up.getBoundingClientRect();
      if (frame.width < 2) break; // hidden on purpose
      if ((/hidden|clip/.test(overflowX) && box.right > frame.right + 2)
        || (/hidden|clip/.test(overflowY) && (box.bottom > frame.bottom + 4 || box.top < frame.top - 4)))
        found.push(`cut off by <${up.tagName.toLowerCase()} class="${up.className}">: ${text.slice(0, 50)}`);
    }
  }
  function scrolls(e) {
    for (let up = e; up && up !== document.body; up = up.parentElement)
      if (/auto|scroll/.test(getComputedStyle(up).overflowX) && up.scrollWidth > up.clientWidth) return true;
    return false;
  }
  const kinds = 'a, button, label, h1, h2, h3, h4, p, li, dt, dd, td, th, summary, legend';
  const texts = [...document.querySelectorAll(kinds)]
    .filter((e) => e.checkVisibility({visibilityProperty: true, opacityProperty: true}) && e.innerText?.trim()
      && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) && !e.closest('header, .pb-hidden, .md-top'));
  const lines = texts.flatMap((e) => [...e.childNodes].filter((n) => n.nodeType === 3 && n.data.trim()).flatMap((n) => {
    const range = document.createRange();
    range.selectNode(n);
    return [...range.getClientRects()].filter((b) => b.width > 3).map((b) => ({e, b, text: n.data.trim()}));
  })).sort((a, b) => a.b.top - b.b.top);
  lines.forEach((one, i) => {
    for (let j = i + 1; j < lines.length && lines[j].b.top < one.b.bottom; j++) {
      const other = lines[j];
      const high = Math.min(one.b.bottom, other.b.bottom) - other.b.top;
      const wide = Math.min(one.b.right, other.b.right) - Math.max(one.b.left, other.b.left);
      // boxes of lines are higher than their letters
      if (high > Math.min(one.b.height, other.b.height) * .5 && wide > 3
        && one.e !== other.e && !fixed(one.e) && !fixed(other.e))
        found.push(`one above the other: ${one.text.slice(0, 40)} / ${other.text.slice(0, 40)}`);
    }
  });
  function fixed(e) {
    for (let up = e; up; up = up.parentElement) if (/fixed|sticky/.test(getComputedStyle(up).position)) return true;
    return false;
  }
  const width = document.scrollingElement.scrollWidth;
  return [...new Set(width > innerWidth ? [`${width} px wide`, ...found] : found)].slice(0, 12);
}"""
# WCAG 1.4.12
SPACING = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-bottom: 2em !important; }"""
# Fields and buttons whose edge or ground does not stand out 3:1 from what is around them (WCAG 1.4.11). A button that
# is only words needs no edge.
FAINT = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
  const rgba = (text) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const c = rgba(getComputedStyle(e).backgroundColor);
      if (c[3] > 250) return c;
    }
    return [255, 255, 255];
  };
  const light = (c) => {
    const [r, g, b] = c.slice(0, 3).map((v) => v / 255)
      .map((v) => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const ratio = (a, b) => (Math.max(light(a), light(b)) + .05) / (Math.min(light(a), light(b)) + .05);
  const fields = 'button, select, textarea, input:not([type=checkbox], [type=radio], .pb-find__input), .pb-find__form';
  const seen = (e) => e.checkVisibility({visibilityProperty: true, opacityProperty: true});
  return [...document.querySelectorAll(fields)].filter((e) => seen(e)
    && !e.disabled && e.getBoundingClientRect().width > 4).flatMap((e) => {
    const s = getComputedStyle(e), around = ground(e.parentElement);
    const edge = parseFloat(s.borderBottomWidth) && s.borderBottomStyle !== 'none' && rgba(s.borderBottomColor)[3]
      ? ratio(rgba(s.borderBottomColor), around) : 0;
    const own = ratio(ground(e), around);
    if (Math.max(edge, own) >= 3 || (e.matches('button') && !edge && own === 1)) return [];
    return [`${Math.max(edge, own).toFixed(2)}:1 ${e.outerHTML.replace(/\\s+/g, ' ').slice(0, 100)}`];
  });
}"""
# Every visible text with its contrast to the colours below it, layer by layer.
CONTRAST = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
  const known = new Map();
  const rgba = (text) => {
    if (!known.has(text)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = text;
      canvas.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
      known.set(text, [r, g, b, a / 255]);
    }
    return known.get(text);
  };
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  const below = (e) => e ? over(rgba(getComputedStyle(e).backgroundColor), below(e.parentElement)) : [255, 255, 255, 1];
  const light = (color) => {
    const linear = (v) => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
    const [r, g, b] = color.slice(0, 3).map((v) => linear(v / 255));
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const ratio = (a, b) => (Math.max(light(a), light(b)) + .05) / (Math.min(light(a), light(b)) + .05);
  const opacity = (e) => e ? Number(getComputedStyle(e).opacity) * opacity(e.parentElement) : 1;
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    const text = walker.currentNode.data.trim();
    if (!text || e.closest('script, style, noscript, template')) continue;
    if (!e.checkVisibility({visibilityProperty: true})) continue;
    const box = e.getBoundingClientRect();
    const faint = opacity(e);
    if (faint < .05 || box.width <= 1 || box.height <= 1) continue;
    const ground = print ? [255, 255, 255, 1] : below(e);
    const [r, g, b, a] = rgba(getComputedStyle(e).color);
    found.push({text: text.slice(0, 40), tag: e.tagName.toLowerCase(), name: String(e.className),
      color: [r, g, b].join(), ratio: ratio(over([r, g, b, a * faint], ground), ground)});
  }
  return found;
}"""


def objections(page: Page) -> list[str]:
    """What axe-core objects to."""
    if not page.evaluate("'axe' in window"):
        page.evaluate((TOOLS / "axe-core/axe.min.js").read_text("utf-8"))
    found: list[str] = page.evaluate(AXE)
    return found


def faint(page: Page) -> list[str]:
    found: list[str] = page.evaluate(FAINT)
    return found


def cut(page: Page) -> list[str]:
    page.evaluate("new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)))")
    found: list[str] = page.evaluate(CUT)
    return found


def stretched(page: Page) -> list[str]:
    """What is wrong as it is, and with the distances that WCAG says a reader may set."""
    before = [f"at {page.viewport_size}: {line}" for line in cut(page)]
    page.add_style_tag(content=SPACING)
    return before + [f"with text spacing: {line}" for line in cut(page)]


def contrasts(page: Page, printed: bool = False) -> list[dict[str, Any]]:
    """Every visible text with its colour and its contrast; `printed` is on white paper."""
    found: list[dict[str, Any]] = page.evaluate(CONTRAST.replace("print ?", f"{str(printed).lower()} ?"))
    assert len(found) > 5
    return found


def too_faint(path: str, found: list[dict[str, Any]]) -> list[str]:
    """Those of the texts of `contrasts` that do not stand out 4.5:1 (WCAG 1.4.3)."""
    return sorted(
        {
            f"{path or 'start'}: <{text['tag']} class={text['name']!r}> {text['text']!r} has {text['ratio']:.2f}:1"
            for text in found
            if text["ratio"] < 4.5
        }
    )
