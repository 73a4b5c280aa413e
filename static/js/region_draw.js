// Drawing a new place: a box by a drag, by two clicks or by keys, an outline point after point.

import { t } from "./words.js";

const LEAST = 4;
const CROSS_STEP = 8;

export class Drawing {
  /** `layer` shows the sketch; `done` takes a finished shape, `say` the words that lead on. */
  constructor({ layer, done, say, most }) {
    Object.assign(this, { layer, done, say, most, kind: null });
    this.reset();
  }

  get active() {
    return this.kind !== null;
  }

  reset() {
    this.kind = null;
    this.points = [];
    this.cursor = null;
    this.cross = null;
    this.layer.sketch();
  }

  start(kind) {
    this.reset();
    this.kind = kind;
    this.say(
      kind === "box"
        ? t("Drag a box, or click two corners. Enter puts one in the middle, Esc ends.")
        : t("Click point after point. Enter or a double click closes it, Backspace takes one back, Esc ends."),
    );
  }

  // -------------------------------------------------------------- mouse and touch, in pixels of the pane
  press(place) {
    this.pressed = place;
  }

  drag(place) {
    if (this.kind !== "box") return false;
    if (!this.points.length) this.points = [this.layer.at(this.pressed)];
    this.hover(place);
    return true;
  }

  drop(place) {
    if (this.kind !== "box" || !this.points.length) return;
    this.closeBox(place);
  }

  click(place) {
    if (this.kind === "box") {
      if (this.points.length) this.closeBox(place);
      else this.add(place);
    } else if (this.points.length > 2 && this.near(place, this.points[0])) this.close();
    else if (!this.points.length || !this.near(place, this.points.at(-1))) this.add(place);
  }

  hover(place) {
    this.cursor = this.layer.at(place);
    this.sketch();
  }

  add(place) {
    if (this.points.length >= this.most) this.say(t("More points than these cannot be kept. Enter closes the outline."));
    else this.points.push(this.layer.at(place).map((value) => Math.min(1, Math.max(0, value))));
    this.sketch();
  }

  /** How far a place in the window is from a point of the picture: across and down, in pixels. */
  apart(place, [x, y]) {
    const seen = this.layer.matrix.transformPoint({ x, y });
    return [Math.abs(place.x - seen.x), Math.abs(place.y - seen.y)];
  }

  near(place, point) {
    return Math.hypot(...this.apart(place, point)) < 2 * LEAST;
  }

  closeBox(place) {
    const [from, to] = [this.points[0], this.layer.at(place)];
    this.points = [];
    // A twitch of the hand is no box.
    if (Math.min(...this.apart(place, from)) < LEAST) this.sketch();
    else this.finish([from, to]);
  }

  /** Close the outline; whether it had enough points for one. */
  close() {
    if (this.points.length > 2) this.finish(this.points);
    else this.say(t("An outline has at least three points."));
  }

  finish(points) {
    const kind = this.kind;
    this.reset();
    this.done({ kind, points });
  }

  sketch() {
    const points = this.cursor && this.points.length ? [...this.points, this.cursor] : this.points;
    this.layer.sketch({ kind: this.kind, points, cross: this.cross });
  }

  // -------------------------------------------------------------- keys
  /** Whether the key belongs to drawing. */
  onKey(key, size, large) {
    const way = { arrowleft: [-1, 0], arrowright: [1, 0], arrowup: [0, -1], arrowdown: [0, 1] }[key];
    if (way) this.moveCross(way, size, large);
    else if (key === "escape") this.reset();
    else if (key === "backspace") this.takeBack();
    else if (key === " ") this.click(this.cross ?? middle(size));
    else if (key === "enter") this.enter(size);
    else return false;
    return true;
  }

  moveCross([across, down], size, large) {
    const from = this.cross ?? middle(size);
    const step = CROSS_STEP * (large ? 5 : 1);
    this.cross = {
      x: Math.min(size.x, Math.max(0, from.x + across * step)),
      y: Math.min(size.y, Math.max(0, from.y + down * step)),
    };
    this.hover(this.cross);
    this.say(t("Space sets a point where the cross is."));
  }

  takeBack() {
    this.points.pop();
    this.sketch();
  }

  enter(size) {
    if (this.kind === "polygon") this.close();
    else if (this.points.length) this.closeBox(this.cross ?? middle(size));
    else this.finish(this.inTheMiddle(size));
  }

  /** A box over a quarter of what is in view. */
  inTheMiddle({ x, y }) {
    const half = Math.min(x, y) / 8;
    return [
      this.layer.at({ x: x / 2 - half, y: y / 2 - half }),
      this.layer.at({ x: x / 2 + half, y: y / 2 + half }),
    ];
  }
}

function middle({ x, y }) {
  return { x: x / 2, y: y / 2 };
}
