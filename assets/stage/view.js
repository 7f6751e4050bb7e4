// @ts-check
/* Where to look from. A view turns data into pixels; Plotly gets the same view, so both draw in one place. */

const FIELD = Math.PI / 4; // Plotly's field of view in 3-D
const HOME = { azimuth: AZIMUTH, elevation: 0.3, distance: 1.75 };
const REACH = Math.tan(FIELD / 2);
const FREE = [12, 10]; // pixels that stay free round the box of a 3-D map

/** A flat view: centre (cx, cy) and k pixels a unit, the same on both axes. */
class FlatView {
  /** @type {2} */
  dim = 2;

  /** @param {number} cx @param {number} cy @param {number} k */
  constructor(cx, cy, k) {
    this.cx = cx;
    this.cy = cy;
    this.k = k;
  }

  /** All of the film, with room for labels at the rim; the legend keeps [across, down] pixels in the upper right: the map stands
   * beside it or below it, wherever it is larger.
   * @param {{ box: Box }} film @param {number} width @param {number} height @param {number[]} [room] */
  static home(film, width, height, [across, down] = [0, 0]) {
    const padX = Math.min(84, width * 0.11),
      padY = Math.min(40, height * 0.09),
      { centre, half } = film.box;
    /** @type {(x: number, y: number) => number} */
    const fit = (x, y) =>
      Math.max(Math.min((width - 2 * padX - x) / (2 * half[0]), (height - 2 * padY - y) / (2 * half[1])), 1e-12);
    const beside = fit(across, 0),
      below = fit(0, down),
      k = Math.max(beside, below);
    if (below > beside) {
      const under = Math.max(0, half[1] * k + padY + down - height / 2);
      return new FlatView(centre[0], centre[1] + Math.min(under, down / 2) / k, k);
    }
    const over = Math.max(0, half[0] * k + padX + across - width / 2);
    return new FlatView(centre[0] + Math.min(over, across / 2) / k, centre[1], k);
  }

  /** Data to clip space.
   * @param {number} width @param {number} height */
  matrix(width, height) {
    const x = (2 * this.k) / width,
      y = (2 * this.k) / height;
    return new Float32Array([x, 0, 0, 0, 0, y, 0, 0, 0, 0, 0, 0, -this.cx * x, -this.cy * y, 0, 1]);
  }

  /** The ranges of both axes, as Plotly takes them.
   * @param {number} width @param {number} height */
  ranges(width, height) {
    const x = width / 2 / this.k,
      y = height / 2 / this.k;
    return [
      [this.cx - x, this.cx + x],
      [this.cy - y, this.cy + y],
    ];
  }

  /** @param {number[]} x @param {number[]} y @param {number} width */
  static fromRanges([x0, x1], [y0, y1], width) {
    return new FlatView((x0 + x1) / 2, (y0 + y1) / 2, width / Math.abs(x1 - x0));
  }

  /** Pixels back to data.
   * @param {number} px @param {number} py @param {number} width @param {number} height */
  invert(px, py, width, height) {
    return [this.cx + (px - width / 2) / this.k, this.cy - (py - height / 2) / this.k, 0];
  }

  /** @param {number} oldWidth @param {number} oldHeight @param {number} width @param {number} height */
  resized(oldWidth, oldHeight, width, height) {
    return new FlatView(this.cx, this.cy, this.k * Math.min(width / oldWidth, height / oldHeight));
  }

  /** The view a share u of the way to another.
   * @param {FlatView} other @param {number} u */
  toward(other, u) {
    return new FlatView(mix(this.cx, other.cx, u), mix(this.cy, other.cy, u), this.k * (other.k / this.k) ** u);
  }
}

/** A camera round the cube that holds the film; the numbers are Plotly's (the cube has edge 1, z is up). */
class OrbitView {
  /** @type {3} */
  dim = 3;

