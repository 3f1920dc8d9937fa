// Leaving at once: blank the page, forget, go to a neutral site. Used by every page that shows a conversation.

const SHIFTS = 3;
const WITHIN_MS = 5000;

/** Blank this document before anything else, so that nothing shows while the neutral site loads. */
export function blank() {
  document.title = "Page";
  document.documentElement.replaceChildren(document.createElement("head"), document.createElement("body"));
}

/** Forget what this tab holds. Storage may be barred inside a frame; then there is nothing to forget. */
export function forget() {
  try {
    sessionStorage.clear();
  } catch {
    return;
  }
}

/** Leave for `url`. `tellHost` asks the page around us to leave too; without one we go by ourselves. */
export function leave(url, tellHost) {
  blank();
  forget();
  if (window.parent === window) {
    location.replace(url);
    return;
  }
  tellHost?.();
  try {
    window.top.location.replace(url);
  } catch {
    location.replace(url);
  }
}

/**
 * Calls `run` when Shift is pressed and let go three times with no other key between, as GOV.UK's
 * "Exit this page" does. Not Escape: it can cancel the move to the next page. Returns nothing.
 */
export function onTripleShift(run, announce = () => {}) {
  let count = 0;
  let alone = false;
  let timer = 0;
  const reset = () => {
    count = 0;
    clearTimeout(timer);
  };
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Shift") {
      alone = false;
      reset();
    } else if (!event.repeat) {
      alone = true;
    }
  }, true);
  document.addEventListener("keyup", (event) => {
    if (event.key !== "Shift" || !alone) return;
    alone = false;
    count += 1;
    clearTimeout(timer);
    timer = setTimeout(reset, WITHIN_MS);
    if (count >= SHIFTS) run();
    else announce(count === 2 ? "Press Shift once more to exit." : "Press Shift two more times to exit.");
  }, true);
}
