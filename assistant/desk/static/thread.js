// A conversation's thread: at the newest message, unless the navigator reads further up; then a button leads there.
"use strict";
(() => {
  const thread = document.getElementById("thread"), newest = document.getElementById("newest");
  const NEAR = 80; // pixels from the end that still count as reading the newest
  let follow = true, fresh = 0, joining = false;

  const atEnd = () => thread.scrollHeight - thread.scrollTop - thread.clientHeight < NEAR;
  const show = () => {
    if (follow) { thread.scrollTop = thread.scrollHeight; fresh = 0; }
    newest.hidden = follow || atEnd();
    const words = fresh ? `${fresh} new ${fresh === 1 ? "message" : "messages"} below` : "Go to the newest message";
    if (newest.textContent !== words) newest.textContent = words;
  };
  const goToEnd = () => { follow = true; show(); };

  const target = location.hash.startsWith("#m-") && document.getElementById(location.hash.slice(1));
  if (target) { target.scrollIntoView({ block: "center" }); follow = atEnd(); }
  show();
  thread.addEventListener("scroll", () => { follow = atEnd(); show(); }, { passive: true });
  newest.addEventListener("click", () => { goToEnd(); thread.focus(); });
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) fresh += node.nodeType === Node.ELEMENT_NODE ? 1 : 0;
    show();
  }).observe(document.getElementById("messages"), { childList: true });
  // Its height changes with the window, and with the box for a reply that comes and goes.
  new ResizeObserver(show).observe(thread);
  new MutationObserver(() => {
    const reply = document.getElementById("reply");
    if (joining && reply) { joining = false; reply.focus(); }
  }).observe(thread.parentElement, { childList: true });

  // That a reply is being written is told, at most every three seconds, and never what.
  let told = 0;
  document.addEventListener("input", (event) => {
    const box = event.target;
    if (box.id !== "reply" || !box.value.trim() || Date.now() - told < 3000) return;
    told = Date.now();
    fetch(box.dataset.typing, { method: "POST", headers: { "X-CSRF-Token": document.body.dataset.csrf } }).catch(() => {});
  });
  // A ready reply goes where the cursor stands, to be changed before it is sent.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("#ready a[data-words]"), box = document.getElementById("reply");
    if (!link || !box) return;
    event.preventDefault();
    box.setRangeText(link.dataset.words, box.selectionStart, box.selectionEnd, "end");
    link.closest("details").open = false;
    box.focus();
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // Who takes over or answers is at the end of the talk from then on, wherever the page was opened.
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.successful) return;
    const path = event.detail.pathInfo.requestPath; // the form itself may be gone from the page by now
    if (path.endsWith("/claim")) { joining = true; goToEnd(); }
    if (path.endsWith("/reply")) goToEnd();
  });
})();
