// @ts-check
/* The GPU layer. It moves every point on the graphics card; JavaScript only says what time it is. */

/** The way of a point through the key states before, from, to and after, as a function for a shader.
 * @param {"vec2" | "vec3"} vec */
const filmCurve = (vec) => `
${vec} tangent(${vec} a, ${vec} b) {
  ${vec} same = ${vec}(greaterThan(a * b, ${vec}(0.)));
  return same * 2. * a * b / mix(${vec}(1.), a + b, same);
}
${vec} curve(${vec} p0, ${vec} p1, ${vec} p2, ${vec} p3, float u, float flowing) {
  float v = u * u, w = v * u;
  if (flowing < .5) return mix(p1, p2, v * (3. - 2. * u));
  ${vec} m0 = tangent(p1 - p0, p2 - p1), m1 = tangent(p2 - p1, p3 - p2);
  return (2.*w - 3.*v + 1.) * p1 + (w - 2.*v + u) * m0 + (3.*v - 2.*w) * p2 + (w - v) * m1;
}`;

const VERTEX = `#version 300 es
in vec3 p0; in vec3 p1; in vec3 p2; in vec3 p3; // key states before, from, to, after
in vec4 c0; in vec4 c1;                         // colour from, to
in vec3 form;                                   // diameter from, to; symbol
uniform mat4 camera;
uniform float u, fade, flowing, ratio, distance0;
out vec4 colour; out float radius; out float fog; flat out int symbol;
${filmCurve("vec3")}
void main() {
  gl_Position = camera * vec4(curve(p0, p1, p2, p3, u, flowing), 1.);
  float near = 1.; fog = 0.;
  if (distance0 > 0.) { // 3-D: nearer is larger and clearer
    near = clamp(distance0 / gl_Position.w, .4, 2.4);
    fog = .6 * clamp((gl_Position.w - distance0 + .45) / 1.1, 0., 1.);
    gl_Position.z = 0.; // drawn back to front, never clipped
    if (gl_Position.w < .02) gl_Position = vec4(2., 2., 2., 1.);
  }
  radius = .5 * mix(form.x, form.y, fade) * near * ratio;
  symbol = int(form.z + .5);
  colour = mix(c0, c1, fade);
  gl_PointSize = 2. * radius + 1.; // every pixel more costs, where the GPU is software
}`;

const FRAGMENT = `#version 300 es
precision mediump float;
in vec4 colour; in float radius; in float fog; flat in int symbol;
uniform vec3 ground, edge; uniform highp float ratio; uniform float halo;
out vec4 pixel;
float cross_(vec2 q, float r) { q = abs(q); q = q.x > q.y ? q : q.yx; return max(q.x - r, q.y - r * .38); }
float shape(vec2 q, float r) { // signed distance in pixels, negative inside
  if (symbol == 0) return length(q) - r;
  if (symbol == 1) { vec2 d = abs(q) - r * .86; return max(d.x, d.y); }
  if (symbol == 2) return (abs(q.x) + abs(q.y)) * .7071 - r * .82;
  if (symbol == 3) return max(abs(q.x) * .866 - q.y * .5, q.y) - r * .55;
  if (symbol == 4) return cross_(q, r);
  if (symbol == 5) return cross_(mat2(.7071, .7071, -.7071, .7071) * q, r);
  if (symbol == 6) return max(abs(q.x) * .866 + q.y * .5, -q.y) - r * .55;
  float turn = atan(q.x, -q.y), fifth = 6.28318 / 5.;
  turn = abs(mod(turn + fifth * .5, fifth) - fifth * .5);
  return (length(q) * cos(turn) * .62 + length(q) * sin(turn) * .85) - r * .6;
}
void main() {
  vec2 q = (gl_PointCoord - .5) * (2. * radius + 1.);
  if (symbol == 3) q.y = -q.y - radius * .12;
  if (symbol == 6) q.y = -q.y + radius * .12;
  float d = shape(q, radius), alpha = clamp(.5 - d, 0., 1.) * colour.a;
  if (alpha < .004) discard;
  float line = min(1.15 * ratio, radius * .35);
  vec3 fill = mix(colour.rgb, edge, clamp(d + line + .5, 0., 1.) * halo);
  fill = mix(fill, ground, fog);
  pixel = vec4(fill * alpha, alpha);
}`;

