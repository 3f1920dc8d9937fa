/* A button that prints the page it is on; without JavaScript it is not shown, and the browser's own print does it. */
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
