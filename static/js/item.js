// The page of a part: where each model looked, laid over the picture on request.

import { HeatLayer, paintRamp } from "./heat.js";
import { t } from "./words.js";

const image = document.querySelector(".item-picture img");
const buttons = [...document.querySelectorAll("[data-heatmap]")];
const layer = new HeatLayer();

/** Switch one model's heatmap over, and any other's off. */
function toggle(button) {
  const show = button.getAttribute("aria-pressed") !== "true" && image.naturalWidth > 0;
  layer.hide();
  if (show) layer.show(image, JSON.parse(button.dataset.heatmap), t("Where the AI looked. {words}", { words: button.dataset.words }));
  for (const other of buttons) other.setAttribute("aria-pressed", String(other === button && show));
}

for (const button of buttons) button.addEventListener("click", () => toggle(button));
for (const ramp of document.querySelectorAll(".ramp")) paintRamp(ramp);
