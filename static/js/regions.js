// The places that a person marks on a part: drawn, taken, moved, named and removed, by mouse, by touch and by key.

import { Drawing } from "./region_draw.js";
import { RegionLayer } from "./region_layer.js";
import { RegionPanel } from "./region_panel.js";
import { area, contains, corners, moved, stretched, tidy, without } from "./shapes.js";
import { t } from "./words.js";

// What the server takes of one answer.
const [MOST, MOST_POINTS] = [200, 5_000];
const REACH = 22;
const [SMALL_STEP, LARGE_STEP] = [1, 10];
const WHOLE = -1;
const WAYS = { arrowleft: [-1, 0], arrowright: [1, 0], arrowup: [0, -1], arrowdown: [0, 1] };

export class Regions {
  constructor({ pane, controls }) {
    this.pane = pane;
    this.onChange = () => {};
    // While a sample stands in the place of the part nothing here is seen, and nothing is to be changed unseen.
    this.asleep = false;
    this.wake = () => {};
    this.layer = new RegionLayer(pane);
    this.panel = new RegionPanel({ controls, regions: this });
    this.drawing = new Drawing({
      layer: this.layer,
      done: (shape) => this.add(shape),
      say: (words) => this.panel.say(words),
      most: MOST_POINTS,
    });
    this.forgetAll([]);
    this.listen();
    document.addEventListener("keydown", (event) => this.onCombination(event));
    this.redraw();
  }

  // -------------------------------------------------------------- what others ask
  get list() {
    return this.regions.map(tidy);
  }

  set(list) {
    this.forgetAll(list.map(tidy));
    this.redraw();
  }

  clear() {
    this.asleep = false;
    // Most parts go by unmarked: the next picture does not wait for a list of nothing.
    if (this.regions.length || this.past.length || this.active) this.set([]);
  }

  /** Start to draw a "box" or "polygon" with a label; without one, with the label chosen last. */
  draw(kind, code = "", name = "") {
    if (!this.pane.width) return;
    if (this.asleep) this.wake();
    this.panel.choose(code, name);
    if (!this.panel.label) return;
    this.select(-1);
    if (this.regions.length >= MOST) this.panel.say(t("More places than these cannot be kept."));
    else this.drawing.start(kind);
    this.redraw();
  }

  /** Whether something is being drawn or is selected: then Enter, Esc, Backspace and the arrows belong here first. */
  get active() {
    return !this.asleep && (this.drawing.active || this.selected >= 0);
  }

  get keys() {
    if (!this.panel.label) return [];
    return [
      ["J", t("mark a box; Enter puts one in the middle")],
      ["K", t("mark an outline, point after point")],
      [", .", t("take the place before or after; of a taken one, its corners")],
      ["Del", t("remove what is taken")],
      ["Ctrl Z, Ctrl Y", t("undo and redo what was marked")],
    ];
  }

  /** The name of a defect, as the page knows it. */
  nameOf(code) {
    return this.panel.nameOf(code);
  }

  /** The defect that the next place carries. */
  choose(code, name = "") {
    this.panel.choose(code, name);
  }

  place() {
    this.layer.place();
  }

  // -------------------------------------------------------------- the list and its history
  forgetAll(list) {
    Object.assign(this, { regions: list, past: [], future: [], selected: -1, handle: WHOLE, last: -1, dragged: null });
    this.drawing.reset();
    this.panel.say("");
  }

  /** The list as it is from now on; what it was before can be brought back. */
  change(list, { selected = this.selected, handle = this.handle } = {}) {
    this.past.push(this.regions);
    this.future = [];
    this.take(list, { selected, handle });
  }

  take(list, { selected, handle = WHOLE }) {
    this.regions = list;
    this.selected = Math.min(selected, list.length - 1);
    this.handle = handle;
    this.redraw();
    this.onChange();
  }

  undo() {
    this.step(this.past, this.future);
  }

