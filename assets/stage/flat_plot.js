// @ts-check
/* What pans and zooms a flat map where Plotly is not wanted: a file or a notebook then carries 5 MB less, and no code that is built
 * at run time. It stands in the place of PlotHost; points are drawn by the GPU layer, without one on a canvas of its own. */

const WHEEL = 0.0016; // how much of a zoom one pixel of the wheel is
const CLOSEST = 400; // times as near as the whole map
const FURTHEST = 0.4;

class FlatPlot {
  ready = true;
  /** Always there: nothing has to be waited for. */
  plotly = true;
  /** @type {2} */
  dim = 2;
  problem = "";
  /** The view that was handed over last, and where a hand has moved it since.
   * @type {FlatView | null} */
  given = null;
  /** @type {FlatView | null} */
  seen = null;
  /** Where each finger or the mouse is now, and where it was when the view began to follow.
   * @type {Map<number, { at: number[], from: number[] }>} */
  fingers = new Map();
  /** The view from which they began.
   * @type {FlatView | null} */
  start = null;
  ends = new AbortController();
  canvas = make("canvas", "stage-layer", { "aria-hidden": "true" });

  /** @param {HTMLElement} element @param {Stage} stage */
  constructor(element, stage) {
    this.element = element;
    this.stage = stage;
    element.append(this.canvas);
    element.classList.add("stage-flat");
    const on = listener(this.ends.signal);
    on(element, "pointerdown", (event) => this.press(event));
    on(window, "pointermove", (event) => this.drag(event));
    for (const end of ["pointerup", "pointercancel"]) on(window, end, (event) => this.lift(event));
    on(element, "wheel", (event) => this.wheel(event), { passive: false });
  }

  /** @param {() => void} then */
  wait(then) {
    then();
  }

  /** @param {PointerEvent} event */
  press(event) {
    if (event.button !== 0 || this.stage.lasso.drawing || this.stage.segment) return;
    const at = this.stage.input.local(event);
    this.fingers.set(event.pointerId, { at, from: at });
    this.begin();
  }

  /** The view follows from where the fingers are now. */
  begin() {
    for (const finger of this.fingers.values()) finger.from = finger.at;
    this.start = this.now();
  }

  /** The flat view that is shown. */
  now() {
    const { view } = this.stage;
    return view?.dim === 2 ? view : null;
  }

  /** @param {PointerEvent} event */
  drag(event) {
    const finger = this.fingers.get(event.pointerId);
    if (!finger || !this.start) return;
    finger.at = this.stage.input.local(event);
    const { width, height } = this.stage;
    this.move(followed(this.start, [...this.fingers.values()], width, height));
  }

  /** @param {PointerEvent} event */
  lift(event) {
    if (this.fingers.delete(event.pointerId)) this.begin();
  }

  /** @param {WheelEvent} event */
  wheel(event) {
    const view = this.now();
    if (!view || this.stage.segment) return;
    event.preventDefault();
    const by = event.deltaY * (event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1);
    this.zoom(Math.exp(-clamp(by, -300, 300) * WHEEL), this.stage.input.local(event));
  }

  /** Zoom by a factor; what lies under `at` stays there.
   * @param {number} factor @param {number[]} [at] */
  zoom(factor, at) {
    const { width, height } = this.stage,
      view = this.now(),
      home = this.stage.camera.home();
    if (!view || home.dim !== 2) return;
    const [px, py] = at ?? [width / 2, height / 2],
      k = clamp(view.k * factor, home.k * FURTHEST, home.k * CLOSEST),
      [x, y] = view.invert(px, py, width, height);
    this.move(new FlatView(x - (px - width / 2) / k, y + (py - height / 2) / k, k));
  }

  /** Move by shares of the stage.
   * @param {number} right @param {number} up */
  pan(right, up) {
    const view = this.now(),
      { width, height } = this.stage,
      step = Math.min(width, height);
    if (view) this.move(new FlatView(view.cx + (right * step) / view.k, view.cy + (up * step) / view.k, view.k));
  }

  /** Show this view as one that a hand has chosen.
   * @param {FlatView} view */
  move(view) {
    this.given = this.now();
    this.seen = view;
    this.stage.camera.tween = null;
    this.stage.input.watch(300);
  }

  /** Bring a row into sight where it is not, in the middle.
   * @param {number} row */
  reach(row) {
    const view = this.now(),
      { width, height, screen } = this.stage,
      [x, y] = screen.at(row);
    if (!view || (x > 30 && y > 20 && x < width - 30 && y < height - 20)) return;
    const [cx, cy] = screen.locate(row);
    this.move(new FlatView(cx, cy, view.k));
  }

  /** What a key does to the view; undefined where it is none of ours.
   * @param {string} key @returns {(() => void) | undefined} */
  key(key) {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[key];
    if (way && !this.stage.film.last) return () => this.pan(0.1 * way[0], 0.1 * way[1]);
    if (key === "+" || key === "=") return () => this.zoom(1.3);
    if (key === "-") return () => this.zoom(1 / 1.3);
    return key === "0" ? () => this.stage.camera.goHome() : undefined;
  }

  /** @param {Stage} stage @param {{ visible: boolean, empty?: boolean }} options */
  async settle(stage, { visible }) {
    this.given = this.seen = this.now();
    if (visible) this.paint(stage);
  }

  /** The view as a hand has moved it.
   * @template {View} V @param {V} view @returns {V | null} */
  read(view) {
    return view.dim === 2 ? /** @type {V | null} */ (this.seen) : null;
  }

  /** @param {View} view */
  push(view) {
    if (view.dim === 2) this.given = this.seen = view;
  }

  /** Without the GPU layer every frame is painted here.
   * @param {Stage} stage */
  step(stage) {
    this.paint(stage);
  }

  /** @param {Stage} stage */
  paint(stage) {
    const { canvas } = this,
      { film, width, height, ratio, theme } = stage,
      wide = Math.round(width * ratio),
      high = Math.round(height * ratio);
    if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high });
    const context = contextOf(canvas),
      bytes = film.paint(theme, stage.frame, stage),
      positions = stage.screen.all();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    for (let row = 0; row < film.n; row++) {
      const x = positions[row * 3],
        y = positions[row * 3 + 1],
        size = film.diameter(row),
        alpha = bytes[row * 4 + 3];
      if (!alpha || x < -size || y < -size || x > width + size || y > height + size) continue;
      context.fillStyle = css(bytes.subarray(row * 4, row * 4 + 3), alpha / 255);
      context.beginPath();
      context.arc(x, y, size / 2, 0, 7);
      context.fill();
    }
  }

  enable() {}

  dispose() {
    this.ends.abort();
  }
}

/** Where a view goes with the fingers that hold it: one moves it, two also zoom.
 * @param {FlatView} start @param {{ at: number[], from: number[] }[]} fingers @param {number} width @param {number} height */
function followed(start, fingers, width, height) {
  const middle = (/** @type {"at" | "from"} */ which) =>
      [0, 1].map((axis) => fingers.reduce((sum, finger) => sum + finger[which][axis], 0) / fingers.length),
    apart = (/** @type {"at" | "from"} */ which) =>
      fingers.length < 2 ? 1 : Math.hypot(...[0, 1].map((axis) => fingers[0][which][axis] - fingers[1][which][axis])) || 1,
    [fx, fy] = middle("from"),
    [x, y] = middle("at"),
    k = start.k * (apart("at") / apart("from")),
    [held, height0] = start.invert(fx, fy, width, height);
  return new FlatView(held - (x - width / 2) / k, height0 + (y - height / 2) / k, k);
}
