// Golden and limit samples beside the part: chosen by a click, shown at the same place as the part, and in turn with it.

import { Pane } from "./pane.js";
import { t } from "./words.js";

const SHELF = "sightline.samples.folded";
const NARROW = window.matchMedia("(max-width: 64rem)");

export class Samples {
  /** `column` is what `_samples.html` puts beside the picture; `job` is the job's name in addresses. */
  constructor({ column, viewer, job }) {
    Object.assign(this, { column, viewer, job, all: [], chosen: null });
    const find = (name) => column.querySelector(`[data-sample-${name}]`);
    this.host = find("pane");
    this.words = find("words");
    this.rows = find("list");
    this.empty = find("empty");
    this.fold = find("fold");
    this.body = find("body");
    this.fold.addEventListener("click", () => this.setFolded(!this.folded, { keep: true }));
    this.rows.addEventListener("click", (event) => {
      const row = event.target.closest("button");
      if (row) this.choose(Number(row.dataset.at));
    });
    viewer.onMove(() => this.follow());
    NARROW.addEventListener("change", () => this.setFolded(NARROW.matches || kept() === "yes"));
    this.setFolded(NARROW.matches || kept() === "yes");
  }

  /** Fetch the samples of the job. Without them the work goes on: the column says so. */
  async load() {
    try {
      const answer = await fetch(`/api/v1/jobs/${this.job}/samples/`, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new TypeError(`${answer.status}`);
      this.show((await answer.json()).results);
    } catch {
      this.empty.hidden = false;
      this.empty.textContent = t("The samples could not be fetched. Load the page again to see them.");
    }
  }

  show(samples) {
    this.all = samples;
    this.empty.hidden = samples.length > 0;
    this.rows.replaceChildren(...samples.map((sample, at) => this.row(sample, at)));
    if (samples.length) this.choose(0);
  }

  row(sample, at) {
    const button = Object.assign(document.createElement("button"), { type: "button" });
    button.dataset.at = String(at);
    const image = Object.assign(document.createElement("img"), { alt: "", loading: "lazy", src: sample.picture });
    button.append(image, Object.assign(document.createElement("span"), { textContent: this.title(sample) }));
    const row = document.createElement("li");
    row.append(button);
    return row;
  }

  title({ kind, label }) {
    const name = label ? this.viewer.regions.nameOf(label) : "";
    if (kind === "limit_ok") return t("{name}: just good enough", { name });
    if (kind === "limit_ng") return t("{name}: just not good enough", { name });
    return t("Golden sample");
  }

  /** Show a sample beside the part, and keep another copy of its picture ready to stand in the part's place. */
  async choose(at) {
    const sample = this.all[at];
    this.chosen = sample;
    this.viewer.compare(null);
    [...this.rows.querySelectorAll("button")].forEach((row, place) =>
      row.setAttribute("aria-pressed", String(place === at)),
    );
    this.words.textContent = sample.words || this.title(sample);
    const [beside, instead] = [this.title(sample), ""].map((alt) => picture(sample, alt));
    try {
      await Promise.all([beside.decode(), instead.decode()]);
    } catch {
      if (this.chosen === sample) this.words.textContent = t("This sample's picture cannot be shown.");
      return;
    }
    if (this.chosen !== sample) return;
    Object.assign(this, { beside, instead });
    this.viewer.canBlink(() => this.blink());
    this.paint();
  }

  /** Part and sample in turn, in one place. */
  blink() {
    if (this.viewer.comparing) this.viewer.compare(null);
    else this.viewer.compare(this.instead, this.title(this.chosen));
  }

  // -------------------------------------------------------------- the pane beside the part
  paint() {
    if (this.folded || !this.beside) return;
    if (!this.pane) {
      this.pane = new Pane(this.host, { passive: true });
      this.viewer.adjust.also(this.pane.pictures);
    }
    this.pane.put(this.beside);
    this.seen = null;
    this.follow();
  }

  follow() {
    if (this.folded || !this.pane || !this.viewer.size.width) return;
    const view = this.viewer.pane.view;
    const seen = JSON.stringify(view);
    if (seen === this.seen) return;
    this.seen = seen;
    this.pane.follow(view);
  }

  setFolded(folded, { keep = false } = {}) {
    this.folded = folded;
    this.body.hidden = folded;
    this.column.classList.toggle("folded", folded);
    this.fold.setAttribute("aria-expanded", String(!folded));
    if (keep) remember(folded ? "yes" : "no");
    this.paint();
  }
}

function picture(sample, alt) {
  return Object.assign(new Image(), { alt, draggable: false, decoding: "sync", src: sample.picture });
}

function kept() {
  try {
    return window.localStorage.getItem(SHELF);
  } catch {
    return null;
  }
}

function remember(said) {
  try {
    window.localStorage.setItem(SHELF, said);
  } catch {
    // A browser that keeps nothing shows the column again after the next log-in.
  }
}
