// @ts-check
/* Rows that a hand encircles: freely or by a box. The browser finds them, the page is told their numbers. */

const SMALLEST = 6; // pixels; less is a click
const CORNERS = 400; // of a free line: more say nothing more

class Lasso {
  /** What the next drag does; null: it moves the map.
   * @type {"lasso" | "box" | null} */
  tool = null;
  /** The line so far, [x, y] a corner; of a box its two corners.
   * @type {number[][]} */
  path = [];
  /** A line is being drawn, with this tool.
   * @type {"lasso" | "box" | null} */
  drawing = null;

  /** Of very many points, how many were encircled last. */
  told = "";

  /** @param {Stage} stage */
  constructor(stage) {
    this.stage = stage;
  }

  /** Take a tool, or put it away.
   * @param {"lasso" | "box" | null} tool */
  take(tool) {
    this.tool = tool === this.tool ? null : tool;
    this.drawing = null;
    this.path = [];
    this.stage.area.classList.toggle("stage-selecting", Boolean(this.tool));
    this.stage.controls.update();
    this.stage.wake();
  }

  /** Whether a press begins a line: with a tool, or with Shift held, which draws a box.
   * @param {{ shiftKey: boolean }} event */
  begins(event) {
    return Boolean(this.stage.onSelect && this.stage.film?.n && !this.stage.segment && (this.tool || event.shiftKey));
  }

  /** @param {number[]} at */
  begin(at) {
    this.drawing = this.tool ?? "box";
    this.told = "";
    this.path = [at];
    this.stage.wake();
  }

  /** @param {number[]} at */
  move(at) {
    if (!this.drawing) return;
    if (this.drawing === "box") this.path = [this.path[0], at];
    else {
      const [x, y] = this.path[this.path.length - 1];
      if (Math.hypot(at[0] - x, at[1] - y) < 3) return;
      if (this.path.length >= CORNERS) this.path = this.path.filter((_, i) => i % 2 === 0);
      this.path.push(at);
    }
    this.stage.wake();
  }

  /** The line is closed: tell which rows lie in it. */
  end() {
    const { stage } = this,
      outline = this.outline(),
      [xs, ys] = [0, 1].map((axis) => outline.map((corner) => corner[axis]));
    this.drawing = null;
    this.path = [];
    if (Math.max(...xs) - Math.min(...xs) >= SMALLEST || Math.max(...ys) - Math.min(...ys) >= SMALLEST) {
      const { presence } = stage,
        there = (/** @type {number} */ row) => !presence || presence[row] > 0;
      if (this.tool) this.take(null);
      stage.onSelect?.({
        id: stage.film.id,
        ...(stage.film.large ? this.many(outline) : { rows: rowsWithin(outline, stage.screen.all()).filter(there) }),
      });
    }
    stage.wake();
  }

  /** Which of very many points lie in a line, one bit each; how many is said at once.
   * @param {number[][]} outline */
  many(outline) {
    const { clock, matrix, width, height, presence } = this.stage,
      film = /** @type {LargeFilm} */ (this.stage.film),
      { kx, ox, ky, oy } = Density.onCanvas(film, matrix, width, height),
      steps = outline.map(([x, y]) => [(x - ox) / kx, (y - oy) / ky]),
      { bits, count } = bitsWithin(steps, film.placesAt(clock.p), presence);
    this.told = `${count.toLocaleString("en")} of ${film.n.toLocaleString("en")} points encircled`;
    return { bits: base64Of(bits), count };
  }

  /** The corners of what is encircled, in pixels. */
  outline() {
    if (this.drawing !== "box" || this.path.length < 2) return this.path;
    const [[x0, y0], [x1, y1]] = this.path;
    return [
      [x0, y0],
      [x1, y0],
      [x1, y1],
      [x0, y1],
    ];
  }

  /** @param {Renderer} renderer */
  draw(renderer) {
    const corners = this.outline(),
      { accent } = this.stage.theme;
    if (!this.drawing || corners.length < 2) return;
    corners.forEach(([x, y], i) => {
      const [u, v] = corners[(i + 1) % corners.length],
        closing = this.drawing === "lasso" && i === corners.length - 1;
      renderer.line(x, y, u, v, 2, accent, closing ? 0.5 : 0.95, closing ? [6, 5] : undefined);
    });
  }
}

/** The rows whose pixels, [x, y, distance] each, lie within a closed line: a ray from each crosses it an odd number of times.
 * @param {number[][]} outline @param {Float32Array} pixels @returns {number[]} */
function rowsWithin(outline, pixels) {
  const rows = [],
    [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity].map((start, i) =>
      outline.reduce((end, corner) => (i < 2 ? Math.min : Math.max)(end, corner[i % 2]), start),
    );
  for (let i = 0; i < pixels.length; i += 3) {
    const x = pixels[i],
      y = pixels[i + 1];
    if (!(x >= left && x <= right && y >= top && y <= bottom && pixels[i + 2] > 0.02)) continue;
    let inside = false;
    for (let a = 0, b = outline.length - 1; a < outline.length; b = a++) {
      const [ax, ay] = outline[a],
        [bx, by] = outline[b];
      if (ay > y !== by > y && x < ax + ((bx - ax) * (y - ay)) / (by - ay)) inside = !inside;
    }
    if (inside) rows.push(i / 3);
  }
  return rows;
}
