// @ts-check
/* Two renderers with the same strokes. One draws on the GPU layer (a second canvas that changes on every frame costs
 * the browser as much as all points together), the other on a plain canvas: over thumbnails, and where WebGL is missing. */

const STROKE_VERTEX = `#version 300 es
in vec2 at; in vec2 texel; in vec2 edge; in vec4 ink;
uniform vec2 size; uniform vec2 page;
out vec2 uv; out vec2 rim; out vec4 colour;
void main() {
  gl_Position = vec4(2. * at.x / size.x - 1., 1. - 2. * at.y / size.y, 0., 1.);
  uv = texel / page; rim = edge; colour = ink;
}`;

const STROKE_FRAGMENT = `#version 300 es
precision highp float;
in vec2 uv; in vec2 rim; in vec4 colour;
uniform sampler2D words; uniform float ratio;
out vec4 pixel;
void main() {
  if (rim.y <= 0.) pixel = texture(words, uv) * colour.a;                        // a word
  else pixel = vec4(colour.rgb, 1.) * colour.a * clamp((rim.y - abs(rim.x)) * ratio + .5, 0., 1.); // a stroke
}`;

const STROKE_INPUTS = { at: 2, texel: 2, edge: 2, ink: 4 },
  PAGE = 2048;

/** @implements {Renderer} */
class GlRenderer {
  /** There is no canvas context to draw pictures with. */
  context = null;
  data = new Float32Array(6 * 10 * 512);
  length = 0;
  frame = { width: 1, height: 1, ratio: 1 };
  /** Where words lie on the texture.
   * @type {Map<Sprite, [number, number]>} */
  slots = new Map();
  shelf = { x: 1, y: 1, tall: 0 };

