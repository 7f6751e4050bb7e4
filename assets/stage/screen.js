// @ts-check
/* Where things are on the screen at this moment, and how near they look. */

const NOWHERE = new Float32Array(0);

class OnScreen {
  spot = [0, 0, 0];
  pixel = [0, 0, 0];
  positions = new Float32Array(0);
  /** How far pictures stand from their places, [x, y] a row; empty where none do. */
  offsets = NOWHERE;
  /** What they were parted for, and how many steps that took. */
  parted = "";
  steps = 0;
  /** Whether `positions` hold for this frame. */
  fresh = false;
  /** Very many points by their places, at a moment.
   * @type {{ of: Uint16Array, p: number, grid: Grid } | null} */
  grid = null;

  /** @param {Stage} stage */
  constructor(stage) {
    this.stage = stage;
  }

  /** Data coordinates of a row now; the same array every time.
   * @param {number} row */
  locate(row) {
    const { stage, spot } = this,
      { segment } = stage;
    if (!segment) return stage.film.at(row, stage.clock.p, spot);
    const u = smoothstep(clamp(segment.t, 0, 1)),
      a = row * 3,
      b = (segment.n + row) * 3;
    for (let axis = 0; axis < 3; axis++) spot[axis] = mix(segment.positions[a + axis], segment.positions[b + axis], u);
    return spot;
  }

  /** [x, y, distance] in pixels; the same array every time. Pictures that others would hide stand a little aside.
   * @param {number} row */
  at(row) {
    const { matrix, view, width, height } = this.stage,
      pixel = project(matrix ?? view.matrix(width, height), this.locate(row), width, height, this.pixel);
    if (this.offsets.length) {
      pixel[0] += this.offsets[row * 2];
      pixel[1] += this.offsets[row * 2 + 1];
    }
    return pixel;
  }

  /** Let pictures on a flat map part; returns true while they do. */
  part() {
    const { stage } = this,
      { film, view, width, height, atlas, moving } = stage;
    if (!film.images || !atlas || view.dim !== 2) {
      this.offsets = NOWHERE;
      return false;
    }
    if (this.offsets.length !== film.n * 2) this.offsets = new Float32Array(film.n * 2);
    const now = `${film.id}|${stage.clock.p}|${stage.segment?.t}|${view.cx}|${view.cy}|${view.k}|${width}|${height}|${atlas.count}`;
    if (now !== this.parted) this.steps = 0;
    this.parted = now;
    if (this.steps > 400) return false;
    const { offsets } = this,
      halves = new Float32Array(film.n * 2);
    this.offsets = NOWHERE; // of the true places
    this.fresh = false;
    const places = this.all().slice();
    for (let row = 0; row < film.n; row++) {
      if (!film.images[row]) continue;
      const half = this.radius(row, 1),
        [across, tall] = atlas.shape(row, stage.frame);
      halves.set([half * across, half * tall], row * 2);
    }
    this.offsets = offsets;
    this.fresh = false;
    const steps = moving ? 4 : stage.calm ? 400 : 24,
      far = spread(places, halves, offsets, { width, height, steps, pull: moving ? PULL : 0 });
    this.steps = far < 0.1 ? 1000 : this.steps + steps;
    return this.steps <= 400;
  }

  /** All rows' pixels, worked out once a frame at most. */
  all() {
    if (this.fresh) return this.positions;
    const { n } = this.stage.film;
    if (this.positions.length !== n * 3) this.positions = new Float32Array(n * 3);
    if (this.stage.segment || this.offsets.length) for (let row = 0; row < n; row++) this.positions.set(this.at(row), row * 3);
    else this.project();
    this.fresh = true;
    return this.positions;
  }

  /** The same for all rows of a film at once: tens of thousands of points between two frames. */
  project() {
    const { film, clock, matrix, view, width, height } = this.stage,
      m = matrix ?? view.matrix(width, height),
      { positions } = this;
    film.allAt(clock.p, positions);
    for (let i = 0; i < positions.length; i += 3) {
      const x = positions[i],
        y = positions[i + 1],
        z = positions[i + 2],
        w = m[3] * x + m[7] * y + m[11] * z + m[15];
      positions[i] = ((m[0] * x + m[4] * y + m[8] * z + m[12]) / w + 1) * 0.5 * width;
      positions[i + 1] = (1 - (m[1] * x + m[5] * y + m[9] * z + m[13]) / w) * 0.5 * height;
      positions[i + 2] = w;
    }
  }

