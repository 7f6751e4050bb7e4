/* Where to look from. A view turns data into pixels; Plotly gets the same view, so both draw in one place. */

const FIELD = Math.PI / 4; // Plotly's field of view in 3-D
const HOME = { azimuth: 0.62, elevation: 0.36, distance: 1.75 };
const REACH = Math.tan(FIELD / 2);

/** A flat view: centre (cx, cy) and k pixels a unit, the same on both axes. */
class FlatView {
  constructor(cx, cy, k) { Object.assign(this, { dim: 2, cx, cy, k }); }

  /** All of the film, with room for labels at the rim; the legend keeps [across, down] pixels in the upper right: the map stands
   * beside it or below it, wherever it is larger. */
  static home(film, width, height, [across, down] = [0, 0]) {
    const padX = Math.min(84, width * 0.11), padY = Math.min(40, height * 0.09), { centre, half } = film.box;
    const fit = (x, y) => Math.max(Math.min((width - 2 * padX - x) / (2 * half[0]), (height - 2 * padY - y) / (2 * half[1])), 1e-12);
    const beside = fit(across, 0), below = fit(0, down), k = Math.max(beside, below);
    if (below > beside) {
      const under = Math.max(0, half[1] * k + padY + down - height / 2);
      return new FlatView(centre[0], centre[1] + Math.min(under, down / 2) / k, k);
    }
    const over = Math.max(0, half[0] * k + padX + across - width / 2);
    return new FlatView(centre[0] + Math.min(over, across / 2) / k, centre[1], k);
  }

  matrix(width, height) {
    const x = (2 * this.k) / width, y = (2 * this.k) / height;
    return new Float32Array([x, 0, 0, 0, 0, y, 0, 0, 0, 0, 0, 0, -this.cx * x, -this.cy * y, 0, 1]);
  }

  ranges(width, height) {
    const x = width / 2 / this.k, y = height / 2 / this.k;
    return [[this.cx - x, this.cx + x], [this.cy - y, this.cy + y]];
  }

  static fromRanges([x0, x1], [y0, y1], width) {
    return new FlatView((x0 + x1) / 2, (y0 + y1) / 2, width / Math.abs(x1 - x0));
  }

  /** Pixels back to data. */
  invert(px, py, width, height) { return [this.cx + (px - width / 2) / this.k, this.cy - (py - height / 2) / this.k, 0]; }

  resized(oldWidth, oldHeight, width, height) {
    return new FlatView(this.cx, this.cy, this.k * Math.min(width / oldWidth, height / oldHeight));
  }

  toward(other, u) {
    return new FlatView(mix(this.cx, other.cx, u), mix(this.cy, other.cy, u), this.k * (other.k / this.k) ** u);
  }
}

/** A camera round the cube that holds the film; the numbers are Plotly's (the cube has edge 1, z is up). */
class OrbitView {
  constructor(box, eye, center = [0, 0, 0], up = [0, 0, 1]) {
    Object.assign(this, { dim: 3, box, eye, center, up });
  }

  static spherical(box, { azimuth, elevation, distance }, center = [0, 0, 0]) {
    const flat = Math.cos(elevation) * distance;
    return new OrbitView(box, [center[0] + flat * Math.sin(azimuth), center[1] - flat * Math.cos(azimuth), center[2] + distance * Math.sin(elevation)], center);
  }

  /** As near as keeps the box in sight, but for its very corners: points are seldom there. */
  static home(film, width, height) {
    let near = 0.7, far = 6, view = null;
    const pixel = [0, 0, 0];
    for (let i = 0; i < 12; i++) {
      const distance = (near + far) / 2;
      view = OrbitView.spherical(film.box, { ...HOME, distance });
      const matrix = view.matrix(width, height);
      const fits = view.corners(0.84).every((corner) => {
        const [x, y, w] = project(matrix, corner, width, height, pixel);
        return w > 0.05 && x > 40 && x < width - 40 && y > 12 && y < height - 12;
      });
      if (fits) far = distance; else near = distance;
    }
    return OrbitView.spherical(film.box, { ...HOME, distance: far });
  }

