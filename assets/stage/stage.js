// @ts-check
/* The stage itself. One of these lives in each element and takes scene after scene. */

class Stage {
  /** What is shown; null before the first scene, as are the matrix of the view and the theme.
   * @type {Film} */
  film = /** @type {any} */ (null);
  /** @type {Float32Array} */
  matrix = /** @type {any} */ (null);
  /** @type {Theme} */
  theme = /** @type {any} */ (null);
  /** @type {number | null} */
  selected = null;
  /** @type {number | null} */
  hovered = null;
  /** The category that is singled out.
   * @type {number | null} */
  group = null;
  /** Whether each row is on the map: 0 not at all, 1 it stands back, 2 as it is, 3 it is lit whatever else is looked at. Null: all are.
   * @type {Uint8Array | null} */
  presence = null;
  /** Categories that were hidden by their key.
   * @type {Set<number>} */
  hidden = new Set();
  trailsOn = false;
  labelsOn = true;
  width = 0;
  height = 0;
  /** Canvas pixels a CSS pixel. */
  ratio = 1;
  /** The key state that is nearest now. */
  frame = 0;
  gone = false;
  /** @type {Atlas | null} */
  atlas = null;
  /** The pictures of the atlas, as one text. */
  atlasOf = "";
  /** @type {GpuLayer | null} */
  gpu = null;
  /** Why there is none. */
  gpuProblem = "";
  player = new Player(this);
  camera = new Camera(this);
  labels = new Labels();
  links = new Links();
  trails = new Trails();
  screen = new OnScreen(this);
  points = new Points(this);
  aim = new Aim(this);
  lasso = new Lasso(this);
  names = new GroupNames(this);
  regions = new Regions();
  preference = matchMedia("(prefers-reduced-motion: reduce)");
  ends = new AbortController();

  /** @param {Element} element @param {StageOptions} options */
  constructor(element, { onClick, onSelect, saveFilm, ...more }) {
    this.element = element;
    this.onClick = onClick;
    this.onSelect = onSelect;
    this.saveFilm = saveFilm;
    this.more = more;
    this.plotElement = make("div", "stage-plotly");
    this.gpuCanvas = make("canvas", "stage-layer stage-gpu", { "aria-hidden": "true" });
    this.overCanvas = make("canvas", "stage-layer stage-over", { "aria-hidden": "true" });
    this.loop = new Loop(this, new CanvasRenderer(contextOf(this.overCanvas)));
    this.hint = make("p", "stage-hint", { hidden: true });
    this.legend = new Legend(this);
    this.input = new Input(this);
    this.area = make(
      "div",
      "stage-area",
      { role: "img" },
      this.plotElement,
      this.gpuCanvas,
      this.overCanvas,
      this.hint,
      this.input.tip,
    );
    this.middle = make("div", "stage-middle", {}, this.area, this.legend.element);
    this.controls = new Controls(this);
    this.root = make(
      "section",
      "stage",
      { tabIndex: 0, "aria-label": "Animated map" },
      this.controls.head,
      this.middle,
      this.controls.bar,
    );
    Object.assign(this.root, { __stage: this }); // for tests and the curious
    this.element.replaceChildren(this.root);
    this.plot = more.flat
      ? new FlatPlot(this.plotElement, this)
      : new PlotHost(/** @type {any} */ (this.plotElement), { onView: () => this.input.watch(300) });
    this.resizer = new ResizeObserver(() => this.resize());
    this.startGpu();
    this.listen();
  }

  /** Still, for people who ask their system for less motion. */
  get calm() {
    return this.preference.matches;
  }
  get clock() {
    return this.player.clock;
  }
  get segment() {
    return this.player.segment;
  }
  get view() {
    return this.camera.view;
  }
  get moving() {
    return this.player.moving;
  }
  /** Points move on the screen: a film, a step, the view. */
  get travelling() {
    return this.moving || Boolean(this.player.glide || this.camera.tween) || performance.now() < this.input.watchUntil;
  }
  get renderer() {
    return this.loop.renderer;
  }
  get drawn() {
    return this.loop.drawn;
  }
  get textSize() {
    return clamp(Math.round(14 + (Math.sqrt(this.width * this.height) - 545) / 70), 14, 28);
  }

  startGpu() {
    try {
      this.gpu = new GpuLayer(this.gpuCanvas);
    } catch (problem) {
      this.gpu = null;
      this.gpuProblem = String(problem);
    }
    this.root.classList.toggle("stage-without-gpu", !this.gpu);
  }