  /** Radius in pixels, larger where nearer.
   * @param {number} row @param {number} depth */
  radius(row, depth) {
    const { film, view } = this.stage,
      base = film.images?.[row] ? film.markRadius() : film.diameter(row) / 2;
    return base * (view.dim === 3 ? clamp(view.distance / depth, 0.4, 2.4) : 1);
  }

  /** 1 near, less far away.
   * @param {number} depth */
  mist(depth) {
    const { view } = this.stage;
    return view.dim === 3 ? 1 - 0.6 * clamp((depth - view.distance + 0.45) / 1.1, 0, 1) : 1;
  }

  /** 0 while the camera looks straight down (a flat map), 1 when it shows depth. */
  tilt() {
    const { view } = this.stage;
    return view.dim === 3 ? clamp((Math.PI / 2 - view.angles().elevation) / 0.5, 0, 1) : 0;
  }

  /** How much of a newcomer is there already.
   * @param {number} row */
  arrival(row) {
    const { segment } = this.stage;
    return segment?.arrive[row] ? clamp(segment.t * 2 - 1, 0, 1) : 1;
  }

  /** Where very many points are on screen: their grid, and how many pixels a step of their places takes.
   * @param {LargeFilm} film */
  many(film) {
    const { clock, matrix, width, height } = this.stage;
    if (this.grid?.of !== film.places || this.grid.p !== clock.p)
      this.grid = { of: film.places, p: clock.p, grid: new Grid(film.placesAt(clock.p)) };
    return { grid: this.grid.grid, places: Density.onCanvas(film, matrix, width, height) };
  }

  /** At rest, get ready to find one of very many points; returns true while that takes. */
  prepare() {
    const { film, travelling, input } = this.stage;
    if (!film.large || travelling || input.busy) return false;
    return !this.many(/** @type {LargeFilm} */ (film)).grid.step(6);
  }

  /** Whether a row stands back or is not on the map: another category is singled out, or others are looked for.
   * @param {number} row */
  aside(row) {
    const { film, group, frame, presence } = this.stage;
    return (group !== null && !film.belongs(row, group, frame)) || (presence?.[row] ?? 2) < 2;
  }

  /** The row under a pixel, or null.
   * @param {number} px @param {number} py @returns {number | null} */
  pick(px, py) {
    const { film, view, matrix, labels, labelsOn, presence } = this.stage;
    if (!film?.n || !view || !matrix) return null;
    for (let i = labels.boxes.length - 1; i >= 0; i--) {
      const [row, box] = labels.boxes[i];
      if (labelsOn && px >= box[0] && px <= box[2] && py >= box[1] && py <= box[3]) return row;
    }
    if (film.large) {
      if (this.stage.moving || this.stage.player.glide) return null; // a grid holds for a moment at rest
      const { grid, places } = this.many(/** @type {LargeFilm} */ (film)),
        { kx, ox, ky, oy } = places,
        reach = Math.max(film.diameter(0) / 2 + 3, 6);
      return grid.step(200) ? grid.nearest((px - ox) / kx, (py - oy) / ky, Math.abs(kx), Math.abs(ky), reach, presence) : null;
    }
    const positions = this.all();
    let best = null,
      nearest = Infinity;
    const furthest = film.n > 2000 ? 60 : Infinity; // pixels; no mark of so many is larger
    for (let row = 0; row < film.n; row++) {
      const depth = positions[row * 3 + 2];
      if (presence && !presence[row]) continue;
      if (!(depth > 0.02) || Math.abs(positions[row * 3] - px) > furthest) continue;
      const far = Math.hypot(positions[row * 3] - px, positions[row * 3 + 1] - py),
        reach = Math.max(this.radius(row, depth) + 3, 9);
      if (far > reach) continue;
      const score = far + (view.dim === 3 ? depth * 4 : 0);
      if (score < nearest) {
        nearest = score;
        best = row;
      }
    }
    return best;
  }
}