  /** @param {WebGL2RenderingContext} gl */
  constructor(gl) {
    this.gl = gl;
    this.program = compileProgram(gl, STROKE_VERTEX, STROKE_FRAGMENT, Object.keys(STROKE_INPUTS));
    this.where = Object.fromEntries(["size", "page", "ratio"].map((name) => [name, gl.getUniformLocation(this.program, name)]));
    this.shape = gl.createVertexArray();
    this.buffer = gl.createBuffer();
    gl.bindVertexArray(this.shape);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffer);
    let offset = 0;
    Object.values(STROKE_INPUTS).forEach((count, index) => {
      gl.enableVertexAttribArray(index);
      gl.vertexAttribPointer(index, count, gl.FLOAT, false, 40, offset);
      offset += count * 4;
    });
    gl.bindVertexArray(null);
    this.texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, PAGE, PAGE);
    for (const side of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, side, gl.LINEAR);
  }

  empty() {
    this.slots = new Map();
    this.shelf = { x: 1, y: 1, tall: 0 };
  }

  /** Where a word lies on the texture; uploaded when first met.
   * @param {Sprite} sprite @returns {[number, number] | null} */
  slot(sprite) {
    const known = this.slots.get(sprite);
    if (known) return known;
    const { gl, shelf } = this,
      { width, height } = sprite.canvas;
    if (width + 2 > PAGE || height + 2 > PAGE) return null;
    if (shelf.x + width + 2 > PAGE) Object.assign(shelf, { x: 1, y: shelf.y + shelf.tall + 2, tall: 0 });
    if (shelf.y + height + 2 > PAGE) {
      this.flush();
      this.empty();
      return this.slot(sprite);
    }
    /** @type {[number, number]} */
    const found = [shelf.x, shelf.y];
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, ...found, gl.RGBA, gl.UNSIGNED_BYTE, sprite.canvas);
    shelf.x += width + 2;
    shelf.tall = Math.max(shelf.tall, height);
    this.slots.set(sprite, found);
    return found;
  }

  /** @param {FrameSize} frame */
  begin(frame) {
    this.frame = frame;
    this.length = 0;
  }

  /** Four corners [x, y, u, v, across] as two triangles.
   * @param {number[][]} corners @param {number} half @param {number} r @param {number} g @param {number} b @param {number} alpha */
  quad(corners, half, r, g, b, alpha) {
    if ((this.length + 6) * 10 > this.data.length) {
      const larger = new Float32Array(this.data.length * 2);
      larger.set(this.data);
      this.data = larger;
    }
    for (const i of [0, 1, 2, 2, 1, 3]) {
      const [x, y, u, v, across] = corners[i];
      this.data.set([x, y, u, v, across, half, r, g, b, alpha], this.length++ * 10);
    }
  }

  /** @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1 @param {number} width @param {Colour} colour @param {number} alpha @param {number[]} [dash] */
  line(x0, y0, x1, y1, width, [r, g, b], alpha, dash) {
    const dx = x1 - x0,
      dy = y1 - y0,
      length = Math.hypot(dx, dy);
    if (!(length > 0)) return;
    if (dash) {
      const [on, off] = dash;
      for (let s = 0; s < length; s += on + off) {
        const e = Math.min(s + on, length);
        this.line(
          x0 + (dx * s) / length,
          y0 + (dy * s) / length,
          x0 + (dx * e) / length,
          y0 + (dy * e) / length,
          width,
          [r, g, b],
          alpha,
        );
      }
      return;
    }
    const half = width / 2,
      wide = half + 1,
      nx = (-dy / length) * wide,
      ny = (dx / length) * wide;
    this.quad(
      [
        [x0 + nx, y0 + ny, 0, 0, wide],
        [x0 - nx, y0 - ny, 0, 0, -wide],
        [x1 + nx, y1 + ny, 0, 0, wide],
        [x1 - nx, y1 - ny, 0, 0, -wide],
      ],
      half,
      r / 255,
      g / 255,
      b / 255,
      alpha,
    );
  }

  /** @param {number} x @param {number} y @param {number} radius @param {number} width @param {Colour} colour @param {number} alpha */
  ring(x, y, radius, width, colour, alpha) {
    const steps = Math.max(24, Math.round(radius * 2));
    for (let i = 0; i < steps; i++) {
      const a = (i / steps) * 2 * Math.PI,
        b = ((i + 1) / steps) * 2 * Math.PI;
      this.line(
        x + radius * Math.cos(a),
        y + radius * Math.sin(a),
        x + radius * Math.cos(b),
        y + radius * Math.sin(b),
        width,
        colour,
        alpha,
      );
    }
  }

  /** @param {Sprite} sprite @param {number} x @param {number} y @param {number} alpha */
  sprite(sprite, x, y, alpha) {
    const slot = this.slot(sprite);
    if (!slot) return;
    const [u, v] = slot,
      { width, height, canvas } = sprite,
      U = u + canvas.width,
      V = v + canvas.height;
    this.quad(
      [
        [x, y, u, v, 0],
        [x, y + height, u, V, 0],
        [x + width, y, U, v, 0],
        [x + width, y + height, U, V, 0],
      ],
      0,
      1,
      1,
      1,
      alpha,
    );
  }

  flush() {
    if (!this.length) return;
    const { gl, where, frame } = this;
    gl.useProgram(this.program);
    gl.bindVertexArray(this.shape);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffer);
    gl.bufferData(gl.ARRAY_BUFFER, this.data.subarray(0, this.length * 10), gl.STREAM_DRAW);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.uniform2f(where.size, frame.width, frame.height);
    gl.uniform2f(where.page, PAGE, PAGE);
    gl.uniform1f(where.ratio, frame.ratio);
    gl.drawArrays(gl.TRIANGLES, 0, this.length);
    this.length = 0;
  }
}

/** @implements {Renderer} */
class CanvasRenderer {
  /** @param {CanvasRenderingContext2D} context */
  constructor(context) {
    this.context = context;
  }

  /** @param {FrameSize} frame */
  begin({ ratio, width, height }) {
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.context.clearRect(0, 0, width, height);
  }

  /** @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1 @param {number} width @param {Colour} colour @param {number} alpha @param {number[]} [dash] */
  line(x0, y0, x1, y1, width, colour, alpha, dash = []) {
    const { context } = this;
    Object.assign(context, { strokeStyle: css(colour, alpha), lineWidth: width, lineCap: dash.length ? "butt" : "round" });
    context.setLineDash(dash);
    context.beginPath();
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
    context.stroke();
  }

  /** @param {number} x @param {number} y @param {number} radius @param {number} width @param {Colour} colour @param {number} alpha @param {number[] | null} [box] */
  ring(x, y, radius, width, colour, alpha, box = null) {
    const { context } = this;
    Object.assign(context, { strokeStyle: css(colour, alpha), lineWidth: width });
    context.setLineDash([]);
    context.beginPath();
    if (box) context.roundRect(x - box[0], y - box[1], 2 * box[0], 2 * box[1], 8);
    else context.arc(x, y, radius, 0, 7);
    context.stroke();
  }

  /** @param {Sprite} sprite @param {number} x @param {number} y @param {number} alpha */
  sprite(sprite, x, y, alpha) {
    this.context.globalAlpha = alpha;
    this.context.drawImage(sprite.canvas, x, y, sprite.width, sprite.height);
    this.context.globalAlpha = 1;
  }

  flush() {}
}