  redo() {
    this.step(this.future, this.past);
  }

  step(from, to) {
    if (!from.length) return;
    this.drawing.reset();
    to.push(this.regions);
    this.take(from.pop(), { selected: -1 });
    this.panel.say(t("{count} places are marked.", { count: this.regions.length }));
  }

  add({ kind, points }) {
    const region = tidy({ label: this.panel.label, kind, points });
    if (area(region) === 0) {
      this.panel.say(t("That lies outside the picture."));
      this.redraw();
      return;
    }
    this.change([...this.regions, region], { selected: this.regions.length, handle: WHOLE });
    this.tell();
  }

  replace(at, region, options) {
    this.change(this.regions.map((old, place) => (place === at ? tidy(region) : old)), options);
  }

  relabel(code) {
    const region = this.regions[this.selected];
    if (region && region.label !== code) this.replace(this.selected, { ...region, label: code });
  }

  /** Remove the corner that is taken, else the whole place. */
  remove() {
    const region = this.regions[this.selected];
    if (!region) return;
    const smaller = this.handle === WHOLE ? null : without(region, this.handle);
    if (smaller) this.replace(this.selected, smaller, { handle: WHOLE });
    else this.change(this.regions.filter((_region, at) => at !== this.selected), { selected: -1, handle: WHOLE });
    this.tell();
  }

  select(at, handle = WHOLE) {
    if (at >= 0) {
      this.drawing.reset();
      this.last = at;
      this.panel.choose(this.regions[at].label);
    }
    Object.assign(this, { selected: at, handle });
    this.redraw();
    this.tell();
  }

  redraw() {
    const { selected, handle } = this;
    this.layer.draw(this.regions, { selected, handle, nameOf: (region) => this.panel.nameOf(region.label) });
    this.panel.show();
    this.pane.osd.canvas.classList.toggle("drawing", this.drawing.active);
  }

  tell() {
    const region = this.regions[this.selected];
    if (!region) {
      this.panel.say("");
      return;
    }
    const what = this.panel.words(region, this.selected);
    this.panel.say(
      this.handle === WHOLE
        ? t("{what}: arrows move it, full stop takes a corner, Enter is done.", { what })
        : t("{what}, corner {number}: arrows move it.", { what, number: this.handle + 1 }),
    );
  }

  // -------------------------------------------------------------- mouse and touch
  listen() {
    const { osd } = this.pane;
    osd.addHandler("canvas-press", ({ position }) => this.onPress(position));
    osd.addHandler("canvas-drag", (event) => this.onDrag(event));
    osd.addHandler("canvas-drag-end", (event) => this.onDrop(event));
    osd.addHandler("canvas-click", ({ position, quick }) => quick && this.onClick(position));
    osd.addHandler("canvas-double-click", () => this.drawing.kind === "polygon" && this.drawing.close());
    osd.canvas.addEventListener("pointermove", (event) => {
      if (!this.drawing.active || event.pointerType === "touch") return;
      const { left, top } = osd.canvas.getBoundingClientRect();
      this.drawing.hover({ x: event.clientX - left, y: event.clientY - top });
    });
  }

  onPress(place) {
    this.dragged = null;
    if (this.asleep) return;
    this.drawing.press(place);
    if (this.drawing.active || this.selected < 0) return;
    const corner = this.cornerAt(place);
    const [x, y] = this.layer.at(place);
    if (corner || contains(this.regions[this.selected], x, y))
      this.dragged = { handle: corner?.at ?? WHOLE, from: [x, y], region: this.regions[this.selected], before: this.regions };
  }

  cornerAt(place) {
    const near = this.layer.shownCorners().map((corner) => [Math.hypot(corner.x - place.x, corner.y - place.y), corner]);
    const [distance, corner] = near.reduce((best, one) => (one[0] < best[0] ? one : best), [Infinity, null]);
    return distance <= REACH ? corner : null;
  }

