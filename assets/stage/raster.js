// @ts-check
/* Points without a graphics card. Where the browser's GPU is itself a program (a virtual machine, a locked-down
 * classroom computer), thousands of small points are several times cheaper when their pixels are filled here and handed
 * over as one picture. The curve, the shapes and the colours are those of the shader in gpu.js. */

const RIM = 128; // pixels round the picture, so that no point needs to be cut at its edge
const MANY = 1500; // points; the shader draws fewer than these as fast
const SHEET_VERTEX = `#version 300 es
in vec2 corner; uniform vec2 rows; out vec2 at;
void main() { float y = mix(rows.x, rows.y, corner.y); at = vec2(corner.x, y); gl_Position = vec4(corner.x * 2. - 1., 1. - 2. * y, 0., 1.); }`;
const SHEET_FRAGMENT = `#version 300 es
precision mediump float;
in highp vec2 at; uniform sampler2D sheet; out vec4 pixel;
void main() { pixel = texture(sheet, at); }`;

class Raster {
  width = 0;
  height = 0;
  /** Pixels a line, with the rim. */
  across = 0;
  pixels = new Uint32Array(0);
  /** The lines that the last picture used. */
  low = 0;
  high = 0;
  /** @type {{ where: Int32Array, cover: Int32Array, rim: Int32Array }[]} */
  masks = [];
  /** Where all points are: [x, y, w] each. */
  spots = new Float32Array(0);

  /** Whether this context is drawn by a program.
   * @param {WebGL2RenderingContext} gl */
  static needed(gl) {
    const asked = gl.getExtension("WEBGL_debug_renderer_info");
    return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(
      gl.getParameter(asked ? asked.UNMASKED_RENDERER_WEBGL : gl.RENDERER),
    );
  }

  /** @param {WebGL2RenderingContext} gl */
  constructor(gl) {
    this.gl = gl;
    this.program = compileProgram(gl, SHEET_VERTEX, SHEET_FRAGMENT, ["corner"]);
    this.rows = gl.getUniformLocation(this.program, "rows");
    this.texture = gl.createTexture();
    this.shape = unitSquare(gl);
  }

