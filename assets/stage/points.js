// @ts-check
/* The points on the GPU layer: what it is given, and what it draws at a moment. */

class Points {
  /** What the layer holds: the film, or the way from one scene to the next. */
  loaded = "";
  /** The leg whose categories are painted; -1 for none. */
  leg = -1;
  /** How much of the earlier colours is still to fade, from 1 to 0. */
  fading = 0;
  sorted = false;
  depths = new Float32Array(0);
  order = new Uint32Array(0);

  /** What draws very many.
   * @type {Density | null} */
  density = null;

  /** @param {Stage} stage */
  constructor(stage) {
    this.stage = stage;
  }

  /** Draw very many; returns true while some are still missing.
   * @param {Film} film @param {GpuLayer | null} gpu */
  drawMany(film, gpu) {
    this.density ??= new Density(this.stage);
    return this.density.draw(/** @type {LargeFilm} */ (film), gpu);
  }

  /** The colours of all rows as they are on screen. */
  colours() {
    const { film, theme, frame, selected, group, presence } = this.stage;
    return film.paint(theme, frame, { selected, group, presence });
  }

  /** Fill the layer with the film itself. */
  reload() {
    const { stage } = this,
      { film, gpu } = stage;
    if (!gpu || !film) return;
    stage.frame = Math.round(stage.clock.p);
    if (film.large) {
      this.loaded = "many";
      return;
    }
    const colours = this.colours(),
      form = new Float32Array(film.n * 3);
    for (let row = 0; row < film.n; row++) {
      const size = film.diameter(row);
      form.set([size, size, film.shape(row, stage.frame)], row * 3);
    }
    for (let row = 0; row < film.n; row++) if (film.images?.[row]) colours.fill(0, row * 4, row * 4 + 4); // thumbnails are drawn over the points
    gpu.load({ positions: film.frames, n: film.n, from: colours, to: colours, form });
    this.loaded = "film";
    this.leg = -1;
  }

  /** Fill it with the way from one scene to the next.
   * @param {Segment} segment */
  loadSegment({ positions, n, from, into, form }) {
    this.stage.gpu?.load({ positions, n, from, to: into, form });
    this.loaded = "segment";
  }

  /** Cross-fade from earlier colours to the present ones.
   * @param {Uint8Array} from */
  fade(from) {
    const { gpu, film, calm } = this.stage;
    if (!gpu || this.loaded !== "film" || from.length !== film.n * 4 || film.images) return;
    gpu.recolour(from, this.colours());
    this.fading = calm ? 0 : 1;
  }

  /** Go on with the cross-fade; returns whether there is one.
   * @param {number} dt seconds */
  advance(dt) {
    if (!this.fading) return false;
    this.fading = Math.max(0, this.fading - dt / 0.3);
    if (!this.fading) this.reload();
    return true;
  }

  /** Returns true while points are still missing.
   * @param {GpuLayer} gpu */
  draw(gpu) {
    if (this.stage.film.large) return this.drawMany(this.stage.film, gpu);
    const { stage } = this,
      { film, segment, clock, ratio, theme, view, matrix } = stage,
      [leg, u] = film.leg(clock.p),
      distance = view.dim === 3 ? view.distance : 0;
    if (!segment && film.frameGroups && leg !== this.leg && !this.fading) {
      this.leg = leg;
      gpu.recolour(film.paint(theme, leg, stage), film.paint(theme, Math.min(leg + 1, film.last), stage));
    }
    if (distance) gpu.sort(this.depthOrder());
    else if (this.sorted) {
      gpu.sort(null);
      this.sorted = false;
    }
    const t = segment ? clamp(segment.t, 0, 1) : 0;
    const fade = segment ? smoothstep(t) : this.fading ? 1 - this.fading : film.frameGroups ? clamp(u * 3 - 1, 0, 1) : 1;
    gpu.draw({
      leg: segment ? 0 : leg,
      u: segment ? t : u,
      fade,
      flowing: !segment && film.flowing,
      matrix,
      distance,
      ratio,
      theme,
    });
    return false;
  }

  depthOrder() {
    const { film, segment, matrix: m, screen } = this.stage,
      n = segment ? segment.n : film.n;
    if (this.depths.length !== n) {
      this.depths = new Float32Array(n);
      this.order = new Uint32Array(n);
    }
    for (let row = 0; row < n; row++) {
      const [x, y, z] = screen.locate(row);
      this.depths[row] = m[3] * x + m[7] * y + m[11] * z + m[15];
    }
    this.sorted = true;
    return backToFront(this.depths, this.order);
  }
}
