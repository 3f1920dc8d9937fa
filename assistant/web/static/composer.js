// The box patients write in: grows with the text, counts near the limit, Enter sends, Shift+Enter starts a line.

export const LIMIT = 2000;
const COUNT_FROM = 1800;
const TALLEST_PX = 140;
const TELL_AGAIN_MS = 3000; // the server forgets that somebody writes after 8 seconds

export class Composer {
  constructor(form, counter, send, writing = () => {}) {
    this.form = form;
    this.told = 0;
    this.box = form.elements.text;
    this.counter = counter;
    this.send = send;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.box.addEventListener("input", () => {
      this.measure();
      if (!this.length || Date.now() - this.told < TELL_AGAIN_MS) return;
      this.told = Date.now();
      writing();
    });
    this.box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.submit();
      }
    });
  }

  /** Characters as a person and the server count them: an emoji outside the basic plane is one. */
  get length() {
    return [...this.box.value.trim()].length;
  }

  submit() {
    const text = this.box.value.trim();
    if (!text || this.length > LIMIT) {
      this.measure();
      this.box.focus();
      return;
    }
    this.box.value = "";
    this.told = 0;
    this.measure();
    this.send(text);
  }

  /** Put words back, before what has been written since. */
  restore(text) {
    this.box.value = this.box.value ? `${text}\n${this.box.value}` : text;
    this.measure();
    this.box.focus();
  }

  measure() {
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight + 2, TALLEST_PX)}px`;
    const over = this.length - LIMIT;
    this.counter.hidden = this.length < COUNT_FROM;
    this.counter.classList.toggle("over", over > 0);
    this.box.setAttribute("aria-invalid", String(over > 0));
    const many = Math.abs(over).toLocaleString("en-GB");
    this.counter.textContent = over > 0
      ? `You have ${many} ${over === 1 ? "character" : "characters"} too many.`
      : `You have ${many} ${over === -1 ? "character" : "characters"} left.`;
  }

  show(shown) {
    this.form.hidden = !shown;
  }

  focus() {
    if (!this.form.hidden) this.box.focus();
  }
}
