// Talking with the page around the chat: only with our own parent window, only with the origin it greeted us from.

const GREETING_MS = 4000;

export class Host {
  /** `on` has listeners: opened(). */
  constructor(on) {
    this.on = on;
    this.origin = null;
    this.embedded = window.parent !== window;
    window.addEventListener("message", (event) => this.receive(event));
  }

  /** Resolves with the resume key the host kept, or "" (no host, none kept, or a host that does not speak). */
  greeted() {
    if (!this.embedded) return Promise.resolve(ownKey());
    return new Promise((resolve) => {
      this.resolve = resolve;
      setTimeout(() => resolve(""), GREETING_MS);
    });
  }

  receive(event) {
    if (!this.embedded || event.source !== window.parent) return;
    if (this.origin && event.origin !== this.origin) return;
    const said = event.data?.linkway;
    if (said === "hello" && !this.origin) {
      this.origin = event.origin;
      this.post("ready");
      this.resolve?.(String(event.data.key ?? ""));
    } else if (said === "opened") {
      this.on.opened();
    }
  }

  post(said, more = {}) {
    if (this.origin) window.parent.postMessage({ linkway: said, ...more }, this.origin);
  }

  remember(key) {
    if (this.embedded) this.post("resume", { key });
    else keepOwnKey(key);
  }

  forget() {
    if (this.embedded) this.post("forget");
    else keepOwnKey("");
  }
}

// On a page of its own the chat keeps its key itself, in this tab only.
const NAME = "linkway.resume";

function ownKey() {
  try {
    return sessionStorage.getItem(NAME) ?? "";
  } catch {
    return "";
  }
}

function keepOwnKey(key) {
  try {
    if (key) sessionStorage.setItem(NAME, key);
    else sessionStorage.removeItem(NAME);
  } catch {
    return; // storage is barred: the chat lives as long as the page
  }
}
