// A short tone when the number in the title rises: somebody waits, or wrote. Off until switched on; the switch is remembered.
"use strict";
(() => {
  const KEY = "linkway-desk-sound";
  const button = document.getElementById("sound");
  if (!button || !("AudioContext" in window)) return;
  let context = null, on = false;
  try { on = localStorage.getItem(KEY) === "on"; } catch { on = false; }
  const count = () => Number((/^\((\d+)\)/.exec(document.title) || [0, 0])[1]);
  let before = count();

  const ready = () => {
    context = context || new AudioContext();
    if (context.state === "suspended") context.resume(); // browsers wait for a first press of a key or the pointer
    return context;
  };
  function tone() {
    const { currentTime: now, destination } = ready();
    [[660, 0], [880, 0.18]].forEach(([pitch, after]) => { // two soft notes, made here: no file to load
      const sound = context.createOscillator(), volume = context.createGain();
      sound.frequency.value = pitch;
      volume.gain.setValueAtTime(0.0001, now + after);
      volume.gain.exponentialRampToValueAtTime(0.12, now + after + 0.03);
      volume.gain.exponentialRampToValueAtTime(0.0001, now + after + 0.16);
      sound.connect(volume).connect(destination);
      sound.start(now + after);
      sound.stop(now + after + 0.17);
    });
    button.dataset.played = String(Number(button.dataset.played || 0) + 1);
  }
  const show = () => {
    button.hidden = false;
    button.textContent = on ? "Sound on" : "Sound off";
    button.setAttribute("aria-pressed", String(on));
  };
  button.addEventListener("click", () => {
    on = !on;
    try { localStorage.setItem(KEY, on ? "on" : "off"); } catch { /* it holds for this page */ }
    show();
    if (on) tone();
  });
  for (const name of ["pointerdown", "keydown"]) addEventListener(name, () => { if (on) ready(); }, { once: true, passive: true });
  new MutationObserver(() => {
    const now = count();
    if (on && now > before) tone();
    before = now;
  }).observe(document.querySelector("title"), { childList: true, characterData: true, subtree: true });
  show();
})();