  listen() {
    const { signal } = this.ends,
      on = listener(signal);
    this.input.listen(signal);
    on(this.gpuCanvas, "webglcontextlost", (event) => {
      event.preventDefault();
      this.gpu = null;
      this.root.classList.add("stage-without-gpu");
      this.settleSoon(0);
    });
    on(this.gpuCanvas, "webglcontextrestored", () => {
      this.startGpu();
      this.points.reload();
    });
    on(this.root, "transitionend", (event) => event.target === this.root && this.retheme());
    on(matchMedia("(prefers-color-scheme: dark)"), "change", () => this.retheme());
    on(document, "fullscreenchange", () => this.controls.fullChanged());
    on(document, "visibilitychange", () => {
      this.loop.before = null;
      this.wake();
    });
    this.resizer.observe(this.area);
  }

  // ---- scenes ---------------------------------------------------------------------------------------------

  /** Take a scene: the same id restyles what is there, a new one moves on from it.
   * @param {Payload} data */
  show(data) {
    const film = filmOf(data),
      old = this.film,
      same = old && old.id === film.id && old.n === film.n && old.dimensions === film.dimensions;
    this.theme = readTheme(this.root);
    if (data.height) this.root.style.setProperty("--stage-height", `${data.height}px`); // else the page's style says it
    this.resize(true);
    const before = !same && old && this.view && !old.large && !film.large ? snapshot(this) : null;
    if (!this.atlas || !film.images || film.sources().join() !== this.atlasOf) this.loadImages(film);
    // a colour that was singled out stays so only where the key still offers it: nobody could let it go
    const group = same && !film.values && film.groupNames.join() === old.groupNames.join() ? this.group : null;
    this.legend.draw(film, group);
    this.resize(true); // it may need other room
    if (same) this.restyle(film, group);
    else this.enter(film, old, before);
    this.hint.hidden = film.n > 0;
    this.hint.textContent = "Nothing on the map yet.";
    if (film.dimensions === 3 && !this.gpu && !PlotHost.hasGl()) {
      this.hint.hidden = false;
      this.hint.textContent = "3-D needs WebGL, which this browser has switched off; choose 2-D.";
    }
    this.controls.load(film);
    this.settleSoon(this.plot.ready ? 120 : 0);
    if (!this.segment) this.plot.enable(this);
    this.wake();
  }

  /** @param {Film} film */
  loadImages(film) {
    this.atlasOf = film.images ? film.sources().join() : "";
    this.atlas = film.images ? new Atlas(film, this.ratio, () => this.wake()) : null;
  }

  /** The same scene with other looks.
   * @param {Film} film @param {number | null} group */
  restyle(film, group) {
    const from = this.points.colours(),
      stays = this.clock.p >= this.film.last && !this.clock.playing;
    this.group = group;
    // a page that never says what is selected leaves it to the visitor
    this.selected = film.selected ?? (this.film.selected === null ? this.selected : null);
    film.grow = this.growth();
    this.labels.regroup(this.film, film);
    this.names.sampledFor = ""; // the same points may be grouped otherwise
    this.film = film;
    this.clock.load(film, stays ? film.last : this.clock.p);
    if (film.trails.length) this.trailsOn = true;
    this.links.load(film, performance.now());
    if (!this.segment) {
      this.points.reload();
      this.points.fade(from);
    }
    this.labels.next = 0;
    this.camera.check();
  }

  /** Another scene: what stays travels.
   * @param {Film} film @param {Film | null} old @param {ReturnType<typeof snapshot> | null} before */
  enter(film, old, before) {
    const { width } = this;
    film.grow = this.growth();
    this.film = film;
    this.selected = film.selected;
    this.group = null;
    this.lasso.told = "";
    this.input.forget();
    this.trailsOn = film.trails.length > 0;
    const plays = film.autoplay && film.last > 0 && !this.calm,
      p = plays ? 0 : film.last;
    this.clock.load(film, p);
    this.clock.playing = false;
    this.labels.carry(old, film);
    this.links.load(film, performance.now() + (before && !this.calm ? TRANSITION * 1000 : 350));
    this.camera.next(film, old, p);
    this.screen.offsets = NOWHERE;
    this.camera.orbiting = film.dimensions === 3 && plays;
    if (before && film.n + before.n > 0 && !this.calm && this.gpu && width) {
      this.player.segment = transition(this, film, before, p, plays);
      this.points.loadSegment(this.player.segment);
    } else {
      this.player.segment = null;
      this.clock.playing = plays;
      this.points.reload();
      if (this.calm && old) this.area.animate?.([{ opacity: 0.3 }, { opacity: 1 }], 200);
    }
  }

