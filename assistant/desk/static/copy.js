// Copy and print buttons: where a script runs they appear; otherwise there is text to select.
// data-copy is the words themselves, or "#id" of a field whose words are meant.
"use strict";
document.documentElement.classList.add("scripted");
for (const button of document.querySelectorAll("[data-copy], [data-print]")) button.hidden = false;
const mark = (element) => {
  if (element.select) return element.select();
  const range = document.createRange();
  range.selectNodeContents(element);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
};
const say = (words) => {
  const said = Object.assign(document.createElement("p"), { className: "notice", textContent: words });
  document.getElementById("notice")?.replaceChildren(said);
};
document.addEventListener("click", async (event) => {
  if (event.target.closest("[data-print]")) return print();
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  const words = button.dataset.copy, field = words.startsWith("#") ? document.querySelector(words) : null;
  try {
    await navigator.clipboard.writeText(field ? field.value : words);
    say(field ? "Copied." : `Copied ${words}.`);
  } catch {
    mark(field || button.parentElement.querySelector("code"));
    say("Marked. Press Ctrl and C to copy.");
  }
});
