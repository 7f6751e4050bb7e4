// @ts-check
/* Very many points on a graphics card: added up on a picture of half-precision numbers, and turned into colours by a second pass. */

const MANY_VERTEX = `#version 300 es
in vec2 p0; in vec2 p1; in vec2 p2; in vec2 p3; in float code; // states before, from, to, after
uniform vec4 view; uniform float u, flowing, dot_; uniform sampler2D palette;
flat out vec4 ink;
${filmCurve("vec2")}
void main() {
  vec2 here = curve(p0, p1, p2, p3, u, flowing);
  gl_Position = vec4(here * view.xz + view.yw, 0., 1.);
  gl_PointSize = dot_ < 1.6 ? 1. : dot_ + 1.;
  int at = int(code + .5);
  vec4 colour = texelFetch(palette, ivec2(at & 255, at >> 8), 0);
  ink = vec4(colour.rgb, 1.) * colour.a;
}`;

const MANY_FRAGMENT = `#version 300 es
precision mediump float;
flat in vec4 ink; uniform highp float dot_; out vec4 pixel;
void main() {
  float cover = dot_ < 1.6 ? 1. : clamp(.5 + dot_ * .5 - length(gl_PointCoord - .5) * (dot_ + 1.), 0., 1.);
  pixel = ink * cover;
}`;

const TONE_FRAGMENT = `#version 300 es
precision highp float;
in highp vec2 at; uniform sampler2D sheet; uniform vec3 tone; out vec4 pixel; // scale, strength of one, the most
void main() {
  vec4 sum = texture(sheet, vec2(at.x, 1. - at.y));
  if (sum.a <= 0.) discard;
  float count = sum.a * tone.x;
  float alpha = count <= 1. ? tone.y * count : min(.97, tone.y + (.97 - tone.y) * log(count) / log(tone.z));
  pixel = vec4(sum.rgb / sum.a * alpha, alpha);
}`;

/** @implements {DensityLayer} */
class GpuDensity {
  width = 0;
  height = 0;
  toned = { scale: 1, single: 1, most: 2 };
  /** What the buffers hold.
   * @type {LargeFilm | null} */
  film = null;
  /** @type {Uint16Array[]} */
  states = [];
  /** @type {(WebGLBuffer | null)[]} */
  buffers = [];
  /** @type {Uint8Array | null} */
  colours = null;

  /** Whether this card adds up on numbers of half precision.
   * @param {WebGL2RenderingContext} gl */
  static possible(gl) {
    return Boolean(gl.getExtension("EXT_color_buffer_float") || gl.getExtension("EXT_color_buffer_half_float"));
  }

  /** @param {WebGL2RenderingContext} gl */
  constructor(gl) {
    this.gl = gl;
    const /** @type {(program: WebGLProgram, names: string[]) => Record<string, WebGLUniformLocation | null>} */
      locations = (program, names) => Object.fromEntries(names.map((name) => [name, gl.getUniformLocation(program, name)]));
    this.program = compileProgram(gl, MANY_VERTEX, MANY_FRAGMENT, ["p0", "p1", "p2", "p3", "code"]);
    this.at = locations(this.program, ["view", "u", "flowing", "dot_"]);
    this.toneProgram = compileProgram(gl, SHEET_VERTEX, TONE_FRAGMENT, ["corner"]);
    this.toneAt = locations(this.toneProgram, ["rows", "tone"]);
    this.shape = gl.createVertexArray();
    gl.bindVertexArray(this.shape);
    for (let i = 0; i < 5; i++) gl.enableVertexAttribArray(i);
    this.codes = gl.createBuffer();
    this.square = unitSquare(gl);
    this.sheet = gl.createTexture();
    this.palette = gl.createTexture();
    this.frame = gl.createFramebuffer();
  }

