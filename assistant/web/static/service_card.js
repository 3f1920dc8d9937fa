// A service as a card: why, how far, when, what it costs, who is there, how to join. Unknown is shown as "Ask".
import { element } from "./dom.js";

const ASK = "Ask";
const MILES_PER_KM = 0.621371;
const PRICE = /^\d+(\.\d{1,2})?$/;

// Enough to choose by; "Tell me more" shows the rest.
const IN_BRIEF = ["How far", "Where", "When", "Cost now", "Who meets you"];

function distance(km) {
  const miles = km * MILES_PER_KM;
  return miles < 0.45 ? "Less than half a mile" : `About ${miles.toFixed(1)} miles`.replace(".0 miles", " miles");
}

const capital = (words) => words.charAt(0).toUpperCase() + words.slice(1);

function money(value) {
  if (value === null || value === undefined || value === "") return ASK;
  if (!PRICE.test(value)) return capital(String(value));
  return Number(value) === 0 ? "Free" : `£${Number(value).toFixed(2)}`.replace(".00", "");
}

function listed(value, joinedBy = ", ") {
  const words = Array.isArray(value) ? value.filter((part) => part !== null && part !== "").join(joinedBy) : value;
  return words === null || words === undefined || words === "" ? ASK : capital(String(words));
}

function yesNo(value) {
  if (value === true) return "Yes";
  if (value === false) return "No";
  return value ? capital(value) : ASK;
}

/** Label and value, in the order of wording.py's `service_facts`. */
export function serviceFacts(service, brief = false) {
  const cost = service.cost ?? {};
  const far = service.distance_km;
  const facts = [
    ["How far", far === null || far === undefined ? null : distance(far)],
    ["Where", listed(service.where)],
    ["When", listed(service.when, "; ")],
    ["Cost now", money(cost.now)],
    ["Free sessions", listed(cost.free_sessions)],
    ["Cost afterwards", money(cost.afterwards)],
    ["Who meets you", listed(service.who_meets_you)],
    ["Bring someone", yesNo(service.can_bring_someone)],
    ["Access", listed(service.access)],
    ["Languages", service.languages?.length ? listed(service.languages) : null],
    ["How to join", listed(service.how_to_join)],
    ["Contact", service.contact ? listed(service.contact) : null],
  ];
  return facts.filter(([label, value]) => value !== null && (!brief || IN_BRIEF.includes(label)));
}

/** `title` is the heading (a number and the name, where several are shown); `actions` are [{label, accessible, run}]. */
export function serviceCard(service, title, actions) {
  const brief = actions.length > 1; // there is more to tell
  const rows = serviceFacts(service, brief).map(([label, value]) => element(
    "div", {}, element("dt", { text: label }), element("dd", { text: value, class: value === ASK ? "ask" : null }),
  ));
  const buttons = actions.map(({ label, accessible, run }) => element("button", {
    type: "button", class: "small", "aria-label": accessible, text: label, on: { click: run },
  }));
  return element(
    "article", { class: "service", "aria-label": service.name },
    element("h2", { text: title }),
    service.provider ? element("p", { class: "provider", text: service.provider }) : null,
    service.for_whom ? element("p", { class: "for-whom", text: service.for_whom }) : null,
    service.why?.length
      ? element("p", { class: "why" }, element("b", { text: "Why we suggest it: " }), service.why.join("; ")) : null,
    service.summary ? element("p", { text: service.summary }) : null,
    element("dl", {}, ...rows),
    element("p", { class: "card-actions" }, ...buttons),
    service.id ? element("p", { class: "wrong-link" }, element("a", {
      href: `/directory/${encodeURIComponent(service.id)}#not-right`, target: "_blank", rel: "noopener",
      "aria-label": `Something not right here? ${service.name}`, text: "Something not right here?",
    })) : null,
  );
}
