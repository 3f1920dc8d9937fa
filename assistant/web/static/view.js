// Where the reader is in the log: follows new messages, but never pulls away from what is being read.

const NEAR_PX = 80;
const UNSEEN_PX = 16; // the space under the last thing
const GAP_PX = 8;

export class View {
  constructor(scroll, newer) {
    Object.assign(this, { scroll, newer, following: true });
    newer.addEventListener("click", () => {
      const first = this.first;
      this.first = null;
      if (first) this.toTop(first);
      else scroll.scrollTop += scroll.clientHeight - NEAR_PX;
      this.hint();
      scroll.focus();
    });
    scroll.addEventListener("scroll", () => {
      if (this.left < 1) this.first = null;
      this.hint();
    }, { passive: true });
  }

  /** Where the last thing ends. */
  get end() {
    return this.scroll.scrollHeight - UNSEEN_PX;
  }

  /** How much is below what can be seen. */
  get left() {
    return this.end - this.scroll.scrollTop - this.scroll.clientHeight;
  }

  /** What is below the edge, answers to choose from above all, must not go unseen. */
  hint() {
    this.newer.hidden = !this.first && this.left < 1;
    this.newer.textContent = this.first ? "New message below" : "More below";
  }

  /** Runs `work` without announcing it and goes to the end: history that comes back is not news. */
  quietly(live, work) {
    live.setAttribute("aria-live", "off");
    this.following = false;
    work();
    this.following = true;
    this.toEnd();
    setTimeout(() => live.setAttribute("aria-live", "polite"), 500);
  }

  /** New messages: shows the top of the first, so that a long answer is read from its beginning. */
  arrived(made) {
    const first = made.find((one) => !one.classList.contains("from-patient"));
    if (!first || !this.following) return;
    const before = first.offsetTop - this.scroll.offsetTop - this.scroll.scrollTop;
    if (before <= this.scroll.clientHeight + NEAR_PX) {
      this.toTop(first);
    } else {
      this.first = first;
    }
    this.hint();
  }

  /** What the patient said stands above it, unless the end of the answer is seen only without. */
  toTop(made) {
    if (!made) return;
    const previous = made.previousElementSibling;
    const top = (one) => one.offsetTop - this.scroll.offsetTop - GAP_PX;
    const both = previous?.classList.contains("from-patient") && top(previous) + this.scroll.clientHeight >= this.end;
    this.scroll.scrollTop = top(both ? previous : made);
  }

  toEnd() {
    this.scroll.scrollTop = this.scroll.scrollHeight;
  }
}
