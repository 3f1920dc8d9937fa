// Keeps a page of the console up to date: the event stream with polling behind it, and the heartbeat.
"use strict";
(() => {
  const HEARTBEAT = 20000; // the server counts a console as away after 60 seconds
  const SILENCE = 12000; // the stream pulses every 4 seconds; quiet for this long means something holds it back
  const POLL = 4000;
  const { root, csrf } = document.body.dataset;
  const live = document.querySelector("[data-live]");
  const connection = document.getElementById("connection");
  let active = true, lastPulse = Date.now(), lastLook = 0, stream = null, failures = 0, lost = false;

  const look = () => { lastLook = Date.now(); document.body.dispatchEvent(new Event("desk-changed")); };
  const say = (words) => { if (connection.textContent !== words) connection.textContent = words; };

  function listen() {
    if (!live || !("EventSource" in window)) return;
    stream = new EventSource(live.dataset.live);
    stream.addEventListener("pulse", () => { lastPulse = Date.now(); });
    stream.addEventListener("changed", () => { lastPulse = Date.now(); look(); });
    stream.addEventListener("ended", () => { stream.close(); location.reload(); });
    stream.addEventListener("error", () => {
      if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 5000 + Math.random() * 5000);
    });
  }

  async function beat() {
    const body = new URLSearchParams({ active: active ? "1" : "0" });
    active = false;
    try {
      const answer = await fetch(`${root}/presence`, { method: "POST", body, headers: { "X-CSRF-Token": csrf, "HX-Request": "true" } });
      if (answer.status === 401) { location.reload(); return; }
      if (!answer.ok) throw new Error(String(answer.status));
      failures = 0;
      const place = document.getElementById("session"), html = await answer.text();
      if (html.trim() && !place.firstElementChild) { htmx.swap("#session", html, { swapStyle: "innerHTML" }); }
      if (!html.trim()) place.replaceChildren();
      if (lost) { lost = false; say(""); look(); }
    } catch {
      failures += 1;
      if (failures >= 2) { lost = true; say("The connection is lost. What you see may be old. Trying again."); }
    }
  }

  for (const name of ["pointerdown", "keydown", "wheel", "touchstart"]) {
    addEventListener(name, () => { active = true; }, { passive: true });
  }
  if (live) {
    listen();
    setInterval(() => {
      const quiet = Date.now() - lastPulse > SILENCE;
      // Also every 20 seconds when the stream works, so that 'waiting 3 minutes' keeps counting.
      if (Date.now() - lastLook >= (quiet ? POLL : HEARTBEAT)) look();
    }, 1000);
    lastLook = Date.now();
  }
  beat();
  setInterval(beat, HEARTBEAT);
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  const more = document.getElementById("more-menu"); // opens by itself; here it learns to close
  addEventListener("click", (event) => { if (more && !more.contains(event.target)) more.open = false; });
  if (more) {
    more.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && more.open) { more.open = false; more.firstElementChild.focus(); }
    });
  }
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest && event.target.closest("#composer");
    if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); }
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful && event.target.id === "note-form") event.target.reset();
  });
  document.addEventListener("htmx:sendError", (event) => {
    if (event.target.id === "poller") return; // only what somebody pressed; the heartbeat tells of lost connections
    document.getElementById("notice").replaceChildren(Object.assign(document.createElement("p"), {
      className: "notice notice-error", textContent: "Not done: the connection is lost. What you wrote is still here. Try again in a moment.",
    }));
  });
})();
