// A pane shows one decoded picture at a time. OpenSeadragon keeps the view: zoom, pan, rotation, gestures and limits. The
// picture is the very element that was loaded and decoded ahead, laid into the view by a matrix: tiles would have to be
// cut and drawn after the key press, and would lie in memory twice. With nothing opened in it OpenSeadragon draws no
// frames of its own either: its loop would make the next picture wait for the next beat of the screen.

const Seadragon = window.OpenSeadragon;
const STILL = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
// From three screen pixels for one of the picture on the pixels themselves are worth seeing.
const SMOOTH_BELOW = 3;
const LEAST_ZOOM = 0.8;
const LIMITS = { maxZoomPixelRatio: 32, visibilityRatio: 0.2 };
const GESTURES = { clickToZoom: false, dblClickToZoom: false, dblClickDragToZoom: false, flickEnabled: false };

/** What OpenSeadragon draws on: a plain element, which holds our own. */
class Plate extends Seadragon.DrawerBase {
  static isSupported() {
    return true;
  }

  getType() {
    return "plate";
  }

  getSupportedDataFormats() {
    return ["image"];
  }

  canRotate() {
    return true;
  }

  setImageSmoothingEnabled() {}

  draw() {}

  destroy() {
    super.destroy();
    this.canvas.remove();
  }

  _createDrawingElement() {
    return Object.assign(document.createElement("div"), { className: "plate" });
  }
}

export class Pane {
  /** `host` is the element to fill; `passive` takes no mouse, touch or focus. `onMove` is called when the view changed. */
  constructor(host, { passive = false, onMove = () => {} } = {}) {
    this.onMove = onMove;
    this.layers = new Map();
    this.width = 0;
    this.height = 0;
    this.fitted = true;
    this.osd = new Seadragon.Viewer({
      element: host,
      drawer: [Plate],
      autoResize: false,
      showNavigationControl: false,
      keyboardNavEnabled: false,
      mouseNavEnabled: !passive,
      tabIndex: "",
      animationTime: STILL ? 0 : 0.2,
      zoomPerScroll: 1.25,
      minScrollDeltaTime: 20,
      gestureSettingsMouse: GESTURES,
      gestureSettingsTouch: GESTURES,
      gestureSettingsPen: GESTURES,
      gestureSettingsUnknown: GESTURES,
      ...LIMITS,
    });
    this.plate = this.osd.drawer.canvas;
    this.pictures = Object.assign(document.createElement("div"), { className: "plate-pictures" });
    this.plate.append(this.pictures);
    for (const name of ["zoom", "pan", "rotate"]) this.osd.addHandler(name, () => this.glide());
    for (const name of ["canvas-drag", "canvas-scroll", "canvas-pinch"])
      this.osd.addHandler(name, () => (this.fitted = false));
    new ResizeObserver(() => this.resized()).observe(host);
  }

  /** Show `image`, or nothing. The view stays as it is; a view that was fitted is fitted to the new picture. */
  put(image) {
    for (const layer of this.layers.keys()) this.drop(layer);
    const [width, height] = [image?.naturalWidth || 0, image?.naturalHeight || 0];
    const alike = width === this.measured?.width && height === this.measured.height;
    Object.assign(this, { width, height });
    if (!image) return;
    this.pictures.append(image);
    this.layers.set(image, { width, height, ratio: height / width });
    if (!alike) this.measure();
    if (!alike && this.fitted) this.fit();
    else this.place();
  }

  /** Tell the view what it shows. To be told again after each turn, which measures what is opened, and that is nothing. */
  measure() {
    const view = this.osd.viewport;
    this.measured = { width: this.width, height: this.height };
    view.resetContentSize(new Seadragon.Point(this.width || 1, this.height || 1));
    // A small picture is smaller at one to one than when it fills the window.
    view.minZoomImageRatio = LEAST_ZOOM * Math.min(1, this.oneToOneZoom / view.getHomeZoom());
  }

  get oneToOneZoom() {
    return this.width / window.devicePixelRatio / this.osd.viewport.getContainerSize().x;
  }

  /** Lay `element`, `width` by `height` as it comes, over the whole picture. With `ratio` it keeps its own proportions. */
  lay(element, { width, height, ratio = this.height / this.width, among = this.plate }) {
    among.append(element);
    this.layers.set(element, { width, height, ratio });
    this.place();
  }

  drop(element) {
    element.remove();
    this.layers.delete(element);
  }

