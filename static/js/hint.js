// The card of the hint: what the AI thinks in words, what it compares with, where it looked, and two keys to answer it.

import { paintRamp } from "./heat.js";
import { t } from "./words.js";

export class HintCard {
  /** `card` is the place of the words; `on` holds accept(), wrong(). */
  constructor({ card, viewer, on }) {
    Object.assign(this, { card, viewer, on });
    this.clear();
  }

  clear() {
    this.viewer.heat(null);
    this.hint = null;
    this.where = null;
    this.card.replaceChildren();
    this.card.dataset.tone = "";
  }

  /** Show a hint; `kept` is the verdict that the person gave before seeing it, where there is one. */
  show(hint, { kept = "" } = {}) {
    this.clear();
    if (!hint) return;
    this.hint = hint;
    this.card.dataset.tone = hint.verdict.toLowerCase();
    const words = element("div", { className: "hint-words" });
    words.append(element("p", { textContent: hint.words }));
    if (kept) words.append(element("p", { textContent: t("You said {verdict}. Enter keeps it.", { verdict: kept }), className: "ask" }));
    // An example that is no part of this job has words alone, and those stand in the sentence already.
    const seen = (hint.nearest || []).filter((example) => example.picture);
    if (seen.length) words.append(nearest(seen));
    this.card.append(words, this.keys());
  }

  keys() {
    const box = element("div", { className: "hint-keys" });
    box.append(button("Y", t("Accept"), "accept", t("Accept: take what the AI says"), this.on.accept));
    box.append(button("X", t("Wrong"), "wrong", t("Wrong: the AI is wrong about this part"), this.on.wrong));
    if (this.hint.heatmap?.length) box.append(...this.switch());
    return box;
  }

  /** The button with the scale beside it: a colour means the same on every part. */
  switch() {
    this.where = button("H", t("Where"), "where", t("Where the AI looked, about"), () => this.toggle());
    this.where.setAttribute("aria-pressed", "false");
    const legend = element("div", { className: "where-scale" });
    const ramp = element("canvas", { className: "ramp", width: 96, height: 1 });
    ramp.setAttribute("aria-hidden", "true");
    paintRamp(ramp);
    legend.append(ramp, element("span", { textContent: t("one scale for all parts") }));
    return [this.where, legend];
  }

  get canToggle() {
    return this.where !== null;
  }

  toggle() {
    if (!this.canToggle) return;
    const place = this.hint.place || t("no one place stands out");
    if (this.viewer.heatOn) this.viewer.heat(null);
    else this.viewer.heat(this.hint.heatmap, t("Where the AI looked: {place}", { place }));
    this.where.setAttribute("aria-pressed", String(this.viewer.heatOn));
  }
}

/** The known parts that look most like this one, as the AI sees it. */
function nearest(parts) {
  const box = element("div", { className: "nearest" });
  const list = element("ul");
  for (const { picture, words } of parts.slice(0, 3)) {
    const line = element("li");
    line.append(element("img", { src: picture, alt: words, title: words, width: 36, height: 36 }));
    list.append(line);
  }
  box.append(element("p", { textContent: t("Most like these known parts:") }), list);
  return box;
}

function button(key, words, id, title, act) {
  const made = element("button", { type: "button", id, title });
  made.append(element("kbd", { textContent: key }), words);
  made.addEventListener("click", () => act());
  return made;
}

function element(name, values = {}) {
  return Object.assign(document.createElement(name), values);
}
