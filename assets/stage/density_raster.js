// @ts-check
/* Very many points without a graphics card: added up in memory, and handed over as one picture. Where the browser's GPU is itself a
 * program this is ten times as fast as its points. */

const BIGGEST = 20; // pixels across, of a dot
const EDGE = BIGGEST + 4; // pixels round the picture, so that no dot needs to be cut
const PART = 32768; // points whose pixels are worked out at once: they stay in the processor's cache
const TINT = 63; // levels of red, green and blue in a sum
const SUM = 65535; // what a sum holds; a pixel that is full keeps the colours of the points it has, a fair sample of all
const HIDDEN = 2; // of what stands back: it is not drawn at all
const [FINE, COARSE] = [16, 4]; // weight of a dot that covers its pixel: coarse where hundreds lie on each other

/** @implements {DensityLayer} */
class RasterDensity {
  width = 0;
  height = 0;
  across = 0;
  /** Two numbers a pixel, with the rim: sums of red and green, of blue and weight, in 16 bits each. */
  sums = new Int32Array(0);
  /** Weight of a dot that covers its pixel, and that of a full pixel. */
  unit = FINE;
  full = 0;
  pixels = new Int32Array(0);
  spots = new Float32Array(PART * 2);
  /** Strength of a pixel, from 0 to 255, by its weight; and by what its sums are multiplied for its colour. */
  alphas = new Float32Array(Math.ceil(SUM / TINT) + 1);
  shares = new Float32Array(this.alphas.length);
  toned = "";
  /** @type {Map<number, DotMask[]>} */
  dots = new Map();
  changed = false;
  /** The picture as a canvas, where it was asked for.
   * @type {HTMLCanvasElement | null} */
  made = null;

  /** Without a context the picture is only kept.
   * @param {WebGL2RenderingContext | null} gl */
  constructor(gl) {
    this.gl = gl;
    if (!gl) return;
    this.program = compileProgram(gl, SHEET_VERTEX, SHEET_FRAGMENT, ["corner"]);
    this.texture = gl.createTexture();
    this.shape = unitSquare(gl);
    gl.useProgram(this.program);
    gl.uniform2f(gl.getUniformLocation(this.program, "rows"), 0, 1);
  }