  /** The corners of the box round all points. */
  corners(part = 1) {
    const { centre, half } = this.box;
    return Array.from({ length: 8 }, (_, i) => centre.map((c, axis) => c + ((i >> axis) & 1 ? part : -part) * half[axis]));
  }

  /** Straight down on the plane z = 0: a flat map seen by the camera. */
  static above(box) { return OrbitView.spherical(box, { azimuth: 0, elevation: Math.PI / 2 - 1e-3, distance: HOME.distance }); }

  angles() {
    const [x, y, z] = minus(this.eye, this.center), distance = Math.hypot(x, y, z) || 1;
    return { azimuth: Math.atan2(x, -y), elevation: Math.asin(clamp(z / distance, -1, 1)), distance };
  }

  with(changes) { return Object.assign(new OrbitView(this.box, this.eye, this.center, this.up), changes); }

  toward(other, u) {
    const a = this.angles(), b = other.angles();
    let turn = b.azimuth - a.azimuth;
    if (Math.abs(turn) > Math.PI) turn -= Math.sign(turn) * 2 * Math.PI;
    const center = this.center.map((x, i) => mix(x, other.center[i], u));
    return OrbitView.spherical(this.box, { azimuth: a.azimuth + turn * u, elevation: mix(a.elevation, b.elevation, u), distance: mix(a.distance, b.distance, u) }, center);
  }

  turned(angle) {
    const now = this.angles();
    return OrbitView.spherical(this.box, { ...now, azimuth: now.azimuth + angle }, this.center);
  }

  matrix(width, height) {
    const back = unit(minus(this.eye, this.center)), right = unit(cross(this.up, back)), up = cross(back, right);
    const look = new Float32Array([right[0], up[0], back[0], 0, right[1], up[1], back[1], 0, right[2], up[2], back[2], 0,
      -dot(right, this.eye), -dot(up, this.eye), -dot(back, this.eye), 1]);
    const f = 1 / REACH, near = 0.01, far = 1000;
    const lens = new Float32Array([(f * height) / width, 0, 0, 0, 0, f, 0, 0, 0, 0, (far + near) / (near - far), -1, 0, 0, (2 * far * near) / (near - far), 0]);
    const s = 1 / (2 * this.box.radius), [x, y, z] = this.box.centre;
    const cube = new Float32Array([s, 0, 0, 0, 0, s, 0, 0, 0, 0, s, 0, -x * s, -y * s, -z * s, 1]);
    return multiply(lens, multiply(look, cube));
  }

  get distance() { return Math.hypot(...minus(this.eye, this.center)); }

  /** The data point on the plane z = 0 that `above` shows at this pixel. */
  onPlane(px, py, width, height) {
    const unitPixels = height / 2 / (HOME.distance * REACH), scale = 2 * this.box.radius, [x, y, z] = this.box.centre;
    return [x + ((px - width / 2) / unitPixels) * scale, y - ((py - height / 2) / unitPixels) * scale, z];
  }

  resized() { return this; }
}

const homeView = (film, width, height, keep) => (film.dimensions === 3 ? OrbitView.home(film, width, height) : FlatView.home(film, width, height, keep));

/** Data to [x pixel, y pixel, distance]; the distance is 1 on flat maps. */
function project(matrix, point, width, height, out) {
  const [x, y, z] = point, w = matrix[3] * x + matrix[7] * y + matrix[11] * z + matrix[15];
  out[0] = ((matrix[0] * x + matrix[4] * y + matrix[8] * z + matrix[12]) / w + 1) * 0.5 * width;
  out[1] = (1 - (matrix[1] * x + matrix[5] * y + matrix[9] * z + matrix[13]) / w) * 0.5 * height;
  out[2] = w;
  return out;
}
