/* The report on paper: every table that stands behind a chart is printed too, since nobody can open it there. */
const folded = [];

function unfold() {
  for (const details of document.querySelectorAll("main details:not([open])")) {
    details.open = true;
    folded.push(details);
  }
}

function fold() {
  for (const details of folded.splice(0)) details.open = false;
}

addEventListener("beforeprint", unfold);
addEventListener("afterprint", fold);

const button = document.getElementById("print");
if (button) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
