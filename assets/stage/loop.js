// @ts-check
/* Frame after frame, only while something changes; at rest Plotly takes the picture over. */

const PLOTTED = 3000; // points; of more, which the GPU layer shows anyway, Plotly draws none: it would draw them at every turn of the wheel

class Loop {
  /** The frame that is asked for.
   * @type {number | null} */
  request = null;
  /** When the last frame was drawn, while frames follow each other.
   * @type {number | null} */
  before = null;
  /** How many frames were drawn. */
  drawn = 0;
  /** When to hand over to Plotly (0: not), and how often that was done. */
  settleAt = 0;
  settled = 0;
  /** When the controls were told last. */
  toldAt = 0;

  /** @param {Stage} stage @param {CanvasRenderer} canvasRenderer */
  constructor(stage, canvasRenderer) {
    this.stage = stage;
    this.canvasRenderer = canvasRenderer;
    /** What draws lines and words now.
     * @type {Renderer} */
    this.renderer = canvasRenderer;
  }

  /** Ask for a frame. */
  wake() {
    if (this.request || this.stage.gone) return;
    this.request = requestAnimationFrame((now) => this.tick(now));
  }

  /** @param {number} now milliseconds */
  tick(now) {
    const { stage } = this;
    this.request = null;
    if (stage.gone || !stage.film) return;
    const dt = clamp((now - (this.before ?? now)) / 1000, 0, 0.1);
    let busy = stage.player.advance(dt);
    busy = stage.camera.advance(dt) || busy;
    busy = stage.points.advance(dt) || busy;
    if (stage.input.busy) {
      stage.input.follow();
      busy = true;
    }
    busy = this.draw(now, dt) || busy;
    this.before = busy ? now : null;
    if (busy || stage.clock.playing) this.wake();
    else if (this.settleAt) {
      if (now >= this.settleAt) this.settle();
      else this.wake();
    }
  }

  /** Paint everything for this moment; returns true while something still fades or grows.
   * @param {number} now milliseconds @param {number} dt seconds */
  draw(now, dt) {
    const { stage } = this,
      { film, gpu, clock, width, height, labels, moving } = stage;
    if (!film || !width || !stage.view) return false;
    stage.frame = Math.min(Math.round(clock.p), film.last);
    stage.matrix = stage.view.matrix(width, height);
    stage.screen.fresh = false;
    const parting = stage.screen.part();
    const renderer = this.chooseRenderer();
    renderer.begin(stage);
    gpu?.clear(stage.theme);
    drawBox(stage);
    stage.regions.draw(stage);
    stage.trails.draw(stage);
    let busy = stage.links.draw(stage, now) || parting;
    renderer.flush();
    if (gpu) busy = stage.points.draw(gpu) || busy;
    else if (film.large) busy = stage.points.drawMany(film, null) || busy;
    else stage.plot.step(stage, now);
    if (renderer.context) stage.atlas?.draw(stage, renderer.context);
    if (renderer.context && film.large) stage.points.density?.over(renderer.context);
    drawRings(stage);
    if (now >= labels.next) {
      labels.choose(stage, now);
      labels.next = stage.travelling || parting ? now + 180 : Infinity;
    }
    busy = labels.draw(stage, dt, now) || busy;
    stage.aim.draw(renderer);
    stage.lasso.draw(renderer);
    renderer.flush();
    // the controls are page content, dearer to repaint than the map: ten times a second is enough for them
    if (!moving || now > this.toldAt + 100) {
      stage.controls.update();
      this.toldAt = now;
    }
    this.drawn++;
    return busy || stage.screen.prepare();
  }

  /** Pictures lie on the canvas over the points, and so must the words then; otherwise the GPU draws all. */
  chooseRenderer() {
    const { gpu, atlas } = this.stage,
      renderer = gpu && !atlas ? gpu.renderer : this.canvasRenderer;
    if (this.renderer === this.canvasRenderer && renderer !== this.renderer) this.canvasRenderer.begin(this.stage); // leave it empty
    this.renderer = renderer;
    return renderer;
  }

  settleSoon(wait = 140) {
    this.settleAt = performance.now() + wait;
    this.wake();
  }

  /** Let Plotly take the picture over. */
  settle() {
    const { stage } = this,
      { plot } = stage;
    this.settleAt = 0;
    const empty = Boolean(stage.gpu) && stage.film.n > PLOTTED;
    if (plot.plotly) plot.settle(stage, { visible: !stage.gpu, empty }).then(() => this.settled++);
    else plot.wait(() => this.settleSoon(0));
  }

  dispose() {
    if (this.request) cancelAnimationFrame(this.request);
    this.request = null;
  }
}