  /** @param {number} width @param {number} height */
  begin(width, height) {
    if (width === this.width && height === this.height) {
      this.sums.fill(0);
      return;
    }
    Object.assign(this, { width, height, across: width + 2 * EDGE });
    this.sums = new Int32Array(this.across * (height + 2 * EDGE) * 2);
    this.pixels = new Int32Array(width * height);
    this.dots.clear();
    const { gl } = this;
    if (!gl) return;
    gl.bindTexture(gl.TEXTURE_2D, this.texture ?? null);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, width, height, 0, gl.RGBA, gl.UNSIGNED_BYTE, null);
    readByPixel(gl);
  }

  /** The pixels of a dot of so many quarters of a pixel across, by where in a pixel its middle lies, in quarters down and right.
   * @param {number} quarters */
  dot(quarters) {
    const known = this.dots.get(quarters * 32 + this.unit);
    if (known) return known;
    const radius = quarters / 8,
      reach = Math.ceil(radius) + 1,
      made = Array.from({ length: 16 }, (_, at) => {
        const where = [],
          cover = [];
        for (let y = -reach; y <= reach; y++)
          for (let x = -reach; x <= reach; x++) {
            const far = Math.hypot(x + 0.375 - (at & 3) / 4, y + 0.375 - (at >> 2) / 4),
              share = Math.round(this.unit * clamp(0.5 + radius - far, 0, 1));
            if (!share) continue;
            where.push((y * this.across + x) * 2);
            cover.push(share);
          }
        return {
          where: Int32Array.from(where),
          cover: Uint8Array.from(cover),
          faint: Uint8Array.from(cover, (share) => (share + 2) >> 2),
        };
      });
    this.dots.set(quarters * 32 + this.unit, made);
    return made;
  }

  /** Add the points from one place in the shuffled order to another.
   * @param {LargeFilm} film @param {number} from @param {number} to @param {DensityMoment} moment */
  add(film, from, to, moment) {
    const { colours, dot, most } = moment,
      size = colours.length / 4,
      inks = new Int32Array(size * 2);
    if (from === 0) this.unit = most > 40 ? COARSE : FINE;
    this.full = Math.floor(SUM / TINT) - this.unit;
    // what stands back weighs a quarter
    for (let code = 0; code < size; code++) {
      const [r, g, b] = [0, 1, 2].map((side) => Math.round((colours[code * 4 + side] * TINT) / 255));
      inks[code * 2] = r * 65536 + g;
      inks[code * 2 + 1] = b * 65536 + 1;
    }
    const back = Uint8Array.from({ length: size }, (_, code) =>
        colours[code * 4 + 3] ? Number(colours[code * 4 + 3] < 255) : HIDDEN,
      ),
      codes = film.drawnCodes ?? new Uint8Array(film.n);
    for (let start = from; start < to; start += PART) {
      const end = Math.min(start + PART, to);
      this.project(film, start, end, moment);
      if (dot < 1.5) this.addPixels(codes, inks, back, start, end);
      else this.addDots(codes, inks, back, start, end, this.dot(Math.round(dot * 4)));
    }
  }

  /** Where these points are on the canvas.
   * @param {LargeFilm} film @param {number} from @param {number} to @param {DensityMoment} moment */
  project({ states, last }, from, to, { leg, u, flowing, kx, ox, ky, oy }) {
    const { spots } = this,
      b = states[leg],
      c = states[Math.min(leg + 1, last)];
    if (u === 0 || last === 0)
      for (let i = from * 2, at = 0; i < to * 2; i += 2, at += 2) {
        spots[at] = b[i] * kx + ox;
        spots[at + 1] = b[i + 1] * ky + oy;
      }
    else if (flowing) {
      const a = states[Math.max(leg - 1, 0)],
        d = states[Math.min(leg + 2, last)];
      for (let i = from * 2, at = 0; i < to * 2; i += 2, at += 2) {
        spots[at] = flow(a[i], b[i], c[i], d[i], u) * kx + ox;
        spots[at + 1] = flow(a[i + 1], b[i + 1], c[i + 1], d[i + 1], u) * ky + oy;
      }
    } else {
      const eased = smoothstep(u);
      for (let i = from * 2, at = 0; i < to * 2; i += 2, at += 2) {
        spots[at] = (b[i] + (c[i] - b[i]) * eased) * kx + ox;
        spots[at + 1] = (b[i + 1] + (c[i + 1] - b[i + 1]) * eased) * ky + oy;
      }
    }
  }

  /** One pixel a point.
   * @param {Uint8Array | Uint16Array} codes @param {Int32Array} inks @param {Uint8Array} back @param {number} from @param {number} to */
  addPixels(codes, inks, back, from, to) {
    const { spots, sums, across, width, height, full, unit } = this;
    for (let row = from, at = 0; row < to; row++, at += 2) {
      const x = spots[at],
        y = spots[at + 1];
      if (!(x >= 0 && y >= 0 && x < width && y < height)) continue;
      const i = (((y | 0) + EDGE) * across + (x | 0) + EDGE) << 1,
        code = codes[row],
        low = sums[i + 1];
      if ((low & SUM) > full || back[code] === HIDDEN) continue;
      const share = back[code] ? unit >> 2 : unit;
      sums[i] = (sums[i] + Math.imul(inks[code << 1], share)) | 0;
      sums[i + 1] = (low + Math.imul(inks[(code << 1) + 1], share)) | 0;
    }
  }

  /** A disc a point.
   * @param {Uint8Array | Uint16Array} codes @param {Int32Array} inks @param {Uint8Array} back @param {number} from @param {number} to
   * @param {DotMask[]} dots */
  addDots(codes, inks, back, from, to, dots) {
    const { spots, sums, across, width, height, full } = this,
      reach = EDGE / 2; // of the largest dot
    for (let row = from, at = 0; row < to; row++, at += 2) {
      const x = spots[at] + EDGE,
        y = spots[at + 1] + EDGE;
      if (!(x >= reach && y >= reach && x < width + EDGE + reach && y < height + EDGE + reach)) continue;
      const qx = (x * 4) | 0,
        qy = (y * 4) | 0,
        { where, cover, faint } = dots[((qy & 3) << 2) | (qx & 3)],
        middle = ((qy >> 2) * across + (qx >> 2)) << 1,
        code = codes[row],
        ink = inks[code << 1],
        more = inks[(code << 1) + 1],
        shares = back[code] ? faint : cover;
      if (back[code] === HIDDEN) continue;
      for (let j = 0; j < where.length; j++) {
        const i = middle + where[j],
          low = sums[i + 1];
        if ((low & SUM) > full) continue;
        sums[i] = (sums[i] + Math.imul(ink, shares[j])) | 0;
        sums[i + 1] = (low + Math.imul(more, shares[j])) | 0;
      }
    }
  }

  /** Turn sums into colours: by the logarithm of how much lies on a pixel.
   * @param {DensityTone} tone */
  tone({ scale, single, most }) {
    const { sums, pixels, alphas, shares, across, width, height, unit } = this,
      toned = `${scale}|${single}|${most}|${unit}`;
    if (toned !== this.toned)
      for (let weight = 1; weight < alphas.length; weight++) {
        const alpha = strength((weight * scale) / unit, single, most);
        alphas[weight] = alpha * 255 + 0.5;
        shares[weight] = (alpha * 255) / TINT / weight;
      }
    this.toned = toned;
    for (let y = 0, at = 0; y < height; y++)
      for (let x = 0, i = ((y + EDGE) * across + EDGE) << 1; x < width; x++, at++, i += 2) {
        const low = sums[i + 1],
          weight = low & SUM;
        if (!weight) {
          pixels[at] = 0;
          continue;
        }
        const high = sums[i],
          share = shares[weight];
        pixels[at] =
          (alphas[weight] << 24) |
          (((low >>> 16) * share + 0.5) << 16) |
          ((((high & SUM) * share + 0.5) | 0) << 8) |
          (((high >>> 16) * share + 0.5) | 0);
      }
    this.changed = true;
    this.made = null;
  }

  /** Lay the picture over what is drawn so far. */
  show() {
    const { gl, width, height } = this;
    if (!gl || !width) return;
    gl.useProgram(this.program ?? null);
    gl.bindVertexArray(this.shape ?? null);
    gl.bindTexture(gl.TEXTURE_2D, this.texture ?? null);
    if (this.changed) {
      gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false); // it already is
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(this.pixels.buffer));
      this.changed = false;
    }
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
  }

  /** The picture as a canvas. */
  canvas() {
    if (this.made) return this.made;
    const canvas = (this.made = document.createElement("canvas")),
      { width, height, pixels } = this,
      straight = new Uint8ClampedArray(pixels.length * 4);
    for (let i = 0; i < pixels.length; i++) {
      const alpha = pixels[i] >>> 24;
      if (!alpha) continue;
      for (let side = 0; side < 3; side++) straight[i * 4 + side] = (((pixels[i] >>> (8 * side)) & 255) * 255) / alpha;
      straight[i * 4 + 3] = alpha;
    }
    canvas.width = width;
    canvas.height = height;
    contextOf(canvas).putImageData(new ImageData(straight, width, height), 0, 0);
    return canvas;
  }
}
