// Building elements without markup in strings: what people write can never become HTML.

/** An element with properties (`class`, `text`, `on: {click}`, attributes) and children; null children are left out. */
export function element(name, { text, on, ...attributes } = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, "");
    else if (value !== undefined && value !== null && value !== false) made.setAttribute(key, value);
  }
  for (const [event, listener] of Object.entries(on ?? {})) made.addEventListener(event, listener);
  if (text !== undefined) made.textContent = text;
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

const LINK = /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)]/g;

/** Text with its web addresses made into links that open in a tab of their own, and `numbers` into ones that dial or text. */
export function linked(text, numbers = NONE) {
  const out = document.createDocumentFragment();
  replaced(text, LINK, (words) => out.append(numbered(words, numbers)), (found) => out.append(
    element("a", { href: found, target: "_blank", rel: "noopener noreferrer", text: found }),
  ));
  return out;
}

const NONE = { spots: /(?!)/g, addresses: {} };

/** What stands in a text -> the address a press opens, or null for words that stay words: web/numbers.py makes them. */
export function numbersToPress(addresses) {
  const words = Object.keys(addresses).sort((a, b) => b.length - a.length).map((one) => one.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return words.length ? { spots: new RegExp(`(?<![\\w.£])(?:${words.join("|")})(?!\\w|\\.\\w)`, "g"), addresses } : NONE;
}

function numbered(text, { spots, addresses }) {
  const out = document.createDocumentFragment();
  replaced(text, spots, (words) => out.append(words), (found) => out.append(
    addresses[found] ? element("a", { href: addresses[found], class: "nowrap", text: found }) : found,
  ));
  return out;
}

/** Walks over a text: `between` gets what lies between the matches, `at` each match. */
function replaced(text, pattern, between, at) {
  let from = 0;
  for (const found of text.matchAll(pattern)) {
    between(text.slice(from, found.index));
    at(found[0]);
    from = found.index + found[0].length;
  }
  between(text.slice(from));
}