  onDrag(event) {
    if (this.asleep) return;
    if (this.drawing.active) {
      event.preventDefaultAction = this.drawing.drag(event.position);
    } else if (this.dragged) {
      event.preventDefaultAction = true;
      const [x, y] = this.layer.at(event.position);
      const { handle, from, region, before } = this.dragged;
      const way = [x - from[0], y - from[1]];
      const now = handle === WHOLE ? moved(region, ...way) : stretched(region, handle, ...way);
      this.regions = before.map((old) => (old === region ? now : old));
      this.handle = handle;
      this.redraw();
    }
    if (event.preventDefaultAction) this.pane.still();
  }

  onDrop(event) {
    if (this.asleep) return;
    if (this.drawing.active) this.drawing.drop(event.position);
    else if (this.dragged) {
      const after = this.regions.map(tidy);
      this.regions = this.dragged.before;
      this.dragged = null;
      this.change(after);
      this.tell();
    } else return;
    event.preventDefaultAction = true;
  }

  onClick(place) {
    if (this.asleep) return;
    if (this.drawing.active) this.drawing.click(place);
    else {
      const corner = this.selected >= 0 ? this.cornerAt(place) : null;
      const [x, y] = this.layer.at(place);
      // The last one drawn lies on top.
      const at = this.regions.findLastIndex((region) => contains(region, x, y));
      if (corner) this.select(this.selected, corner.at);
      else this.select(at);
    }
  }

  // -------------------------------------------------------------- keys
  onKey(key, event) {
    const onButton = event.target.closest?.("button, a, summary") && ["enter", " "].includes(key);
    if (onButton || !this.pane.width) return false;
    if (this.asleep) return this.onTool(key);
    if (this.drawing.active) {
      const done = this.drawing.onKey(key, this.pane.osd.viewport.getContainerSize(), event.shiftKey);
      if (done && !this.active) this.tell();
      if (done) this.redraw();
      return done || this.onTool(key);
    }
    if (this.selected >= 0) return this.onSelectedKey(key, event.shiftKey) || this.onTool(key);
    if (key === "," || key === ".") return this.next(key === "." ? 1 : -1);
    return this.onTool(key);
  }

  onTool(key) {
    const kind = { j: "box", k: "polygon" }[key];
    if (!kind || !this.panel.label) return false;
    if (this.drawing.active && this.drawing.kind === kind) this.stop();
    else this.draw(kind);
    return true;
  }

  stop() {
    this.drawing.reset();
    this.select(-1);
  }

  onSelectedKey(key, large) {
    if (WAYS[key]) this.nudge(WAYS[key], large);
    else if (key === "escape" || key === "enter") this.select(-1);
    else if (key === "delete" || key === "backspace") this.remove();
    else if (key === "," || key === ".") this.nextCorner(key === "." ? 1 : -1);
    else return false;
    return true;
  }

  nudge(direction, large) {
    const region = this.regions[this.selected];
    const way = this.layer.way(...direction.map((one) => one * (large ? LARGE_STEP : SMALL_STEP)));
    this.replace(
      this.selected,
      this.handle === WHOLE ? moved(region, ...way) : stretched(region, this.handle, ...way),
    );
  }

  nextCorner(direction) {
    const count = corners(this.regions[this.selected]).length + 1;
    this.select(this.selected, ((this.handle + 1 + direction + count) % count) - 1);
  }

  /** Take the next place, or the one before; whether there is any. */
  next(direction) {
    const count = this.regions.length;
    if (count) this.select((Math.max(this.last, direction > 0 ? -1 : count) + direction + count) % count);
    return count > 0;
  }

  onCombination(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.closest("input, textarea")) return;
    const key = event.key.toLowerCase();
    const act = key === "y" || (key === "z" && event.shiftKey) ? "redo" : key === "z" ? "undo" : null;
    if (!act || !this.pane.width || this.asleep) return;
    event.preventDefault();
    this[act]();
  }
}