  /** @param {Box} box @param {number[]} eye */
  constructor(box, eye, center = [0, 0, 0], up = [0, 0, 1]) {
    this.box = box;
    this.eye = eye;
    this.center = center;
    this.up = up;
  }

  /** @param {Box} box @param {{ azimuth: number, elevation: number, distance: number }} angles */
  static spherical(box, { azimuth, elevation, distance }, center = [0, 0, 0]) {
    const flat = Math.cos(elevation) * distance;
    return new OrbitView(
      box,
      [center[0] + flat * Math.sin(azimuth), center[1] - flat * Math.cos(azimuth), center[2] + distance * Math.sin(elevation)],
      center,
    );
  }

  /** As near as keeps the whole box in sight while the camera goes round it, looking a little below its middle: the near lower
   * corners reach furthest. In closed form: a corner at distance `reach` from the axis and height z is in sight where the camera
   * is at least (|its place across or up| ÷ the tangent of the view) + its nearness away.
   * @param {{ box: Box, side?: number }} film @param {number} width @param {number} height */
  static home({ box, side = HOME.azimuth }, width, height) {
    const across = (REACH * Math.max(width - 2 * FREE[0], 1)) / height,
      up = (REACH * Math.max(height - 2 * FREE[1], 1)) / height,
      [x, y, z] = box.half.map((half) => half / (2 * box.radius)),
      reach = Math.hypot(x, y),
      [cos, sin] = [Math.cos(HOME.elevation), Math.sin(HOME.elevation)],
      near = (z * cos + reach * sin) / up + reach * cos - z * sin,
      far = Math.max((z * cos + reach * sin) / up - reach * cos, (z * cos - reach * sin) / up + reach * cos) + z * sin,
      lift = clamp(((far - near) * up) / (2 * cos), -z, z),
      distance = Math.max(
        near + lift * (cos / up - sin),
        far - lift * (cos / up + sin),
        reach * Math.hypot(cos, 1 / across) + (z + Math.abs(lift)) * sin,
        0.3,
      );
    return OrbitView.spherical(box, { ...HOME, azimuth: side, distance }, [0, 0, lift]);
  }

  /** The corners of the box round all points. */
  corners(part = 1) {
    const { centre, half } = this.box;
    return Array.from({ length: 8 }, (_, i) => centre.map((c, axis) => c + ((i >> axis) & 1 ? part : -part) * half[axis]));
  }

  /** Straight down on the plane z = 0: a flat map seen by the camera.
   * @param {Box} box */
  static above(box) {
    return OrbitView.spherical(box, { azimuth: 0, elevation: Math.PI / 2 - 1e-3, distance: HOME.distance });
  }

  angles() {
    const [x, y, z] = minus(this.eye, this.center),
      distance = Math.hypot(x, y, z) || 1;
    return { azimuth: Math.atan2(x, -y), elevation: Math.asin(clamp(z / distance, -1, 1)), distance };
  }

  /** @param {{ box?: Box, eye?: number[], center?: number[], up?: number[] }} changes */
  with(changes) {
    return Object.assign(new OrbitView(this.box, this.eye, this.center, this.up), changes);
  }

  /** The camera a share u of the way to another, round the shorter side.
   * @param {OrbitView} other @param {number} u */
  toward(other, u) {
    const a = this.angles(),
      b = other.angles();
    let turn = b.azimuth - a.azimuth;
    if (Math.abs(turn) > Math.PI) turn -= Math.sign(turn) * 2 * Math.PI;
    const center = this.center.map((x, i) => mix(x, other.center[i], u));
    return OrbitView.spherical(
      other.box,
      { azimuth: a.azimuth + turn * u, elevation: mix(a.elevation, b.elevation, u), distance: mix(a.distance, b.distance, u) },
      center,
    );
  }

  /** @param {number} angle */
  turned(angle) {
    return this.facing(this.angles().azimuth + angle);
  }

  /** The same camera from another side.
   * @param {number} azimuth */
  facing(azimuth) {
    return OrbitView.spherical(this.box, { ...this.angles(), azimuth }, this.center);
  }

