// Where the reader is in the log: follows new messages, but never pulls away from what is being read.

const NEAR_PX = 80;

export class View {
  constructor(scroll, newer) {
    Object.assign(this, { scroll, newer, following: true });
    newer.addEventListener("click", () => {
      this.toTop(this.first);
      newer.hidden = true;
      scroll.focus();
    });
    scroll.addEventListener("scroll", () => {
      if (this.atEnd) newer.hidden = true;
    }, { passive: true });
  }

  get atEnd() {
    return this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < NEAR_PX;
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
      this.newer.hidden = false;
    }
  }

  toTop(made) {
    if (!made) return;
    const previous = made.previousElementSibling;
    const from = previous?.classList.contains("from-patient") ? previous : made;
    this.scroll.scrollTop = Math.min(from.offsetTop - this.scroll.offsetTop - 8, this.scroll.scrollHeight);
  }

  toEnd() {
    this.scroll.scrollTop = this.scroll.scrollHeight;
  }
}