const INPUTS = { p0: 3, p1: 3, p2: 3, p3: 3, c0: 4, c1: 4, form: 3 };

/** Compile and link; attributes take the numbers of their names in `inputs`. Throws what the browser says.
 * @param {WebGL2RenderingContext} gl @param {string} vertex @param {string} fragment @param {string[]} inputs */
function compileProgram(gl, vertex, fragment, inputs) {
  const program = need(gl.createProgram());
  for (const kind of [gl.VERTEX_SHADER, gl.FRAGMENT_SHADER]) {
    const shader = need(gl.createShader(kind)),
      source = kind === gl.VERTEX_SHADER ? vertex : fragment;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(shader) ?? "");
    gl.attachShader(program, shader);
  }
  inputs.forEach((name, index) => gl.bindAttribLocation(program, index, name));
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program) ?? "");
  return program;
}

/** The corners of a square from 0 to 1 as attribute 0, for drawing a whole picture at once; they stay bound.
 * @param {WebGL2RenderingContext} gl */
function unitSquare(gl) {
  const square = gl.createVertexArray();
  gl.bindVertexArray(square);
  gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
  gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([0, 0, 1, 0, 0, 1, 1, 1]), gl.STATIC_DRAW);
  gl.enableVertexAttribArray(0);
  gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0);
  return square;
}

/** Read the bound texture pixel by pixel: neither blurred nor repeated.
 * @param {WebGL2RenderingContext} gl */
function readByPixel(gl) {
  for (const name of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, name, gl.NEAREST);
  for (const name of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, name, gl.CLAMP_TO_EDGE);
}

class GpuLayer {
  n = 0;
  /** Key states. */
  states = 0;
  /** @type {Float32Array} */
  positions = new Float32Array(0);
  /** @type {Float32Array} */
  form = new Float32Array(0);
  /** @type {Uint8Array} */
  from = new Uint8Array(0);
  /** @type {Uint8Array} */
  to = new Uint8Array(0);
  /** @type {Uint32Array | null} */
  order = null;

  /** Throws where the browser has no WebGL2.
   * @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    const gl = canvas.getContext("webgl2", {
      alpha: false,
      antialias: false,
      depth: false,
      premultipliedAlpha: true,
      powerPreference: "high-performance",
    });
    if (!gl) throw new Error("no WebGL2");
    this.gl = gl;
    const program = (this.program = compileProgram(gl, VERTEX, FRAGMENT, Object.keys(INPUTS)));
    this.at = Object.fromEntries(
      ["camera", "u", "fade", "flowing", "ratio", "distance0", "ground", "edge", "halo"].map((name) => [
        name,
        gl.getUniformLocation(program, name),
      ]),
    );
    this.buffers = Object.fromEntries(["positions", "c0", "c1", "form", "order"].map((name) => [name, gl.createBuffer()]));
    this.shape = gl.createVertexArray();
    gl.bindVertexArray(this.shape);
    Object.keys(INPUTS).forEach((_, at) => gl.enableVertexAttribArray(at));
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    this.renderer = new GlRenderer(gl);
    this.raster = Raster.needed(gl) ? new Raster(gl) : null;
  }

  /** @param {string} name @param {AllowSharedBufferSource} array @param {number} usage */
  fill(name, array, usage = this.gl.STATIC_DRAW) {
    const target = name === "order" ? this.gl.ELEMENT_ARRAY_BUFFER : this.gl.ARRAY_BUFFER;
    this.gl.bindVertexArray(this.shape);
    this.gl.bindBuffer(target, this.buffers[name]);
    this.gl.bufferData(target, array, usage);
  }

  /** Key states (states, n, 3), colours from and to (n, 4 bytes), forms (n, 3): diameter from and to, symbol.
   * @param {PointArrays} points */
  load({ positions, n, from, to, form }) {
    this.n = n;
    this.states = positions.length / (3 * n);
    this.positions = positions;
    this.form = form;
    this.fill("positions", positions);
    this.recolour(from, to);
    this.fill("form", form);
    this.sort(null);
  }

