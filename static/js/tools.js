// The buttons beside the picture: everything that a key does can be clicked and touched too.

import { t } from "./words.js";

export class Tools {
  constructor({ controls, viewer }) {
    Object.assign(this, { controls, viewer });
    this.panels = [...controls.querySelectorAll("[data-panel]")];
    this.heatBox = controls.querySelector("[data-heat-opacity]");
    this.blink = controls.querySelector('[data-tool="blink"]');
    this.otherSign = controls.querySelector("[data-other]");
    this.acts = {
      "zoom-in": () => viewer.act("+")(),
      "zoom-out": () => viewer.act("-")(),
      fit: () => viewer.act("w")(),
      "one-to-one": () => viewer.act("q")(),
      turn: () => viewer.act("r")(),
      blink: () => viewer.blink?.(),
    };
    controls.addEventListener("click", (event) => this.onClick(event));
    this.heatBox.querySelector("input").addEventListener("input", (event) => {
      viewer.setHeatOpacity(Number(event.target.value));
    });
  }

  onClick(event) {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.opens) this.toggle(button.dataset.opens);
    const act = this.acts[button.dataset.tool];
    if (act && this.viewer.size.width) act();
    // A click leaves the focus on the button, and a later Enter would press it again instead of keeping an answer.
    if (event.detail > 0) button.blur();
  }

  /** One panel at a time: they lie over the picture. */
  toggle(name) {
    for (const panel of this.panels) {
      panel.hidden = panel.dataset.panel !== name || !panel.hidden;
      const opener = this.controls.querySelector(`[data-opens="${panel.dataset.panel}"]`);
      opener.setAttribute("aria-expanded", String(!panel.hidden));
    }
  }

  /** Close what is open; whether there was something. */
  close() {
    const open = this.panels.find((panel) => !panel.hidden);
    if (open) this.toggle(open.dataset.panel);
    return open !== undefined;
  }

  showHeat(on) {
    this.heatBox.hidden = !on;
  }

  showBlink() {
    this.blink.disabled = false;
  }

  /** Say plainly that what is seen now is not the part. */
  showOther(words) {
    this.blink.setAttribute("aria-pressed", String(words !== ""));
    this.otherSign.hidden = !words;
    this.otherSign.textContent = words && t("Not the part: {what}", { what: words });
  }
}