  /** @param {number} width @param {number} height */
  resize(width, height) {
    if (width === this.width && height === this.height) return;
    const { gl } = this;
    Object.assign(this, { width, height, across: width + 2 * RIM, masks: [], low: 0, high: 0 });
    this.pixels = new Uint32Array(this.across * (height + 2 * RIM));
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, width, height, 0, gl.RGBA, gl.UNSIGNED_BYTE, null);
    readByPixel(gl);
  }

  /** The pixels of a symbol whose centre lies (right, down) quarters of a pixel into one: where, how much, how much rim.
   * @param {number} symbol @param {number} quarters @param {number} right @param {number} down @param {number} ratio */
  mask(symbol, quarters, right, down, ratio) {
    const id = (((symbol << 8) | quarters) << 4) | (down << 2) | right,
      made = this.masks[id];
    if (made) return made;
    const radius = quarters / 4,
      reach = Math.ceil(radius) + 2,
      line = Math.min(1.15 * ratio, radius * 0.35),
      where = [],
      cover = [],
      rim = [];
    for (let y = -reach; y <= reach; y++)
      for (let x = -reach; x <= reach; x++) {
        const d = symbolDistance(symbol, x + 0.5 - right / 4, y + 0.5 - down / 4, radius),
          share = Math.round(256 * clamp(0.5 - d, 0, 1));
        if (share < 2) continue;
        where.push(y * this.across + x);
        cover.push(share);
        rim.push(Math.round(256 * clamp(d + line + 0.5, 0, 1)));
      }
    return (this.masks[id] = { where: Int32Array.from(where), cover: Int32Array.from(cover), rim: Int32Array.from(rim) });
  }

  /** Where all points are on screen and how far away: [x, y, w] each, in this canvas's pixels.
   * @param {GpuLayer} layer @param {Omit<PaintedMoment, "fade" | "ratio" | "theme" | "edge" | "halo">} moment */
  project({ n, positions, states }, { leg, u, flowing, matrix: m, distance }) {
    if (this.spots.length !== n * 3) this.spots = new Float32Array(n * 3);
    /** @type {(k: number) => number} */
    const state = (k) => clamp(k, 0, states - 1) * n * 3;
    const { spots, width, height } = this,
      eased = smoothstep(u),
      deep = distance > 0;
    const [a, b, c, d] = [state(leg - 1), state(leg), state(leg + 1), state(leg + 2)];
    for (let i = 0; i < n * 3; i += 3) {
      let x,
        y,
        z = 0;
      if (flowing) {
        x = flow(positions[a + i], positions[b + i], positions[c + i], positions[d + i], u);
        y = flow(positions[a + i + 1], positions[b + i + 1], positions[c + i + 1], positions[d + i + 1], u);
        if (deep) z = flow(positions[a + i + 2], positions[b + i + 2], positions[c + i + 2], positions[d + i + 2], u);
      } else {
        x = mix(positions[b + i], positions[c + i], eased);
        y = mix(positions[b + i + 1], positions[c + i + 1], eased);
        if (deep) z = mix(positions[b + i + 2], positions[c + i + 2], eased);
      }
      const w = m[3] * x + m[7] * y + m[11] * z + m[15];
      spots[i] = ((m[0] * x + m[4] * y + m[8] * z + m[12]) / w + 1) * 0.5 * width;
      spots[i + 1] = (1 - (m[1] * x + m[5] * y + m[9] * z + m[13]) / w) * 0.5 * height;
      spots[i + 2] = w;
    }
    return spots;
  }

  /** Fill the picture's pixels; the same inputs as the shader's uniforms and attributes.
   * @param {GpuLayer} layer @param {PaintedMoment} moment */
  paint(layer, { fade, distance, ratio, theme, edge, halo, ...moment }) {
    const { pixels, across, width, height } = this,
      { n, from, to, form, order } = layer,
      spots = this.project(layer, { distance, ...moment });
    pixels.fill(0, this.low * across, this.high * across);
    let top = Infinity,
      bottom = -Infinity;
    const [g0, g1, g2] = theme.ground,
      [e0, e1, e2] = edge;
    for (let turn = 0; turn < n; turn++) {
      const row = order ? order[turn] : turn,
        w = spots[row * 3 + 2],
        near = distance ? clamp(distance / w, 0.4, 2.4) : 1;
      const radius = Math.min(0.5 * mix(form[row * 3], form[row * 3 + 1], fade) * near * ratio, 60),
        x = spots[row * 3],
        y = spots[row * 3 + 1];
      if (!(w > 0.02) || !(x > -radius - 1 && y > -radius - 1 && x < width + radius + 1 && y < height + radius + 1)) continue;
      const k = row * 4,
        alpha = mix(from[k + 3], to[k + 3], fade) / 255;
      if (alpha < 0.004) continue;
      const fog = distance ? 0.6 * clamp((w - distance + 0.45) / 1.1, 0, 1) : 0;
      const r = mix(from[k], to[k], fade),
        g = mix(from[k + 1], to[k + 1], fade),
        b = mix(from[k + 2], to[k + 2], fade);
      // two channels a number: red and blue, green and opacity
      const rb = ((mix(b, g2, fog) | 0) << 16) | (mix(r, g0, fog) | 0),
        ga = 0xff0000 | (mix(g, g1, fog) | 0);
      const rimRb = ((mix(mix(b, e2, halo), g2, fog) | 0) << 16) | (mix(mix(r, e0, halo), g0, fog) | 0),
        rimGa = 0xff0000 | (mix(mix(g, e1, halo), g1, fog) | 0);
      const qx = Math.round(x * 4),
        qy = Math.round(y * 4),
        { where, cover, rim } = this.mask(form[row * 3 + 2], Math.max(Math.round(radius * 4), 2), qx & 3, qy & 3, ratio);
      const line = qy >> 2,
        at = (line + RIM) * across + (qx >> 2) + RIM,
        reach = Math.ceil(radius) + 3;
      if (line - reach < top) top = line - reach;
      if (line + reach > bottom) bottom = line + reach;
      for (let j = 0; j < where.length; j++) {
        const share = (cover[j] * alpha) | 0,
          rest = 256 - share,
          e = rim[j],
          i = 256 - e,
          below = pixels[at + where[j]];
        const fill = e ? ((Math.imul(rb, i) + Math.imul(rimRb, e)) >>> 8) & 0xff00ff : rb,
          soft = e ? ((Math.imul(ga, i) + Math.imul(rimGa, e)) >>> 8) & 0xff00ff : ga;
        const even = ((Math.imul(fill, share) + Math.imul(below & 0xff00ff, rest)) >>> 8) & 0xff00ff;
        pixels[at + where[j]] = even | ((Math.imul(soft, share) + Math.imul((below >>> 8) & 0xff00ff, rest)) & 0xff00ff00);
      }
    }
    this.low = clamp(top + RIM, 0, height + 2 * RIM);
    this.high = clamp(bottom + 1 + RIM, this.low, height + 2 * RIM);
    return [clamp(top, 0, height), clamp(bottom + 1, 0, height)];
  }

  /** Paint the points and lay the picture over what is drawn so far.
   * @param {GpuLayer} layer @param {PaintedMoment} moment */
  draw(layer, moment) {
    const { gl } = this,
      { width, height } = layer.canvas;
    this.resize(width, height);
    const [top, bottom] = this.paint(layer, moment);
    if (!(bottom > top)) return;
    gl.useProgram(this.program);
    gl.bindVertexArray(this.shape);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false); // it already is
    for (const [name, value] of [
      [gl.UNPACK_ROW_LENGTH, this.across],
      [gl.UNPACK_SKIP_PIXELS, RIM],
      [gl.UNPACK_SKIP_ROWS, RIM + top],
    ])
      gl.pixelStorei(name, value);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, top, width, bottom - top, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(this.pixels.buffer));
    for (const name of [gl.UNPACK_ROW_LENGTH, gl.UNPACK_SKIP_PIXELS, gl.UNPACK_SKIP_ROWS]) gl.pixelStorei(name, 0);
    gl.uniform2f(this.rows, top / height, bottom / height);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
  }
}