  /** @param {Uint8Array} from @param {Uint8Array} to */
  recolour(from, to) {
    this.from = from;
    this.to = to;
    this.fill("c0", from);
    this.fill("c1", to);
  }

  /** Whether the points are filled in here, without the shader. */
  get rasters() {
    return Boolean(this.raster) && this.n > MANY;
  }

  /** The order in which points are drawn: row order, or back to front.
   * @param {Uint32Array | null} order */
  sort(order) {
    this.order = order;
    if (!order || !this.rasters)
      this.fill("order", order ?? Uint32Array.from({ length: this.n }, (_, i) => i), this.gl.DYNAMIC_DRAW);
  }

  /** @param {Theme} theme */
  clear(theme) {
    const { gl, canvas } = this;
    gl.viewport(0, 0, canvas.width, canvas.height);
    const [r, g, b] = theme.ground.map((x) => x / 255);
    gl.clearColor(r, g, b, 1); // opaque: the browser need not blend it with the page
    gl.clear(gl.COLOR_BUFFER_BIT);
  }

  /** @param {Moment} moment */
  draw({ leg, u, fade, flowing, matrix, distance, ratio, theme }) {
    const { gl, at, buffers, n, states } = this;
    if (!n) return;
    const edge = theme.dark ? between(theme.ground, [0, 0, 0], 0.5) : [255, 255, 255],
      halo = theme.dark ? 0.7 : 0.85;
    if (this.raster && this.rasters) {
      this.raster.draw(this, { leg, u, fade, flowing, matrix, distance, ratio, theme, edge, halo });
      return;
    }
    gl.useProgram(this.program);
    gl.bindVertexArray(this.shape);
    /** @type {(k: number) => number} */
    const keep = (k) => clamp(k, 0, states - 1) * n * 12;
    const offsets = [keep(leg - 1), keep(leg), keep(leg + 1), keep(leg + 2)];
    gl.bindBuffer(gl.ARRAY_BUFFER, buffers.positions);
    offsets.forEach((offset, i) => gl.vertexAttribPointer(i, 3, gl.FLOAT, false, 0, offset));
    gl.bindBuffer(gl.ARRAY_BUFFER, buffers.c0);
    gl.vertexAttribPointer(4, 4, gl.UNSIGNED_BYTE, true, 0, 0);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffers.c1);
    gl.vertexAttribPointer(5, 4, gl.UNSIGNED_BYTE, true, 0, 0);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffers.form);
    gl.vertexAttribPointer(6, 3, gl.FLOAT, false, 0, 0);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, buffers.order);
    gl.uniformMatrix4fv(at.camera, false, matrix);
    gl.uniform1f(at.u, u);
    gl.uniform1f(at.fade, fade);
    gl.uniform1f(at.flowing, flowing ? 1 : 0);
    gl.uniform1f(at.ratio, ratio);
    gl.uniform1f(at.distance0, distance);
    gl.uniform3fv(
      at.ground,
      theme.ground.map((x) => x / 255),
    );
    gl.uniform3fv(
      at.edge,
      edge.map((x) => x / 255),
    );
    gl.uniform1f(at.halo, halo);
    gl.drawElements(gl.POINTS, n, gl.UNSIGNED_INT, 0);
  }

  dispose() {
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
  }
}

/** Row numbers from far to near, by counting: linear, so that 20,000 points still fit in a frame.
 * @param {Float32Array} depths @param {Uint32Array} scratch */
function backToFront(depths, scratch) {
  const n = depths.length,
    bins = 4096;
  let low = Infinity,
    high = -Infinity;
  for (let i = 0; i < n; i++) {
    if (depths[i] < low) low = depths[i];
    if (depths[i] > high) high = depths[i];
  }
  const scale = (bins - 1) / (high - low || 1),
    counts = new Uint32Array(bins + 1);
  for (let i = 0; i < n; i++) counts[(((high - depths[i]) * scale) | 0) + 1]++;
  for (let i = 0; i < bins; i++) counts[i + 1] += counts[i];
  for (let i = 0; i < n; i++) scratch[counts[((high - depths[i]) * scale) | 0]++] = i;
  return scratch;
}
