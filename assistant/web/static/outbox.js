// What the patient says, sent one after the other. Nothing is dropped: what fails stays and can be sent again.

const TRIES_MS = [0, 1500, 4000]; // the first try and two quiet ones; then the patient decides

const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** `said(id, label)`, `sent(id, answer)`, `failed(id, problem)`, `gone(problem)` and `busy(flag)` are called as it goes. */
export class Outbox {
  constructor(api, listeners) {
    this.api = api;
    this.on = listeners;
    this.clear();
  }

  clear() {
    this.queue = [];
    this.failures = new Map();
    this.working = false;
    this.round = (this.round ?? 0) + 1;
  }

  /** `body` is {text} or {choice}; `label` is what the patient sees of it. */
  say(body, label) {
    const item = { label, body: { ...body, client_message_id: newId() } };
    this.on.said(item.body.client_message_id, label);
    this.queue.push(item);
    this.work();
  }

  /** The same message again, under the same id, so the server can tell it from a new one. */
  retry(id) {
    const item = this.failures.get(id);
    if (!item) return;
    this.failures.delete(id);
    this.queue.push(item);
    this.work();
  }

  /** It reached the server after all: seen in the log. */
  arrived(id) {
    this.failures.delete(id);
  }

  retryAll() {
    for (const [id, item] of [...this.failures]) if (item.passing) this.retry(id);
  }

  async work() {
    if (this.working) return;
    const round = this.round;
    this.working = true;
    this.on.busy(true);
    while (this.queue.length && round === this.round) await this.deliver(this.queue.shift(), round);
    if (round !== this.round) return;
    this.working = false;
    this.on.busy(false);
  }

  async deliver(item, round) {
    const id = item.body.client_message_id;
    let problem;
    for (const wait of TRIES_MS) {
      if (wait) await later(Math.max(wait, (problem?.retryAfter ?? 0) * 1000));
      try {
        const answer = await this.api.send(item.body);
        if (round === this.round) this.on.sent(id, answer);
        return;
      } catch (error) {
        problem = error;
        if (round !== this.round) return;
        if (error.gone) {
          this.on.gone(error);
          return;
        }
        if (!error.passing || error.retryAfter > 10) break;
      }
    }
    item.passing = problem.passing;
    this.failures.set(id, item);
    this.on.failed(id, problem);
  }
}
