// Who is at the other end, and what is going on: the line under the title and the spoken status.

const OFFLINE_AFTER_MS = 2500;
const WRITING_AFTER_MS = 600;

export class StateLine {
  constructor({ state, status, unwatched }) {
    Object.assign(this, { root: state, status, unwatched, current: "bot" });
    this.asked = state.textContent;
  }

  /** `more` may hold `navigator`, `navigator_role` and `queue_place`. A change is also said aloud. */
  show(state, more) {
    const before = this.current;
    this.current = state;
    const words = before === "live" && state === "live" && !more.navigator ? this.root.textContent : this.words(state, more);
    this.unwatched.hidden = state === "live";
    this.root.dataset.state = state;
    if (words === this.root.textContent) return;
    this.root.textContent = words;
    if (state === before) return;
    this.say(before === "live" && state === "bot" ? "The person has left. The bot is back." : words);
  }

  words(state, { navigator, navigator_role: role, queue_place: place }) {
    if (state === "live" && navigator) return `You are talking to ${navigator}${role ? `, ${role}` : ""}.`;
    if (state === "live") return "A person has joined the chat.";
    if (state === "waiting") {
      const queue = place > 1 ? ` You are number ${place} in the queue.` : place === 1 ? " You are next." : "";
      return `We have asked for a person.${queue} You can keep writing.`;
    }
    return state === "closed" ? "This chat is closed for now. You can write again any time." : this.asked;
  }

  say(text) {
    this.status.textContent = text;
  }

  /** `data` is true, false, or {from, typing, name}. */
  typing(data) {
    const on = typeof data === "object" ? data?.typing !== false : Boolean(data);
    const who = data?.name || "The navigator";
    this.dots(on ? (this.current === "live" ? `${who} is writing` : "The bot is writing") : "");
  }

  /** While an answer is awaited; quick answers show nothing. */
  writing(flag) {
    clearTimeout(this.writingTimer);
    if (flag && this.current === "bot") {
      this.writingTimer = setTimeout(() => this.dots("The bot is writing"), WRITING_AFTER_MS);
    } else {
      this.dots("");
    }
  }

  dots(text) {
    if (!text && !this.status.classList.contains("dots")) return;
    this.status.classList.toggle("dots", Boolean(text));
    this.say(text);
  }

  /** Short breaks mend themselves unseen; a longer one is said, and so is its end. */
  online(flag) {
    clearTimeout(this.offlineTimer);
    if (!flag && !this.offline) {
      this.offlineTimer = setTimeout(() => {
        this.offline = true;
        this.say("The connection was lost. We keep trying. What you write is kept.");
      }, OFFLINE_AFTER_MS);
    } else if (flag && this.offline) {
      this.offline = false;
      this.say("You are connected again.");
    }
  }
}
