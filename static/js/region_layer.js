// Marked places as lines over the picture. A light and a dark path for each, however many points it has; the view moves
// all of them by one matrix, and the corners that can be taken are one path more: thousands of points cost a handful of
// elements.

import { bounds, corners, path } from "./shapes.js";

const SVG = "http://www.w3.org/2000/svg";
const HANDLE = 5;
// Corners closer together than a fingertip cannot be told apart: only every so many pixels one is shown.
const APART = 14;

function made(name, className, parent) {
  const element = document.createElementNS(SVG, name);
  element.setAttribute("class", className);
  parent?.append(element);
  return element;
}

export class RegionLayer {
  constructor(pane) {
    this.pane = pane;
    this.paths = new WeakMap();
    this.drawn = [];
    this.svg = made("svg", "regions");
    // For those who do not see it there is the list.
    this.svg.setAttribute("aria-hidden", "true");
    this.shapes = made("g", "region-shapes", this.svg);
    this.draftHalo = made("path", "region-halo", this.shapes);
    this.draft = made("path", "region-draft", this.shapes);
    this.names = made("g", "region-names", this.svg);
    this.handles = made("path", "region-handles", this.svg);
    this.taken = made("path", "region-taken", this.svg);
    this.cross = made("path", "region-cross", this.svg);
    pane.osd.canvas.append(this.svg);
  }

  /** Draw `regions`, number `selected` with its corners, of which `handle` is the one that is taken. */
  draw(regions, { selected, handle, nameOf }) {
    while (this.drawn.length > regions.length) {
      for (const element of Object.values(this.drawn.pop())) element.remove();
    }
    regions.forEach((region, at) => this.drawOne(region, at, at === selected, nameOf(region)));
    Object.assign(this, { regions, selected, handle });
    this.place();
  }

  drawOne(region, at, selected, words) {
    this.drawn[at] ??= {
      halo: made("path", "region-halo", this.shapes),
      shape: made("path", "region", this.shapes),
      name: made("text", "region-name", this.names),
    };
    const { halo, shape, name } = this.drawn[at];
    if (shape.region !== region) {
      if (!this.paths.has(region)) this.paths.set(region, path(region));
      for (const line of [halo, shape]) line.setAttribute("d", this.paths.get(region));
      shape.region = region;
    }
    shape.classList.toggle("selected", selected);
    const text = `${at + 1} ${words}`;
    if (name.textContent !== text) name.textContent = text;
  }

  /** Show what is being drawn: `points` so far; `cross` is where the next one would be set by key, in pixels. */
  sketch({ kind = "polygon", points = [], cross = null } = {}) {
    const shape = kind === "box" && points.length === 2 ? path({ kind, points }) : open(points);
    for (const line of [this.draftHalo, this.draft]) line.setAttribute("d", shape);
    this.cross.setAttribute("d", cross ? `M${cross.x - 12} ${cross.y}h24M${cross.x} ${cross.y - 12}v24` : "");
  }

  // -------------------------------------------------------------- with the view
  get matrix() {
    return this.pane.matrix.scale(1, this.pane.height / this.pane.width || 1);
  }

  place() {
    if (!this.pane.width) return;
    const matrix = this.matrix;
    this.shapes.setAttribute("transform", matrix.toString());
    this.drawn.forEach(({ name }, at) => this.placeName(name, this.regions[at], matrix));
    const shown = this.shownCorners(matrix);
    this.handles.setAttribute("d", shown.map(({ x, y }) => square(x, y, HANDLE)).join(""));
    const taken = shown.find(({ at }) => at === this.handle);
    this.taken.setAttribute("d", taken ? square(taken.x, taken.y, HANDLE + 3) : "");
  }

  placeName(name, region, matrix) {
    const box = bounds(region.points);
    // Upper left as it is seen: the picture may be turned.
    const seen = [[box.left, box.top], [box.right, box.top], [box.right, box.bottom], [box.left, box.bottom]].map(
      ([x, y]) => matrix.transformPoint({ x, y }),
    );
    const [x, y] = [Math.min(...seen.map((point) => point.x)), Math.min(...seen.map((point) => point.y))];
    name.setAttribute("x", x.toFixed(1));
    name.setAttribute("y", (y < 18 ? y + 16 : y - 5).toFixed(1));
  }

  /** The corners of the selected region that are in view and can be told apart, in pixels of the pane. */
  shownCorners(matrix = this.matrix) {
    const region = this.regions?.[this.selected];
    if (!region) return [];
    const size = this.pane.osd.viewport.getContainerSize();
    const shown = [];
    let last = null;
    corners(region).forEach(([x, y], at) => {
      const seen = matrix.transformPoint({ x, y });
      if (seen.x < -HANDLE || seen.y < -HANDLE || seen.x > size.x + HANDLE || seen.y > size.y + HANDLE) return;
      if (last && at !== this.handle && Math.hypot(seen.x - last.x, seen.y - last.y) < APART) return;
      last = { x: seen.x, y: seen.y, at };
      shown.push(last);
    });
    return shown;
  }

  /** From pixels of the pane to 0..1 of the picture. */
  at({ x, y }) {
    const point = this.matrix.inverse().transformPoint({ x, y });
    return [point.x, point.y];
  }

  /** A way in pixels as a way in 0..1 of the picture, turned as the picture is. */
  way(across, down) {
    const [from, to] = [this.at({ x: 0, y: 0 }), this.at({ x: across, y: down })];
    return [to[0] - from[0], to[1] - from[1]];
  }
}

function square(x, y, half) {
  return `M${(x - half).toFixed(1)} ${(y - half).toFixed(1)}h${2 * half}v${2 * half}h${-2 * half}z`;
}

function open(points) {
  return points.length ? `M${points.map((point) => point.join(" ")).join("L")}` : "";
}
