// Says before the button is pressed what changing a bar does.
import { t, tn } from "./words.js";

const form = document.querySelector("#bars-form");
const effect = document.querySelector("#bars-effect");
const inputs = [...form.querySelectorAll("input[data-harder]")];

function read(text) {
  return Number(text.replace(",", ".").replaceAll("\u202f", ""));
}

/** -1 where the wanted bar is easier than the one in force, 1 where it is stricter, 0 where it is the same. */
function strictness(input) {
  const moved = Math.sign(read(input.value) - read(input.dataset.value));
  return input.dataset.harder === "up" ? moved : -moved;
}

function told(easier, stricter) {
  if (easier) {
    const counted = Number(form.dataset.counted);
    return tn(
      "Easier: a new epoch begins, and {count} counted part no longer counts for it.",
      "Easier: a new epoch begins, and {count} counted parts no longer count for it.",
      counted,
    );
  }
  return stricter ? t("Stricter: it is asked of what has been counted as well.") : "";
}

form.addEventListener("input", () => {
  for (const input of inputs) {
    input.classList.toggle("easier", strictness(input) < 0);
    input.classList.toggle("stricter", strictness(input) > 0);
  }
  effect.textContent = told(
    inputs.some(input => strictness(input) < 0),
    inputs.some(input => strictness(input) > 0),
  );
});
