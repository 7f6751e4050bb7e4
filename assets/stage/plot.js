// @ts-check
/* The Plotly chart under the layers. It stays alive through every change: it pans, zooms and turns,
 * and holds the same points at rest. Where the GPU layer is missing it also shows them. */

class PlotHost {
  /** @type {Promise<void>} */
  queue = Promise.resolve();
  ready = false;
  /** How many dimensions the chart shows; 0 before it is drawn. */
  dim = 0;
  /** The view that Plotly was given last: what a hand then moves.
   * @type {View | null} */
  given = null;
  gone = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer = undefined;
  /** What went wrong last, for whoever debugs. */
  problem = "";
  /** The state that was stepped to without the GPU layer, and when the next may come. */
  stepped = "";
  stepNext = 0;

  /** @param {PlotElement} element @param {{ onView: () => void }} options */
  constructor(element, { onView }) {
    this.element = element;
    this.onView = onView;
  }

  get plotly() {
    return window.Plotly;
  }

  /** Whether this browser draws with WebGL at all; asked once. */
  static hasGl() {
    return (PlotHost.gl ??= Boolean(document.createElement("canvas").getContext("webgl")));
  }
  /** @type {boolean | undefined} */
  static gl = undefined;

  /** Plotly comes with Streamlit's own chart code; call back once it is here.
   * @param {() => void} then */
  wait(then) {
    if (this.gone) return;
    if (this.plotly?.react) then();
    else this.timer = setTimeout(() => this.wait(then), 60);
  }

  /** Give Plotly the view and the present positions (none while a film plays: it could not keep up).
   * @param {Stage} stage @param {{ visible: boolean, empty?: boolean }} options */
  settle(stage, { visible, empty = false }) {
    this.queue = this.queue
      .then(async () => {
        const { plotly } = this;
        if (this.gone || !plotly) return;
        const { film, view, width, height } = stage;
        if (width < 2 || height < 2) return;
        const flat = view.dim === 2,
          n = empty || film.large ? 0 : film.n, // of very many Plotly would draw each
          axes = [new Float32Array(n), new Float32Array(n), new Float32Array(n)],
          point = [0, 0, 0];
        for (let row = 0; row < n; row++) {
          film.at(row, stage.clock.p, point);
          for (let a = 0; a < 3; a++) axes[a][row] = point[a];
        }
        const marker = { size: n ? film.diameter(0) : 6, color: css(stage.theme.colours[0]), opacity: 1, line: { width: 0 } };
        if (visible && n) Object.assign(marker, this.look(stage, flat));
        const type = flat ? (n > 3000 && PlotHost.hasGl() ? "scattergl" : "scatter") : "scatter3d";
        /** @type {Record<string, unknown>} */
        const trace = { type, mode: "markers", x: axes[0], y: axes[1], marker, hoverinfo: "skip", showlegend: false };
        if (!flat) trace.z = axes[2];
        await plotly.react(this.element, [trace], this.layout(view, width, height), {
          displayModeBar: false,
          scrollZoom: true,
          doubleClick: false,
          showTips: false,
          responsive: false,
        });
        if (this.gone) return;
        if (!this.ready) this.listen();
        this.ready = true;
        this.dim = view.dim;
        this.given = view;
      })
      .catch((problem) => {
        this.problem = String(problem);
      });
    return this.queue;
  }

  /** Colours, symbols and sizes for a chart that is seen.
   * @param {Stage} stage @param {boolean} flat */
  look(stage, flat) {
    const { film } = stage,
      bytes = film.paint(stage.theme, stage.frame, stage),
      rows = [...Array(film.n).keys()];
    const names = flat ? SYMBOLS : SYMBOLS_3D;
    return {
      color: rows.map((row) => css(bytes.slice(row * 4, row * 4 + 3), (bytes[row * 4 + 3] / 255).toFixed(3))),
      size: rows.map((row) => film.diameter(row)),
      symbol: rows.map((row) => names[film.shape(row, stage.frame)]),
      line: { width: flat ? 1 : 0, color: css(stage.theme.ground, 0.8) },
    };
  }

