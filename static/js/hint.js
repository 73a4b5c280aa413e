// The card of the hint: what the AI thinks in words, and a switch for where it looked. Off for every new part.

import { HeatLayer, paintRamp } from "./heat.js";

export class HintCard {
  /** `card` is the place of the words, `stage` the place that holds the picture. */
  constructor({ card, stage }) {
    Object.assign(this, { card, stage });
    this.layer = new HeatLayer();
    this.clear();
  }

  clear() {
    this.layer.hide();
    this.hint = null;
    this.button = null;
    this.card.replaceChildren();
    this.card.dataset.tone = "";
  }

  /** Show a hint; `kept` is the verdict that the person gave before seeing it, where there is one. */
  show(hint, { kept = "" } = {}) {
    this.clear();
    if (!hint) return;
    this.hint = hint;
    this.card.dataset.tone = hint.verdict.toLowerCase();
    const words = document.createElement("div");
    words.append(paragraph(hint.words));
    if (kept) words.append(paragraph(`You said ${kept}. Enter keeps it.`, "ask"));
    this.card.append(words);
    if (hint.heatmap?.length) this.card.append(this.switch());
  }

  /** The button with the scale below it: a colour means the same on every part. */
  switch() {
    const box = document.createElement("div");
    box.className = "where";
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.setAttribute("aria-pressed", "false");
    this.button.append(key("H"), "Where");
    this.button.title = "Where the AI looked, about";
    this.button.addEventListener("click", () => this.toggle());
    const ramp = Object.assign(document.createElement("canvas"), { className: "ramp", width: 96, height: 1 });
    ramp.setAttribute("aria-hidden", "true");
    paintRamp(ramp);
    box.append(this.button, ramp, paragraph("same scale for every part"));
    return box;
  }

  get canToggle() {
    return this.button !== null;
  }

  toggle() {
    if (!this.canToggle) return;
    if (this.layer.on) this.layer.hide();
    else this.layer.show(this.stage.querySelector("img"), this.hint.heatmap, `Where the AI looked: ${place(this.hint)}`);
    this.button.setAttribute("aria-pressed", String(this.layer.on));
  }
}

function place(hint) {
  return hint.place || "no one place stands out";
}

function paragraph(text, className = "") {
  return Object.assign(document.createElement("p"), { textContent: text, className });
}

function key(letter) {
  return Object.assign(document.createElement("kbd"), { textContent: letter });
}
