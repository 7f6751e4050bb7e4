// @ts-check
/* Very many points without a graphics card: added up in memory, and handed over as one picture. Where the browser's GPU is itself a
 * program this is ten times as fast as its points. */

const BIGGEST = 20; // pixels across, of a dot
const EDGE = BIGGEST + 4; // pixels round the picture, so that no dot needs to be cut
const FULL = 4e6; // of a pixel: more would not fit into its sums of colours
const UNIT = 16; // of a pixel's weight: one dot that covers it
const PART = 32768; // points whose pixels are worked out at once: they stay in the processor's cache

/** @implements {DensityLayer} */
class RasterDensity {
  width = 0;
  height = 0;
  across = 0;
  /** Red, green, blue and weight of each pixel, with the rim. */
  sums = new Int32Array(0);
  pixels = new Uint32Array(0);
  spots = new Float32Array(PART * 2);
  /** Strength of a pixel, from 0 to 255, by its weight. */
  alphas = new Float32Array(8192);
  toned = "";
  /** @type {Map<number, { where: Int32Array, cover: Int32Array }[]>} */
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
    this.shape = gl.createVertexArray();
    gl.bindVertexArray(this.shape);
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([0, 0, 1, 0, 0, 1, 1, 1]), gl.STATIC_DRAW);
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0);
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
    this.sums = new Int32Array(this.across * (height + 2 * EDGE) * 4);
    this.pixels = new Uint32Array(width * height);
    this.dots.clear();
    const { gl } = this;
    if (!gl) return;
    gl.bindTexture(gl.TEXTURE_2D, this.texture ?? null);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, width, height, 0, gl.RGBA, gl.UNSIGNED_BYTE, null);
    for (const name of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, name, gl.NEAREST);
    for (const name of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, name, gl.CLAMP_TO_EDGE);
  }

  /** The pixels of a dot of so many quarters of a pixel across, by where in a pixel its middle lies, in quarters down and right.
   * @param {number} quarters */
  dot(quarters) {
    const known = this.dots.get(quarters);
    if (known) return known;
    const radius = quarters / 8,
      reach = Math.ceil(radius) + 1,
      made = Array.from({ length: 16 }, (_, at) => {
        const where = [],
          cover = [];
        for (let y = -reach; y <= reach; y++)
          for (let x = -reach; x <= reach; x++) {
            const far = Math.hypot(x + 0.375 - (at & 3) / 4, y + 0.375 - (at >> 2) / 4),
              share = Math.round(UNIT * clamp(0.5 + radius - far, 0, 1));
            if (!share) continue;
            where.push((y * this.across + x) * 4);
            cover.push(share);
          }
        return { where: Int32Array.from(where), cover: Int32Array.from(cover) };
      });
    this.dots.set(quarters, made);
    return made;
  }

  /** Add the points from one place in the shuffled order to another.
   * @param {LargeFilm} film @param {number} from @param {number} to @param {DensityMoment} moment */
  add(film, from, to, moment) {
    const size = moment.colours.length / 4,
      inks = new Int32Array(size * 4);
    for (let code = 0; code < size; code++) {
      const weight = Math.max(1, Math.round((moment.colours[code * 4 + 3] * UNIT) / 255));
      for (let i = 0; i < 3; i++) inks[code * 4 + i] = moment.colours[code * 4 + i] * weight;
      inks[code * 4 + 3] = weight;
    }
    const codes = film.drawnCodes ?? new Uint8Array(film.n);
    for (let start = from; start < to; start += PART) {
      const end = Math.min(start + PART, to);
      this.project(film, start, end, moment);
      if (moment.dot < 1.6) this.addPixels(codes, inks, start, end);
      else this.addDots(codes, inks, start, end, this.dot(Math.round(moment.dot * 4)));
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
   * @param {Uint8Array | Uint16Array} codes @param {Int32Array} inks @param {number} from @param {number} to */
  addPixels(codes, inks, from, to) {
    const { spots, sums, across, width, height } = this;
    for (let row = from, at = 0; row < to; row++, at += 2) {
      const x = spots[at],
        y = spots[at + 1];
      if (!(x >= 0 && y >= 0 && x < width && y < height)) continue;
      const i = (((y | 0) + EDGE) * across + (x | 0) + EDGE) << 2,
        ink = codes[row] << 2;
      if (sums[i + 3] > FULL) continue;
      sums[i] += inks[ink] << 4;
      sums[i + 1] += inks[ink + 1] << 4;
      sums[i + 2] += inks[ink + 2] << 4;
      sums[i + 3] += inks[ink + 3] << 4;
    }
  }

  /** A disc a point.
   * @param {Uint8Array | Uint16Array} codes @param {Int32Array} inks @param {number} from @param {number} to
   * @param {{ where: Int32Array, cover: Int32Array }[]} dots */
  addDots(codes, inks, from, to, dots) {
    const { spots, sums, across, width, height } = this,
      reach = EDGE / 2; // of the largest dot
    for (let row = from, at = 0; row < to; row++, at += 2) {
      const x = spots[at] + EDGE,
        y = spots[at + 1] + EDGE;
      if (!(x >= reach && y >= reach && x < width + EDGE + reach && y < height + EDGE + reach)) continue;
      const qx = (x * 4) | 0,
        qy = (y * 4) | 0,
        { where, cover } = dots[((qy & 3) << 2) | (qx & 3)],
        middle = ((qy >> 2) * across + (qx >> 2)) << 2,
        ink = codes[row] << 2,
        r = inks[ink],
        g = inks[ink + 1],
        b = inks[ink + 2],
        w = inks[ink + 3];
      if (sums[middle + 3] > FULL) continue;
      for (let j = 0; j < where.length; j++) {
        const i = middle + where[j],
          share = cover[j];
        sums[i] += r * share;
        sums[i + 1] += g * share;
        sums[i + 2] += b * share;
        sums[i + 3] += w * share;
      }
    }
  }

  /** Turn sums into colours: by the logarithm of how much lies on a pixel.
   * @param {DensityTone} tone */
  tone({ scale, single, most }) {
    const { sums, pixels, alphas, across, width, height } = this,
      toned = `${scale}|${single}|${most}`;
    if (toned !== this.toned) for (let i = 1; i < alphas.length; i++) alphas[i] = strength((i * scale) / UNIT, single, most) * 255;
    this.toned = toned;
    const top = alphas.length - 1;
    for (let y = 0, at = 0; y < height; y++)
      for (let x = 0, i = ((y + EDGE) * across + EDGE) << 2; x < width; x++, at++, i += 4) {
        const weight = sums[i + 3];
        if (!weight) {
          pixels[at] = 0;
          continue;
        }
        const level = Math.min((weight + 8) >> 4, top) || 1,
          share = alphas[level] / 255 / weight;
        pixels[at] =
          ((alphas[level] + 0.5) << 24) |
          ((sums[i + 2] * share) << 16) |
          (((sums[i + 1] * share) | 0) << 8) |
          ((sums[i] * share) | 0);
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
