// The options of the chat: help, a person, texts, print, download, delete. A plain list of buttons under one button.
import { element } from "./dom.js";

export class Options {
  constructor(button, list, { api, practice, say, status, deleted }) {
    Object.assign(this, { button, list, api, practice, say, status, deleted });
    button.addEventListener("click", () => (list.hidden ? this.open() : this.close()));
    list.addEventListener("click", (event) => {
      const what = event.target.closest("[data-do]")?.dataset.do;
      if (!what) return;
      this.close();
      this[what]();
    });
    document.addEventListener("click", (event) => {
      if (!list.hidden && !list.contains(event.target) && !button.contains(event.target)) this.hide();
    });
  }

  open() {
    this.list.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    this.list.querySelector("button").focus();
  }

  hide() {
    this.list.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
  }

  /** True when there was something to close; focus goes back to the button. */
  close() {
    if (this.list.hidden) return false;
    this.hide();
    this.button.focus();
    return true;
  }

  help() {
    document.getElementById("help-sheet").showModal();
  }

  person() {
    this.say("I want to talk to a person");
  }

  texts() {
    this.say("Text me instead");
  }

  /** The printable list in a tab of its own, asked for by POST so that the key is in no address. No ids: the saved ones. */
  print(ids = []) {
    const fields = { practice: this.practice, conversation: this.api.id, token: this.api.token, services: ids.join(",") };
    const inputs = Object.entries(fields).map(([name, value]) => element("input", { type: "hidden", name, value }));
    const form = element("form", { method: "post", action: "/chat/print", target: "_blank", rel: "noopener" }, ...inputs);
    document.body.append(form);
    form.submit();
    form.remove();
  }

  async download() {
    try {
      const address = URL.createObjectURL(await this.api.transcript());
      const link = element("a", { href: address, download: "chat.txt" });
      document.body.append(link);
      link.click();
      link.remove();
      setTimeout(() => URL.revokeObjectURL(address), 10000);
      this.status("The chat was downloaded as chat.txt.");
    } catch (problem) {
      this.status(`The chat could not be downloaded. ${problem.detail ?? ""}`);
    }
  }

  delete() {
    const sheet = document.getElementById("delete-sheet");
    sheet.returnValue = "";
    sheet.showModal();
    sheet.addEventListener("close", () => {
      if (sheet.returnValue === "delete") this.erase();
    }, { once: true });
  }

  async erase() {
    try {
      const answer = await this.api.erase();
      this.deleted(answer.detail || "This chat has been deleted.");
    } catch (problem) {
      this.status(`The chat could not be deleted. ${problem.detail ?? ""}`);
    }
  }
}
