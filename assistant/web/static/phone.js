// The drawn phone on the demo practice page: texts to and from the fake gateway. Nothing leaves this machine.
import { element } from "./dom.js";
import { segments } from "./segments.js";

const EVERY_MS = 2000;

const many = (count) => `${count} ${count === 1 ? "text" : "texts"}`;

class Phone {
  constructor(root) {
    this.endpoint = root.dataset.endpoint;
    this.log = root.querySelector(".phone-log");
    this.form = root.querySelector("form");
    this.box = this.form.elements.text;
    this.count = root.querySelector(".phone-count");
    this.status = root.querySelector(".phone-status");
    this.last = 0;
    this.box.addEventListener("input", () => {
      this.count.textContent = many(segments(this.box.value));
    });
    this.box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.form.requestSubmit();
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    new IntersectionObserver((seen) => this.watch(seen[seen.length - 1].isIntersecting)).observe(root);
  }

  /** Asks for news only while the phone is in sight. */
  watch(inSight) {
    clearInterval(this.timer);
    if (!inSight) return;
    this.look();
    this.timer = setInterval(() => this.look(), EVERY_MS);
  }

  async send() {
    const text = this.box.value.trim();
    if (!text) return;
    this.status.textContent = "";
    try {
      const answer = await fetch(this.endpoint, {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ text }),
      });
      if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).detail ?? "");
      this.box.value = "";
      this.count.textContent = many(1);
      await this.look();
    } catch (problem) {
      this.status.textContent = `Not sent. ${problem.message || "Please try again."}`;
    }
  }

  async look() {
    if (document.hidden) return;
    try {
      const answer = await fetch(`${this.endpoint}?after=${this.last}`, { cache: "no-store" });
      if (!answer.ok) return;
      const { messages } = await answer.json();
      for (const message of messages) if (message.n > this.last) this.draw(message);
    } catch {
      return; // the next look comes in two seconds
    }
  }

  draw({ n, direction, text, segments: counted = segments(text) }) {
    this.last = n;
    const mine = direction === "in"; // 'in' to the service is what this phone sent
    this.log.append(element(
      "div", { class: `text-message ${mine ? "mine" : "theirs"}` },
      element("span", { class: "unseen", text: mine ? "You: " : "Surgery: " }),
      element("p", { text }),
      element("p", { class: "text-size", text: many(counted) }),
    ));
    this.log.scrollTop = this.log.scrollHeight;
  }
}

for (const root of document.querySelectorAll("[data-demo-phone]")) new Phone(root);
