// The exit link, Shift three times and the print button of the plain and the printed page.
import { leave, onTripleShift } from "./exit.js";

const go = () => leave(document.body.dataset.exit);

for (const link of document.querySelectorAll("[data-exit-now]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    go();
  });
}
onTripleShift(go);
for (const promised of document.querySelectorAll("[data-with-script]")) promised.hidden = false; // from here on it is true

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
