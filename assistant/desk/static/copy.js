// Copy buttons: where a script runs they appear, put a code on the clipboard and say so; otherwise the code is text to select.
"use strict";
document.documentElement.classList.add("scripted");
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  const notice = document.getElementById("notice");
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    if (notice) notice.textContent = `Copied ${button.dataset.copy}.`;
  } catch {
    const range = document.createRange();
    range.selectNodeContents(button.parentElement.querySelector("code"));
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    if (notice) notice.textContent = "Press Ctrl and C to copy the code.";
  }
});
