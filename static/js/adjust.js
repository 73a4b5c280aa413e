// Brightness, contrast and negative of the picture: kept from part to part, and from shift to shift of a job.

import { t } from "./words.js";

const NEUTRAL = { brightness: 1, contrast: 1, invert: false };
const [LEAST, MOST, STEP] = [0.2, 3, 0.1];

export class Adjust {
  /** `picture` is the element that holds the picture; `job` names the shelf in the browser's memory. */
  constructor({ controls, job, picture }) {
    Object.assign(this, { pictures: [picture], shelf: `sightline.adjust.${job}` });
    const find = (name) => controls.querySelector(`[data-adjust="${name}"]`);
    this.sliders = { brightness: find("brightness"), contrast: find("contrast") };
    this.invert = find("invert");
    this.sign = controls.querySelector("[data-adjusted]");
    this.presets = [...controls.querySelectorAll("[data-preset]")];
    this.now = { ...NEUTRAL, ...this.kept() };
    this.listen(find("reset"));
    this.apply();
  }

  /** Show another picture in the same light. */
  also(picture) {
    this.pictures.push(picture);
    this.apply();
  }

  listen(reset) {
    for (const [name, slider] of Object.entries(this.sliders))
      slider.addEventListener("input", () => this.set({ [name]: Number(slider.value) }));
    this.invert.addEventListener("click", () => this.toggleInvert());
    reset.addEventListener("click", () => this.reset());
    for (const button of this.presets) button.addEventListener("click", () => this.set(meant(button)));
  }

  set(wished) {
    const { brightness, contrast, invert } = { ...this.now, ...wished };
    this.now = { brightness: within(brightness), contrast: within(contrast), invert: Boolean(invert) };
    this.apply();
    this.keep();
  }

  step(name, direction) {
    this.set({ [name]: this.now[name] + direction * STEP });
  }

  toggleInvert() {
    this.set({ invert: !this.now.invert });
  }

  reset() {
    this.set(NEUTRAL);
  }

  /** The preset after (1) or before (-1) the one that is on; before the first and after the last lies the neutral look. */
  preset(direction) {
    const looks = [NEUTRAL, ...this.presets.map(meant)];
    const at = looks.findIndex((look) => same(look, this.now));
    this.set(looks[(Math.max(at, 0) + direction + looks.length) % looks.length]);
  }

  get neutral() {
    return same(this.now, NEUTRAL);
  }

  apply() {
    const { brightness, contrast, invert } = this.now;
    // No filter at all while nothing is adjusted: the browser would paint every frame by way of another surface.
    const light = `brightness(${brightness}) contrast(${contrast}) invert(${invert ? 1 : 0})`;
    for (const picture of this.pictures) picture.style.filter = this.neutral ? "" : light;
    for (const [name, slider] of Object.entries(this.sliders)) {
      slider.value = String(this.now[name]);
      slider.setAttribute("aria-valuetext", percent(this.now[name]));
    }
    this.invert.setAttribute("aria-pressed", String(invert));
    for (const button of this.presets) button.setAttribute("aria-pressed", String(same(meant(button), this.now)));
    this.sign.hidden = this.neutral;
    this.sign.textContent = this.words;
  }

  get words() {
    const { brightness, contrast, invert } = this.now;
    const said = [];
    if (brightness !== 1) said.push(t("brightness {share}", { share: percent(brightness) }));
    if (contrast !== 1) said.push(t("contrast {share}", { share: percent(contrast) }));
    if (invert) said.push(t("negative"));
    return said.join(", ");
  }

  kept() {
    try {
      return checked(JSON.parse(window.localStorage.getItem(this.shelf) || "{}"));
    } catch {
      return {};
    }
  }

  keep() {
    try {
      window.localStorage.setItem(this.shelf, JSON.stringify(this.now));
    } catch {
      // A browser that keeps nothing shows the picture as it came after the next log-in.
    }
  }
}

function checked({ brightness = 1, contrast = 1, invert = false }) {
  return { brightness: within(Number(brightness)), contrast: within(Number(contrast)), invert: invert === true };
}

function meant(button) {
  const { brightness, contrast, invert } = button.dataset;
  return checked({ brightness: brightness || 1, contrast: contrast || 1, invert: invert === "true" });
}

function within(share) {
  return Number.isFinite(share) ? Math.round(Math.min(MOST, Math.max(LEAST, share)) * 100) / 100 : 1;
}

function same(one, other) {
  return one.brightness === other.brightness && one.contrast === other.contrast && one.invert === other.invert;
}

function percent(share) {
  return `${Math.round(share * 100)} %`;
}