  /** @param {View} view @param {number} width @param {number} height @returns {Record<string, any>} */
  layout(view, width, height) {
    const quiet = {
      visible: false,
      showgrid: false,
      zeroline: false,
      showticklabels: false,
      showspikes: false,
      autorange: false,
      fixedrange: false,
    };
    const base = {
      width,
      height,
      margin: { l: 0, r: 0, t: 0, b: 0, pad: 0 },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      showlegend: false,
      hovermode: false,
      dragmode: view.dim === 2 ? "pan" : "turntable",
    };
    if (view.dim === 2) {
      const [x, y] = view.ranges(width, height);
      return { ...base, xaxis: { ...quiet, range: x }, yaxis: { ...quiet, range: y } };
    }
    const { centre, radius } = view.box,
      point = (/** @type {number[]} */ [x, y, z]) => ({ x, y, z });
    const axis = (/** @type {number} */ at) => ({
      ...quiet,
      range: [centre[at] - radius, centre[at] + radius],
      showbackground: false,
    });
    return {
      ...base,
      scene: {
        xaxis: axis(0),
        yaxis: axis(1),
        zaxis: axis(2),
        aspectmode: "cube",
        dragmode: "turntable",
        camera: { eye: point(view.eye), center: point(view.center), up: point(view.up) },
      },
    };
  }

  listen() {
    for (const event of ["plotly_relayouting", "plotly_relayout"]) this.element.on(event, () => this.onView());
  }

  /** The view as Plotly has it now (the visitor may be dragging); null where it does not apply.
   * @template {View} V @param {V} view @returns {V | null} */
  read(view) {
    const layout = this.element._fullLayout;
    if (!this.ready || !layout || this.dim !== view.dim) return null;
    if (view.dim === 2)
      return /** @type {V | null} */ (
        layout.xaxis?.range && layout.width ? FlatView.fromRanges(layout.xaxis.range, layout.yaxis.range, layout.width) : null
      );
    const camera = layout.scene?._scene?.getCamera?.();
    if (!camera) return null;
    /** @type {(at: { x: number, y: number, z: number }) => number[]} */
    const list = ({ x, y, z }) => [x, y, z];
    return /** @type {V} */ (view.with({ eye: list(camera.eye), center: list(camera.center), up: list(camera.up) }));
  }

  /** Hand our view over before the visitor drags on from it.
   * @param {View} view @param {number} width @param {number} height */
  push(view, width, height) {
    if (!this.ready || this.dim !== view.dim) return;
    const { scene, xaxis, yaxis } = this.layout(view, width, height);
    this.given = view;
    const change = view.dim === 3 ? { "scene.camera": scene.camera } : { "xaxis.range": xaxis.range, "yaxis.range": yaxis.range };
    this.plotly?.relayout(this.element, change);
  }

  /** Plotly has no keys. @returns {undefined} */
  key() {
    return undefined;
  }

  /** Without the GPU layer the chart steps through the key states, a few times a second.
   * @param {Stage} stage @param {number} now */
  step(stage, now) {
    const state = `${stage.film.id}|${stage.clock.p.toFixed(2)}|${stage.selected}|${stage.group}`;
    if (state === this.stepped || now < this.stepNext) return;
    this.stepped = state;
    this.stepNext = now + 120;
    this.settle(stage, { visible: true });
  }

  /** See to it that people can pan, zoom and turn while the film already plays.
   * @param {Stage} stage */
  enable(stage) {
    this.wait(() => {
      if (this.dim !== stage.view?.dim) this.settle(stage, { visible: !stage.gpu, empty: stage.moving && Boolean(stage.gpu) });
    });
  }

  dispose() {
    this.gone = true;
    clearTimeout(this.timer);
    if (this.plotly && this.ready) this.plotly.purge(this.element);
  }
}