  /** Another size of window shows the same middle as large as before, or all of the picture again. */
  resized() {
    const { clientWidth, clientHeight } = this.osd.container;
    if (!clientWidth || !clientHeight) return;
    const view = this.osd.viewport;
    const [before, middle, zoom] = [view.getContainerSize(), view.getCenter(), view.getZoom()];
    view.resize(new Seadragon.Point(clientWidth, clientHeight));
    this.measure();
    if (!this.fitted) {
      view.zoomTo((zoom * before.x) / clientWidth, null, true);
      view.panTo(middle, true);
    }
    if (this.fitted && this.width) this.fit();
    else this.moved();
  }

  // -------------------------------------------------------------- where things lie
  /** From the picture's own measure (its width is 1) to pixels of the pane. */
  get matrix() {
    const view = this.osd.viewport;
    const corner = view.pixelFromPointNoRotate(new Seadragon.Point(0, 0), true);
    const unit = view.deltaPixelsFromPointsNoRotate(new Seadragon.Point(1, 1), true).x;
    const middle = view.getContainerSize().divide(2);
    return new DOMMatrix()
      .translateSelf(middle.x, middle.y)
      .rotateSelf(view.getRotation(true))
      .translateSelf(corner.x - middle.x, corner.y - middle.y)
      .scaleSelf(unit);
  }

  /** Screen pixels for one pixel of the picture. */
  get scale() {
    const matrix = this.matrix;
    return (Math.hypot(matrix.a, matrix.b) / (this.width || 1)) * window.devicePixelRatio;
  }

  place() {
    const matrix = this.matrix;
    for (const [element, { width, height, ratio }] of this.layers)
      element.style.transform = matrix.scale(1 / width, ratio / height).toString();
    this.pictures.classList.toggle("pixels", this.scale >= SMOOTH_BELOW);
    this.onMove(matrix);
  }

  /** The part of the picture in view, and how the picture is turned: what another pane needs to follow this one. */
  get view() {
    const bounds = this.osd.viewport.getBoundsNoRotate(true);
    const turned = this.osd.viewport.getRotation(true);
    if (Math.round(turned / 90) % 2) {
      const middle = bounds.getCenter();
      [bounds.width, bounds.height] = [bounds.height, bounds.width];
      [bounds.x, bounds.y] = [middle.x - bounds.width / 2, middle.y - bounds.height / 2];
    }
    const ratio = this.height / this.width || 1;
    const [left, right] = [Math.max(0, bounds.x), Math.min(1, bounds.x + bounds.width)];
    const [top, bottom] = [Math.max(0, bounds.y), Math.min(ratio, bounds.y + bounds.height)];
    return { x: (left + right) / 2, y: (top + bottom) / 2, width: right - left, height: bottom - top, turned };
  }

  /** Show the same part of this picture as `view` is of another one. */
  follow({ x, y, width, height, turned }) {
    if (!this.width || width <= 0 || height <= 0) return;
    const view = this.osd.viewport;
    const size = view.getContainerSize();
    const [across, down] = Math.round(turned / 90) % 2 ? [height, width] : [width, height];
    this.fitted = false;
    view.setRotation(turned, true);
    this.measure();
    view.zoomTo(1 / Math.max(across, (down * size.x) / size.y), null, true);
    view.panTo(new Seadragon.Point(x, y), true);
    this.moved();
  }

  // -------------------------------------------------------------- moving about
  fit() {
    this.osd.viewport.goHome(true);
    this.fitted = true;
    this.moved();
  }

  /** One pixel of the picture on one of the screen. */
  oneToOne() {
    this.osd.viewport.zoomTo(this.oneToOneZoom, null, true);
    this.free();
  }

  zoomBy(factor) {
    this.osd.viewport.zoomBy(factor, null, true);
    this.free();
  }

  /** Move the view by a share of what is in sight. */
  panBy(across, down) {
    const size = this.osd.viewport.getContainerSize();
    const way = new Seadragon.Point(across * size.x, down * size.y);
    this.osd.viewport.panBy(this.osd.viewport.deltaPointsFromPixels(way), true);
    this.free();
  }

  turn(degrees) {
    this.osd.viewport.setRotation(this.osd.viewport.getRotation() + degrees, true);
    this.measure();
    if (this.fitted) this.fit();
    else this.moved();
  }

  free() {
    this.fitted = false;
    this.osd.viewport.applyConstraints(true);
    this.moved();
  }

  /** End whatever glide a gesture began. */
  still() {
    const view = this.osd.viewport;
    view.panTo(view.getCenter(true), true);
  }

  /** At once and not with the next frame: what lies over the picture moves together with it. */
  moved() {
    if (!this.osd.viewport.update()) {
      cancelAnimationFrame(this.frame);
      this.frame = null;
    }
    this.place();
  }

  /** Frame after frame for as long as a gesture is on its way to where it goes. */
  glide() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      if (this.osd.viewport.update()) this.glide();
      this.place();
    });
  }
}
