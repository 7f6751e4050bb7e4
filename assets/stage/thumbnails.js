// @ts-check
/* Pictures as marks on the map. */

/** The rim of a picture, of two, so that pictures stay apart on any ground: shares of its half side. */
const FRAMES = [
  { share: 0.08, colour: [255, 255, 255], alpha: 0.9 },
  { share: 0.03, colour: [27, 31, 42], alpha: 0.6 },
];

/** Thumbnails, cut once into one atlas with round corners; the mark of an item that is an image. */
class Atlas {
  /** @param {Film} film @param {number} ratio @param {() => void} done */
  constructor(film, ratio, done) {
    const images = film.sources();
    /** The first cell of a row whose picture changes.
     * @type {Map<number, number>} */
    this.starts = new Map();
    for (const row of film.changing.keys()) this.starts.set(row, film.n + film.count * this.starts.size);
    this.side = Math.round(64 * Math.min(ratio, 2));
    this.pitch = this.side + 4; // free pixels between the cells: a neighbour's rim must not shine in when one is scaled
    this.columns = Math.max(1, Math.ceil(Math.sqrt(images.length)));
    this.canvas = document.createElement("canvas");
    this.canvas.width = this.columns * this.pitch;
    this.canvas.height = Math.ceil(images.length / this.columns) * this.pitch;
    this.ready = new Uint8Array(images.length);
    this.count = 0; // of those that are ready
    this.shapes = images.map(() => [1, 1]); // width and height in cells
    const context = contextOf(this.canvas);
    images.forEach((source, row) => {
      if (!isPicture(source)) return;
      const image = new Image();
      image.onload = () => {
        const { naturalWidth: w, naturalHeight: h } = image,
          scale = this.side / Math.max(w, h, 1);
        const [x, y] = this.corner(row),
          across = w * scale,
          tall = h * scale,
          left = x + (this.side - across) / 2,
          top = y + (this.side - tall) / 2;
        this.shapes[row] = [across / this.side, tall / this.side];
        context.save();
        context.beginPath();
        context.roundRect(left, top, across, tall, this.side * 0.08);
        context.clip();
        context.drawImage(image, left, top, across, tall);
        for (const { share, colour, alpha } of FRAMES) {
          context.lineWidth = this.side * share;
          context.strokeStyle = css(colour, alpha);
          context.stroke();
        }
        context.restore();
        this.ready[row] = 1;
        this.count++;
        done();
      };
      image.src = source;
    });
  }

  /** The cell that a row shows in a key state; its own where that one could not be read.
   * @param {number} row @param {number} frame */
  cell(row, frame) {
    const first = this.starts.get(row),
      at = first === undefined ? row : first + frame;
    return this.ready[at] ? at : row;
  }

  /** How wide and high a row's picture is there, in cells.
   * @param {number} row @param {number} frame */
  shape(row, frame) {
    return this.shapes[this.cell(row, frame)];
  }

  /** @param {number} row */
  corner(row) {
    return [(row % this.columns) * this.pitch + 2, Math.floor(row / this.columns) * this.pitch + 2];
  }

  /** @param {Stage} stage @param {CanvasRenderingContext2D} context */
  draw(stage, context) {
    const { film, theme } = stage,
      rows = film.labelOrder(true).reverse(),
      positions = stage.screen.all();
    if (film.dimensions === 3 || stage.view.dim === 3) rows.sort((a, b) => positions[b * 3 + 2] - positions[a * 3 + 2]);
    const stressed = film.emphasised(stage.selected),
      weight = (/** @type {number} */ row) => (row === stage.selected ? 2 : stressed?.has(row) ? 1 : 0);
    if (stressed && stage.view.dim !== 3) rows.sort((a, b) => weight(a) - weight(b)); // what matters lies on top
    for (const row of rows) {
      const x = positions[row * 3],
        y = positions[row * 3 + 1],
        depth = positions[row * 3 + 2];
      if (!this.ready[row] || !(depth > 0.02) || stage.presence?.[row] === 0) continue;
      const half = stage.screen.radius(row, depth),
        g = film.groupAt(row, stage.frame);
      const here = stage.screen.arrival(row),
        dim = (stressed && !stressed.has(row)) || (stage.group !== null && g !== stage.group),
        [across, tall] = this.shape(row, stage.frame);
      if (dim) {
        // greyed, not glassy: pictures that lie on each other must not blend
        context.globalAlpha = here;
        context.fillStyle = css(theme.ground);
        context.beginPath();
        context.roundRect(x - half * across, y - half * tall, 2 * half * across, 2 * half * tall, half * 0.16);
        context.fill();
      }
      for (const [state, share] of film.turning(row, stage.clock.p)) {
        const [sx, sy] = this.corner(this.cell(row, state));
        context.globalAlpha = here * share * (dim ? 0.45 : 1);
        context.drawImage(this.canvas, sx, sy, this.side, this.side, x - half, y - half, 2 * half, 2 * half);
      }
      context.globalAlpha = here * (dim ? 0.45 : 1);
      if ((film.groups || film.frameGroups) && g >= 0) {
        context.fillStyle = css(groupColour(theme, g));
        context.beginPath();
        context.arc(x + half * 0.82, y - half * 0.82, Math.max(4, half * 0.16), 0, 7);
        context.fill();
      }
    }
    context.globalAlpha = 1;
  }
}