  /** How much larger marks and lines are than on a small stage. */
  growth() {
    return clamp(Math.sqrt(this.width * this.height) / 800, 1, 1.9);
  }

  /** Paint all points anew, at once. */
  recolour() {
    if (this.segment) return;
    this.points.reload();
    this.settleSoon();
    this.labels.next = 0;
    this.wake();
  }

  /** The page has another theme. */
  retheme() {
    if (!this.film) return;
    this.theme = readTheme(this.root);
    this.labels.sprites.clear();
    this.recolour();
    this.legend.draw();
  }

  // ---- what a visitor can ask for ---------------------------------------------------------------------------

  /** Tell the place that was chosen on a map that asks for one.
   * @param {number} x @param {number} y */
  answer(x, y) {
    if (this.segment || this.view.dim !== 2) return; // the map is still on its way
    this.aim.at = null;
    this.onClick?.({ point: this.view.invert(x, y, this.width, this.height).slice(0, 2), id: this.film.id });
    this.wake();
  }

  /** Show the choice at once; Python answers with the scene that follows from it.
   * @param {number} row */
  choose(row) {
    const from = this.points.colours();
    this.selected = row === this.selected && this.film.selected === null ? null : row;
    this.labels.next = 0;
    this.points.fade(from);
    this.settleSoon();
    this.onClick?.({ row, key: this.film.key(row), id: this.film.id, frame: Math.round(this.clock.p) });
    this.wake();
  }

  /** Single a category out, or let it go.
   * @param {number} group */
  single(group) {
    const from = this.points.colours();
    this.group = this.group === group ? null : group;
    this.legend.draw();
    this.points.leg = -1;
    this.labels.next = 0;
    this.points.fade(from);
    this.settleSoon();
    this.wake();
  }

  toggle(/** @type {"trailsOn" | "labelsOn"} */ what) {
    this[what] = !this[what];
    this.wake();
  }
  savePng() {
    savePng(this);
  }
  saveSvg() {
    saveSvg(this);
  }

  /** The area has another size, or the screen other pixels; `now`: it is drawn anyway. */
  resize(now = false) {
    this.legend.place();
    const width = this.area.clientWidth,
      height = this.area.clientHeight,
      ratio = Math.min(window.devicePixelRatio || 1, 3);
    if (!width || !height || (width === this.width && height === this.height && ratio === this.ratio)) return;
    const before = [this.width, this.height];
    Object.assign(this, { width, height, ratio });
    this.root.style.setProperty("--stage-letters", `${this.textSize}px`);
    for (const canvas of [this.gpuCanvas, this.overCanvas]) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    if (!this.film) return;
    this.player.finish();
    this.film.grow = this.growth();
    this.points.reload();
    this.camera.resized(before[0], before[1]);
    this.labels.next = 0;
    if (!now) this.loop.draw(performance.now(), 0); // at once: an emptied canvas must not be seen
    this.settleSoon();
  }

  wake() {
    this.loop.wake();
  }
  settleSoon(wait = 140) {
    this.loop.settleSoon(wait);
  }

  /** @param {number} now milliseconds @param {number} dt seconds */
  draw(now, dt) {
    return this.loop.draw(now, dt);
  }

  /** What tests ask. */
  state() {
    const {
        clock,
        film,
        view,
        selected,
        drawn,
        loop: { settled },
      } = this,
      at = view?.dim === 2 ? [view.cx, view.cy, view.k] : view ? [...view.eye, ...view.center] : [];
    return {
      id: film?.id,
      n: film?.n,
      p: clock.p,
      last: film?.last,
      playing: clock.playing,
      travelling: Boolean(this.segment),
      selected,
      drawn,
      settled,
      gpu: Boolean(this.gpu),
      dim: view?.dim,
      view: at,
      labels: this.labels.boxes.map(([row]) => row),
      size: [this.width, this.height],
    };
  }

  dispose() {
    this.gone = true;
    this.loop.dispose();
    this.ends.abort();
    this.resizer.disconnect();
    document.removeEventListener("pointerdown", this.controls.outside, true);
    this.plot.dispose();
    this.gpu?.dispose();
    this.root.remove();
  }
}
