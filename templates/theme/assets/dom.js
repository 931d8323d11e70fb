/* Small helpers for pages that do something. */

/** An element with attributes, `on…` listeners and children (elements or text; nothing for null, false, ""). */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value || value === 0) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child || child === 0));
  return element;
}

/** A text as part of a file's name: letters and numbers, all else a hyphen; may be empty. */
export const fileName = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");

/** Hand the reader a file. */
export function download(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = make("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Data as text for the fragment of an address, and back; null for what is damaged. No server sees a fragment. */
export const pack = (data) =>
  btoa(Array.from(new TextEncoder().encode(JSON.stringify(data)), (byte) => String.fromCharCode(byte)).join("")).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
export function unpack(text) {
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return null;
  }
}

/**
 * What the address carries as `#name=…`, or null. On its way somebody may have encoded it, even twice, or taken the
 * full stop behind it for a part of it.
 */
export function carried(name) {
  const plain = location.hash.replaceAll(/%(?:25)*(2d|3d|5f)/gi, (_, code) => String.fromCharCode(parseInt(code, 16)));
  return plain.startsWith(`#${name}=`) ? plain.slice(name.length + 2).replace(/[^\w-].*$/s, "") : null;
}
