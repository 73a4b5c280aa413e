// The parts on the grid: one button each, pressed when it is picked as odd.

import { t } from "./words.js";

const LEAST_PX = 110;

export class Tiles {
  /** `onChange()` after every change of what is picked or can be seen. */
  constructor({ box, onChange }) {
    Object.assign(this, { box, onChange });
    this.tiles = new Map();
    box.addEventListener("keydown", (event) => this.onKey(event));
    new ResizeObserver(() => this.arrange()).observe(box);
  }

  get size() {
    return this.tiles.size;
  }

  get reviews() {
    return [...this.tiles.values()].map((tile) => tile.review);
  }

  get odd() {
    return [...this.tiles.values()].filter((tile) => tile.odd).map((tile) => tile.review);
  }

  /** What one key passes as OK: seen, and not picked. */
  get rest() {
    return [...this.tiles.values()].filter((tile) => tile.seen && !tile.odd).map((tile) => tile.review);
  }

  /** Whether every picture is on the screen, or known to be broken. */
  get ready() {
    return this.size > 0 && [...this.tiles.values()].every((tile) => tile.seen || tile.odd);
  }

  has(id) {
    return this.tiles.has(id);
  }

  /** Show these and no others; what was picked stays picked. */
  show(reviews) {
    const ids = new Set(reviews.map((review) => review.id));
    for (const id of [...this.tiles.keys()]) if (!ids.has(id)) this.drop(id);
    for (const review of reviews) this.put(review);
    this.arrange();
    if (document.activeElement === document.body) this.box.querySelector("button")?.focus();
    this.onChange();
  }

  put(review) {
    const known = this.tiles.get(review.id);
    if (known) {
      known.review = review;
      return;
    }
    const tile = { review, odd: false, seen: false, button: document.createElement("button") };
    this.tiles.set(review.id, tile);
    this.fill(tile);
    this.box.append(tile.button);
    // Where an own answer comes before a hint, or a hint came already, a part is judged alone.
    if (review.commit_first || review.hint) this.pick(tile, true);
  }

  fill(tile) {
    const { button, review } = tile;
    button.type = "button";
    button.className = "tile";
    button.setAttribute("aria-pressed", "false");
    const image = Object.assign(new Image(), { alt: "", draggable: false, src: `${review.picture}?small=1` });
    image.decode().then(
      () => this.saw(tile),
      () => this.pick(tile, true, t("cannot be shown")),
    );
    const words = Object.assign(document.createElement("span"), { className: "tile-serial", textContent: review.serial });
    tile.sign = Object.assign(document.createElement("span"), { className: "tile-sign" });
    button.append(image, words, tile.sign);
    button.addEventListener("click", () => this.pick(tile, !tile.odd));
  }

  /** As many columns as make the tiles largest; never so many that a thumb cannot hit one. */
  arrange() {
    const { clientWidth: width, clientHeight: height } = this.box;
    const most = Math.max(1, Math.floor(width / LEAST_PX));
    const side = (columns) => Math.min(width / columns, height / Math.ceil(this.size / columns));
    const counts = Array.from({ length: Math.min(most, Math.max(1, this.size)) }, (_, at) => at + 1);
    const best = counts.reduce((found, columns) => (side(columns) > side(found) ? columns : found), 1);
    this.box.style.setProperty("--columns", String(side(best) < LEAST_PX ? most : best));
  }

  saw(tile) {
    tile.seen = true;
    this.onChange();
  }

  pick(tile, odd, why = t("odd")) {
    tile.odd = odd;
    tile.button.setAttribute("aria-pressed", String(odd));
    tile.sign.textContent = odd ? `✕ ${why}` : "";
    this.onChange();
  }

  drop(id) {
    const tile = this.tiles.get(id);
    if (!tile) return;
    tile.button.remove();
    this.tiles.delete(id);
  }

  /** Arrows go from part to part, as they lie on the screen. */
  onKey(event) {
    const buttons = [...this.box.children];
    const at = buttons.indexOf(document.activeElement);
    const across = buttons.filter((button) => button.offsetTop === buttons[0]?.offsetTop).length;
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across }[event.key];
    if (!step || at < 0) return;
    event.preventDefault();
    buttons[at + step]?.focus();
  }
}
