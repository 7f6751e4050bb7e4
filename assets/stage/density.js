// @ts-check
/* Very many points. Each adds its colour to the pixels it covers; how many lie on a pixel then says how strong that pixel is, so that
 * dense and sparse places both read. While the view moves as many points are drawn as there is time for, a fair sample of all; the
 * others follow once it rests. */

const DRAWING = 14; // milliseconds of a frame for points while the view moves
const FILLING = 30; // and once it rests
const LEAST_DRAWN = 30000; // points in motion, however slow this computer is
const [SMALLEST_DOT, LARGEST_DOT] = [1, 7]; // pixels across

class Density {
  /** What was drawn last, and how many points of it.
   * @type {Film | null} */
  film = null;
  seen = "";
  drawn = 0;
  /** Milliseconds a point. */
  cost = 5e-5;
  /** What adds points up: on a canvas's pixels, or on a graphics card.
   * @type {DensityLayer | null} */
  layer = null;
  /** @type {GpuLayer | null} */
  layerOf = null;
  /** @type {{ film: Film, look: string, colours: Uint8Array } | null} */
  painted = null;

  /** @param {Stage} stage */
  constructor(stage) {
    this.stage = stage;
  }

  /** Where a point of the film is on the canvas: pixel = place × k + o across, and the same down.
   * @param {LargeFilm} film @param {number} width @param {number} height @returns {ScreenPlaces} */
  static onCanvas({ low, step }, /** @type {Float32Array} */ m, width, height) {
    return {
      kx: (m[0] * step[0] * width) / 2,
      ox: ((m[0] * low[0] + m[12] + 1) * width) / 2,
      ky: (-m[5] * step[1] * height) / 2,
      oy: ((1 - m[5] * low[1] - m[13]) * height) / 2,
    };
  }

  /** How close together the points in sight lie, in points a pixel: of the median one, and of one among the densest.
   * @param {LargeFilm} film @param {number} leg @param {number} u @param {ScreenPlaces} places @param {number} width @param {number} height */
  static crowd(film, leg, u, { kx, ox, ky, oy }, width, height) {
    const next = Math.min(leg + 1, film.last),
      [from, to, spots] = [film.crowding[leg], film.crowding[next], film.states[u > 0.5 ? next : leg]],
      area = Math.abs(512 * kx * 512 * ky),
      found = new Float32Array(from.length);
    let count = 0;
    for (let i = 0; i < from.length; i++) {
      const x = spots[i * 2] * kx + ox,
        y = spots[i * 2 + 1] * ky + oy;
      if (x >= 0 && y >= 0 && x <= width && y <= height) found[count++] = mix(from[i], to[i], u) / area;
    }
    const seen = found.subarray(0, count).sort(),
      at = (/** @type {number} */ share) => seen[Math.floor(share * (count - 1))] ?? 0;
    return { usual: at(0.5), dense: at(0.97) };
  }

  /** @param {LargeFilm} film */
  colours(film) {
    const { theme, group, hidden } = this.stage,
      look = `${theme.dark}|${theme.ground}|${group}|${[...hidden]}`;
    if (this.painted?.film !== film || this.painted.look !== look)
      this.painted = { film, look, colours: film.palette(theme, group, hidden) };
    return this.painted.colours;
  }

  /** Draw what there is time for; returns true while points are still missing.
   * @param {LargeFilm} film @param {GpuLayer | null} gpu @param {boolean} [all] take the time that all need */
  draw(film, gpu, all = false) {
    const { stage } = this,
      { matrix, ratio, clock } = stage,
      width = stage.gpuCanvas.width,
      height = stage.gpuCanvas.height,
      [leg, u] = film.leg(clock.p);
    if (!this.layer || this.layerOf !== gpu) {
      this.layer = gpu && !gpu.raster && GpuDensity.possible(gpu.gl) ? new GpuDensity(gpu.gl) : new RasterDensity(gpu?.gl ?? null);
      this.layerOf = gpu;
      this.seen = "";
    }
    const { layer } = this,
      places = Density.onCanvas(film, matrix, width, height),
      { usual, dense } = Density.crowd(film, leg, u, places, width, height),
      dot = clamp(2.2 / Math.sqrt(usual || 1), SMALLEST_DOT * ratio, Math.min(LARGEST_DOT * ratio * film.grow, BIGGEST)),
      colours = this.colours(film),
      seen = `${[width, height, leg, u, places.kx, places.ox, places.ky, places.oy]}|${this.painted?.look}`;
    film.dot = dot / ratio;
    const fresh = this.film !== film || seen !== this.seen;
    if (fresh) {
      layer.begin(width, height);
      this.film = film;
      this.seen = seen;
      this.drawn = 0;
    }
    const room = stage.travelling || stage.input.busy ? DRAWING : FILLING,
      till = all ? film.n : Math.min(film.n, this.drawn + Math.max(LEAST_DRAWN, Math.round(room / this.cost)));
    if (till > this.drawn) {
      const start = performance.now(),
        most = Math.max(dense * Math.max(1, (Math.PI * dot * dot) / 4), 2);
      layer.add(film, this.drawn, till, { ...places, leg, u, flowing: film.flowing, dot, colours, most });
      this.cost = mix(this.cost, Math.max((performance.now() - start) / (till - this.drawn), 1e-6), 0.4);
      this.drawn = till;
      layer.tone({ scale: film.n / till, single: clamp(0.85 / (1 + 0.25 * Math.log2(most)), 0.3, 0.85), most });
    }
    layer.show();
    return this.drawn < film.n;
  }

  /** Lay the points over a canvas that no graphics card draws.
   * @param {CanvasRenderingContext2D} context */
  over(context) {
    const { layer, stage } = this;
    if (layer instanceof RasterDensity) context.drawImage(layer.canvas(), 0, 0, stage.width, stage.height);
  }

  /** The points as a picture of their own, on no ground.
   * @param {LargeFilm} film */
  picture(film) {
    const { layer, layerOf, seen } = this;
    Object.assign(this, { layer: null, seen: "" });
    this.draw(film, null, true);
    const canvas = /** @type {RasterDensity} */ (/** @type {unknown} */ (this.layer)).canvas();
    Object.assign(this, { layer, layerOf, seen, film: null });
    return canvas;
  }
}

/** How strong a pixel is on which `count` points lie, where `most` lie on the densest: a single one has the strength `single`, and ten
 * times as many always add the same.
 * @param {number} count @param {number} single @param {number} most */
function strength(count, single, most) {
  if (count <= 1) return single * count;
  return Math.min(0.97, single + ((0.97 - single) * Math.log(count)) / Math.log(most));
}
