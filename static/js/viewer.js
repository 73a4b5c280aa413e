// The picture of the inspector's page: loaded and decoded ahead, painted at once, seen the same way part after part.

import { Adjust } from "./adjust.js";
import { paint } from "./heat.js";
import { Pane } from "./pane.js";
import { Regions } from "./regions.js";
import { Tools } from "./tools.js";
import { t } from "./words.js";

const ZOOM = 1.25;
const STEP = 0.1;
// What goes on while its key is held down. The rest would flicker.
const GLIDING = /^(arrow.*|[-+=_bc])$/;

export class Viewer {
  /** `host` is the place of the picture, `controls` what `_picture.html` puts beside it. One for the whole shift. */
  constructor({ host, controls }) {
    this.host = host;
    this.held = new Map();
    this.shown = null;
    this.listeners = new Set();
    this.other = null;
    this.blink = null;
    this.pane = new Pane(host, { onMove: () => this.moved() });
    this.adjust = new Adjust({ controls, job: controls.dataset.job, picture: this.pane.pictures });
    this.regions = new Regions({ pane: this.pane, controls });
    this.regions.wake = () => this.compare(null);
    this.canvas = Object.assign(document.createElement("canvas"), { className: "heat" });
    this.canvas.setAttribute("role", "img");
    this.tools = new Tools({ controls, viewer: this });
  }

  moved() {
    this.regions?.place();
    for (const listen of this.listeners) listen();
  }

  /** `listen` is called whenever the view or the picture changes. */
  onMove(listen) {
    this.listeners.add(listen);
  }

  // -------------------------------------------------------------- pictures
  /** Load and decode ahead. Resolves when the picture can be shown, rejects when it cannot. */
  prepare(review) {
    const known = this.held.get(review.id);
    if (known) return known.ready;
    const image = new Image();
    image.alt = t("Part {serial}", { serial: review.serial });
    image.className = "part-picture";
    image.draggable = false;
    // Never a frame with the words of this part and without its picture.
    image.decoding = "sync";
    image.src = review.picture;
    const entry = { image, decoded: false };
    entry.ready = image.decode().then(
      () => void (entry.decoded = true),
      (error) => {
        if (this.held.get(review.id) === entry) this.held.delete(review.id);
        throw error;
      },
    );
    entry.ready.catch(() => {});
    this.held.set(review.id, entry);
    return entry.ready;
  }

  /** Show the picture, at once where it was prepared. Resolves when it is painted: true, or false if another came. */
  async show(review) {
    this.clear();
    this.shown = review;
    const ready = this.prepare(review);
    const entry = this.held.get(review.id);
    if (!entry.decoded) await ready;
    if (this.shown !== review) return false;
    this.pane.put(entry.image);
    await painted();
    return this.shown === review;
  }

  clear() {
    this.shown = null;
    this.heat(null);
    this.compare(null);
    this.regions.clear();
    this.pane.put(null);
  }

  forget(id) {
    this.held.delete(id);
  }

  get size() {
    return { width: this.pane.width, height: this.pane.height };
  }

  // -------------------------------------------------------------- what lies over it
  /** Lay where the AI looked over the picture: `rows` of 0 to 1, on the one scale of all parts. `words` say the same. */
  heat(rows, words = "") {
    if (!rows && !this.heatOn) return;
    this.pane.drop(this.canvas);
    if (rows?.length && this.pane.width) {
      paint(this.canvas, rows, this.size);
      this.canvas.setAttribute("aria-label", words);
      this.pane.lay(this.canvas, { width: this.canvas.width, height: this.canvas.height });
    }
    this.tools?.showHeat(this.heatOn);
  }

  get heatOn() {
    return this.canvas.isConnected;
  }

  setHeatOpacity(share) {
    this.canvas.style.opacity = String(share);
  }

  /** Show `image` in the place of the part, said to be `words`; null brings the part back. */
  compare(image, words = "") {
    if (!image && !this.other) return;
    if (this.other) this.pane.drop(this.other);
    this.other = image && this.pane.width ? image : null;
    this.host.classList.toggle("comparing", this.comparing);
    this.regions.asleep = this.comparing;
    if (this.other) {
      const [width, height] = [image.naturalWidth, image.naturalHeight];
      this.pane.lay(image, { width, height, ratio: height / width, among: this.pane.pictures });
    }
    this.tools?.showOther(this.other ? words : "");
  }

  get comparing() {
    return this.other !== null;
  }

  // -------------------------------------------------------------- keys
  /** Whether `key` (in small letters) was one of the picture's; then it is done. */
  onKey(key, event) {
    if (event.target.closest?.("input, select, textarea, [role=slider]")) return false;
    const heldDown = event.repeat && !GLIDING.test(key);
    if (!heldDown && this.regions.onKey(key, event)) return true;
    const act = this.act(key, event.shiftKey);
    if (!act || !this.pane.width) return false;
    if (!heldDown) act();
    return true;
  }

  act(key, shift) {
    const { pane, adjust } = this;
    const way = { arrowleft: [-1, 0], arrowright: [1, 0], arrowup: [0, -1], arrowdown: [0, 1] }[key];
    if (way) return () => pane.panBy(...way.map((share) => share * STEP * (shift ? 5 : 1)));
    return {
      "+": () => pane.zoomBy(ZOOM),
      "=": () => pane.zoomBy(ZOOM),
      "-": () => pane.zoomBy(1 / ZOOM),
      _: () => pane.zoomBy(1 / ZOOM),
      w: () => pane.fit(),
      q: () => pane.oneToOne(),
      r: () => pane.turn(shift ? -90 : 90),
      b: () => adjust.step("brightness", shift ? -1 : 1),
      c: () => adjust.step("contrast", shift ? -1 : 1),
      v: () => (shift ? adjust.reset() : adjust.toggleInvert()),
      "[": () => adjust.preset(-1),
      "]": () => adjust.preset(1),
      l: this.blink,
    }[key];
  }

  /** From now on `blink` shows part and sample in turn. */
  canBlink(blink) {
    this.blink = blink;
    this.tools.showBlink();
  }

  get keys() {
    return [
      ["+ −", t("zoom in, zoom out; the wheel does it too")],
      ["← → ↑ ↓", t("move the picture; with Shift in large steps")],
      ["W", t("the whole picture")],
      ["Q", t("one to one: every pixel")],
      ["R", t("turn it; with Shift the other way round")],
      ["B", t("brighter; with Shift darker")],
      ["C", t("more contrast; with Shift less")],
      ["V", t("light and dark exchanged; with Shift all as it came")],
      ["[ ]", t("the job's ways to look at a part, one after the other")],
      ["L", t("part and sample in turn")],
      ...this.regions.keys,
    ];
  }
}

/** The next frame has been painted: a message sent from within a frame arrives behind it. */
function painted() {
  return new Promise((done) => {
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => done();
      channel.port2.postMessage(0);
    });
  });
}