  /** Data to clip space.
   * @param {number} width @param {number} height */
  matrix(width, height) {
    const back = unit(minus(this.eye, this.center)),
      right = unit(cross(this.up, back)),
      up = cross(back, right);
    const look = new Float32Array([
      right[0],
      up[0],
      back[0],
      0,
      right[1],
      up[1],
      back[1],
      0,
      right[2],
      up[2],
      back[2],
      0,
      -dot(right, this.eye),
      -dot(up, this.eye),
      -dot(back, this.eye),
      1,
    ]);
    const f = 1 / REACH,
      near = 0.01,
      far = 1000;
    const lens = new Float32Array([
      (f * height) / width,
      0,
      0,
      0,
      0,
      f,
      0,
      0,
      0,
      0,
      (far + near) / (near - far),
      -1,
      0,
      0,
      (2 * far * near) / (near - far),
      0,
    ]);
    const s = 1 / (2 * this.box.radius),
      [x, y, z] = this.box.centre;
    const cube = new Float32Array([s, 0, 0, 0, 0, s, 0, 0, 0, 0, s, 0, -x * s, -y * s, -z * s, 1]);
    return multiply(lens, multiply(look, cube));
  }

  get distance() {
    return Math.hypot(...minus(this.eye, this.center));
  }

  /** The data point on the plane z = 0 that `above` shows at this pixel.
   * @param {number} px @param {number} py @param {number} width @param {number} height */
  onPlane(px, py, width, height) {
    const unitPixels = height / 2 / (HOME.distance * REACH),
      scale = 2 * this.box.radius,
      [x, y, z] = this.box.centre;
    return [x + ((px - width / 2) / unitPixels) * scale, y - ((py - height / 2) / unitPixels) * scale, z];
  }

  /** @returns {OrbitView} */
  resized() {
    return this;
  }
}

/** The view in which a film is shown at first; `room` is what the legend takes of a flat map.
 * @type {(film: { dimensions: number, box: Box, side?: number }, width: number, height: number, room?: number[]) => View} */
const homeView = (film, width, height, room) =>
  film.dimensions === 3 ? OrbitView.home(film, width, height) : FlatView.home(film, width, height, room);

/** Data to [x pixel, y pixel, distance]; the distance is 1 on flat maps.
 * @template {Point} T @param {Float32Array} matrix @param {Point} point @param {number} width @param {number} height @param {T} out @returns {T} */
function project(matrix, point, width, height, out) {
  const [x, y, z] = point,
    w = matrix[3] * x + matrix[7] * y + matrix[11] * z + matrix[15];
  out[0] = ((matrix[0] * x + matrix[4] * y + matrix[8] * z + matrix[12]) / w + 1) * 0.5 * width;
  out[1] = (1 - (matrix[1] * x + matrix[5] * y + matrix[9] * z + matrix[13]) / w) * 0.5 * height;
  out[2] = w;
  return out;
}

/** Whether a flat view shows all of a box, with some room at the rim, and nearly as large as the one made for it, of k pixels a unit.
 * @param {FlatView} view @param {Box} box @param {number} width @param {number} height @param {number} best */
function fills({ cx, cy, k }, { centre, half }, width, height, best) {
  const inside = [0, 1].every((axis) => {
    const middle = axis ? height / 2 - (centre[1] - cy) * k : width / 2 + (centre[0] - cx) * k,
      reach = half[axis] * k,
      size = axis ? height : width;
    return middle - reach > 24 && middle + reach < size - 24;
  });
  return inside && k > best * 0.85;
}

/** The view a share u of the way from one to another of the same dimensions.
 * @param {View} from @param {View} to @param {number} u @returns {View} */
function viewBetween(from, to, u) {
  if (from.dim === 2 && to.dim === 2) return from.toward(to, u);
  return from.dim === 3 && to.dim === 3 ? from.toward(to, u) : to;
}
