// The list of messages: in order of seq, each once, with what is on its way at the end.
import { element, linked, numbersToPress } from "./dom.js";
import { serviceCard } from "./service_card.js";

const WHO = { patient: "You", bot: "Bot", navigator: "Navigator", system: "About this chat" };
const LIST = /\/chat\/list$/; // where the bot says a list can be printed; it opens with this chat's key
const numbers = numbersToPress(JSON.parse(document.body.dataset.numbers || "{}"));
const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/London" });

/** Whether a choice stands on the card of `service`: to save it or to hear more. Others stay under the message. */
export function isAbout(choice, service) {
  return (service.choices ?? []).some((one) => one.value === choice.value);
}

/** The first part of a text, and what comes after it; wording.py cuts it as the plain page needs it. */
function inTwo(text) {
  const end = text.indexOf("\n\n");
  return end < 0 ? [text, ""] : [text.slice(0, end), text.slice(end + 2)];
}

export class MessageLog {
  /** `say(body, label)` sends; `print(ids)` opens the printable list. */
  constructor(root, { say, print, retry, edit }) {
    Object.assign(this, { root, say, print, retry, edit });
    this.clear();
  }

  clear() {
    this.root.replaceChildren();
    this.known = new Map(); // seq -> element
    this.pending = new Map(); // client id -> element
    this.newest = null; // the newest message that is not the patient's
  }

  /** Adds what is new; returns the new elements in order. */
  add(messages) {
    const fresh = [...messages].sort((a, b) => a.seq - b.seq).filter((message) => !this.known.has(message.seq));
    return fresh.map((message) => {
      if (message.from === "patient") this.settle(message);
      else if (!this.newest || message.seq > this.newest.seq) this.newest = message;
      const made = this.draw(message);
      this.known.set(message.seq, made);
      this.place(made, message.seq);
      return made;
    });
  }

  /** The choices under the last message, if the patient has not answered since. */
  get offered() {
    const last = Math.max(0, ...this.known.keys());
    return this.newest && this.newest.seq === last && !this.pending.size ? this.newest : null;
  }

  expect(id, label) {
    const made = element(
      "div", { class: "message from-patient pending" },
      element("p", { class: "who", text: WHO.patient }),
      element("p", { class: "text", text: label }),
      element("p", { class: "note", text: "Sending" }),
    );
    this.pending.set(id, made);
    this.root.append(made);
    return made;
  }

  /** The server has it. Its own copy comes with the log; until then answers must stand below it. */
  accepted(id, replies) {
    const made = this.pending.get(id);
    if (!made) return;
    made.querySelector(".note").textContent = "Sent";
    made.dataset.sent = "yes";
    const first = Math.min(...replies.filter((one) => one.from !== "patient").map((one) => one.seq));
    if (Number.isFinite(first)) this.place(made, first - 0.5);
  }

  /** Says why it did not go, and gives the way on: the same again, or back into the box. */
  failed(id, problem) {
    const made = this.pending.get(id);
    if (!made) return;
    made.classList.add("not-sent");
    const text = made.querySelector(".text").textContent;
    const again = () => {
      made.classList.remove("not-sent");
      note.replaceChildren("Sending");
      this.retry(id);
    };
    const change = () => {
      this.drop(id);
      this.edit(id, text);
    };
    const button = problem.passing
      ? element("button", { type: "button", class: "small", text: "Try again", on: { click: again } })
      : element("button", { type: "button", class: "small", text: "Change it", on: { click: change } });
    const note = made.querySelector(".note");
    note.replaceChildren(element("b", { text: "Not sent. " }), `${problem.detail} `, button);
  }

  drop(id) {
    this.pending.get(id)?.remove();
    this.pending.delete(id);
  }

  /** The patient's own message came back in the log: its stand-in goes. Found by id, else by its words. */
  settle(message) {
    const same = (made) => made.querySelector(".text").textContent.trim() === message.text.trim();
    const waiting = [...this.pending];
    const found = waiting.find(([id]) => id === message.client_message_id)
      ?? waiting.find(([, made]) => same(made))
      ?? waiting.find(([, made]) => made.dataset.sent && !message.client_message_id);
    if (!found) return;
    this.drop(found[0]);
    this.arrived?.(found[0]);
  }

  place(made, seq) {
    made.dataset.seq = seq;
    const after = [...this.root.children].find(
      (one) => one !== made && (one.dataset.seq === undefined || Number(one.dataset.seq) > seq),
    );
    this.root.insertBefore(made, after ?? null);
  }

  draw(message) {
    const who = message.from === "navigator" ? message.navigator || WHO.navigator : WHO[message.from];
    const services = message.services ?? [];
    const text = message.beside_cards ?? message.text;
    const [first, rest] = message.contacts?.length ? inTwo(text) : [text, ""]; // help stands where it is seen
    const said = (words) => (words
      ? element("p", { class: "text" }, message.from === "patient" ? linked(words) : linked(words, numbers)) : null);
    const made = element(
      "div", { class: `message from-${message.from}` },
      element("p", { class: "who" }, who, message.at
        ? element("time", { datetime: message.at, text: ` ${time.format(new Date(message.at))}` }) : null),
      said(first),
      this.contacts(message.contacts),
      said(rest),
      ...services.map((service, index) => serviceCard(
        service, services.length > 1 ? `${index + 1}. ${service.name}` : service.name, this.actions(service),
      )),
    );
    if (services.length) made.append(this.listTools(services));
    for (const link of made.querySelectorAll(".text a")) {
      if (link.origin === location.origin && LIST.test(link.pathname)) {
        link.addEventListener("click", (event) => {
          event.preventDefault();
          this.print([]);
        });
      }
    }
    if (message.choices?.length) {
      made.append(element("p", { class: "unseen", text: `${message.choices.length} buttons to choose from.` }));
    }
    return made;
  }

  contacts(contacts) {
    if (!contacts?.length) return null;
    return element("ul", { class: "contacts" }, ...contacts.map(({ name, contact, who }) => element(
      "li", {}, who ? `${name}, for ${who}: ` : `${name}: `, linked(contact, numbers),
    )));
  }

  /** A button for each choice of the service; its name is on the card, so only the verb stands on the button. */
  actions(service) {
    return (service.choices ?? []).map((choice) => ({
      label: choice.label.replace(` ${service.name}`, "").replace(/ about$/, ""),
      accessible: choice.label,
      run: () => this.say({ choice: choice.value }, choice.label),
    }));
  }

  listTools(services) {
    const ids = services.map((service) => service.id);
    const label = services.length > 1 ? "Print these" : "Print this";
    return element(
      "p", { class: "list-tools" },
      element("button", { type: "button", class: "small quiet", text: label, on: { click: () => this.print(ids) } }),
    );
  }
}