  /** @param {number} width @param {number} height */
  begin(width, height) {
    const { gl } = this;
    if (width !== this.width || height !== this.height) {
      Object.assign(this, { width, height });
      this.store(this.sheet, () => gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA16F, width, height, 0, gl.RGBA, gl.HALF_FLOAT, null));
      gl.bindFramebuffer(gl.FRAMEBUFFER, this.frame);
      gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, this.sheet, 0);
    }
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.frame);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  }

  /** Fill a texture that is read pixel by pixel.
   * @param {WebGLTexture | null} texture @param {() => void} fill */
  store(texture, fill) {
    const { gl } = this;
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
    fill();
    readByPixel(gl);
  }

  /** Hand over the places and codes of a film, and its colours, where they are new.
   * @param {LargeFilm} film @param {Uint8Array} colours */
  load(film, colours) {
    const { gl } = this;
    if (this.states !== film.states) {
      for (const buffer of this.buffers) gl.deleteBuffer(buffer);
      this.buffers = film.states.map((state) => {
        const buffer = gl.createBuffer();
        gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
        gl.bufferData(gl.ARRAY_BUFFER, state, gl.STATIC_DRAW);
        return buffer;
      });
      this.states = film.states;
    }
    if (this.film !== film) {
      gl.bindBuffer(gl.ARRAY_BUFFER, this.codes);
      gl.bufferData(gl.ARRAY_BUFFER, film.drawnCodes ?? new Uint8Array(film.n), gl.STATIC_DRAW);
      this.film = film;
    }
    if (this.colours === colours) return;
    const rows = Math.ceil(colours.length / 1024),
      square = new Uint8Array(rows * 1024);
    square.set(colours);
    this.store(this.palette, () => gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, 256, rows, 0, gl.RGBA, gl.UNSIGNED_BYTE, square));
    this.colours = colours;
  }

  /** Add the points from one place in the shuffled order to another.
   * @param {LargeFilm} film @param {number} from @param {number} to @param {DensityMoment} moment */
  add(film, from, to, { leg, u, flowing, kx, ox, ky, oy, dot, colours }) {
    const { gl, at, width, height } = this,
      state = (/** @type {number} */ k) => this.buffers[clamp(k, 0, film.last)];
    gl.bindVertexArray(this.shape);
    this.load(film, colours);
    gl.useProgram(this.program);
    [leg - 1, leg, leg + 1, leg + 2].forEach((k, i) => {
      gl.bindBuffer(gl.ARRAY_BUFFER, state(k));
      gl.vertexAttribPointer(i, 2, gl.UNSIGNED_SHORT, false, 0, 0);
    });
    gl.bindBuffer(gl.ARRAY_BUFFER, this.codes);
    gl.vertexAttribPointer(4, 1, film.drawnCodes instanceof Uint16Array ? gl.UNSIGNED_SHORT : gl.UNSIGNED_BYTE, false, 0, 0);
    gl.bindTexture(gl.TEXTURE_2D, this.palette);
    gl.uniform4f(at.view, (2 * kx) / width, (2 * ox) / width - 1, (-2 * ky) / height, 1 - (2 * oy) / height);
    gl.uniform1f(at.u, u);
    gl.uniform1f(at.flowing, flowing ? 1 : 0);
    gl.uniform1f(at.dot_, dot);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.frame);
    gl.blendFunc(gl.ONE, gl.ONE);
    gl.drawArrays(gl.POINTS, from, to - from);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  }

  /** @param {DensityTone} tone */
  tone(tone) {
    this.toned = tone;
  }

  /** Lay the picture over what is drawn so far. */
  show() {
    const { gl, toneAt, toned } = this;
    gl.useProgram(this.toneProgram);
    gl.bindVertexArray(this.square);
    gl.bindTexture(gl.TEXTURE_2D, this.sheet);
    gl.uniform2f(toneAt.rows, 0, 1);
    gl.uniform3f(toneAt.tone, toned.scale, toned.single, toned.most);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
  }
}
