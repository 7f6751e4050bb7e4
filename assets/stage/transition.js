// @ts-check
/* The way from one scene to the next. Points that stay travel, the others come or go. */

const TRANSITION = 1.1; // seconds between two scenes

/** The row of each key, worked out once a film.
 * @param {Film} film */
function rowsOf(film) {
  return (film.rows ??= new Map(film.keys.map((key, row) => [key, row])));
}

/** Where everything is now, in pixels and in the cube, for the next scene to start from.
 * @param {Stage} stage */
function snapshot(stage) {
  const { film, view } = stage,
    pixels = stage.screen.all().slice(),
    cube = new Float32Array(film.n * 3),
    { centre, radius } = view.dim === 3 ? view.box : film.box;
  for (let row = 0; row < film.n; row++) {
    const spot = stage.screen.locate(row);
    for (let axis = 0; axis < 3; axis++) cube[row * 3 + axis] = (spot[axis] - centre[axis]) / radius;
  }
  return {
    n: film.n,
    film,
    view,
    pixels,
    cube,
    rows: rowsOf(film),
    colours: stage.points.colours(),
    forms: Array.from({ length: film.n }, (_, row) => [film.diameter(row), film.shape(row, stage.frame)]),
  };
}

/** The way from the old scene to the new one, as two key states of all points that come, stay or go; `plays`: the film
 * then plays.
 * @param {Stage} stage @param {Film} film @param {ReturnType<typeof snapshot>} before @param {number} p @param {boolean} plays
 * @returns {Segment} */
function transition(stage, film, before, p, plays) {
  const { width, height } = stage,
    gone = [...before.rows].filter(([key]) => !rowsOf(film).has(key)).map(([, row]) => row);
  const n = film.n + gone.length,
    positions = new Float32Array(n * 6),
    from = new Uint8Array(n * 4),
    into = new Uint8Array(n * 4),
    form = new Float32Array(n * 3);
  const rises = film.dimensions === 3 && before.view.dim === 2,
    falls = film.dimensions === 2 && before.view.dim === 3;
  const space = stage.view.dim === 3 ? stage.view.box : film.box,
    box = falls && before.view.dim === 3 ? before.view.box : space,
    colours = film.paint(stage.theme, Math.round(p), stage),
    arrive = new Uint8Array(film.n);
  const finalView = stage.view,
    flatView = finalView.dim === 2 ? finalView : null;
  /** @type {(row: number) => number[]} */
  const start = (row) => {
    if (rises && finalView.dim === 3) return finalView.onPlane(before.pixels[row * 3], before.pixels[row * 3 + 1], width, height);
    if (falls) return [0, 1, 2].map((axis) => box.centre[axis] + before.cube[row * 3 + axis] * box.radius);
    if (film.dimensions === 3) return [0, 1, 2].map((axis) => box.centre[axis] + before.cube[row * 3 + axis] * box.radius);
    return need(flatView).invert(before.pixels[row * 3], before.pixels[row * 3 + 1], width, height);
  };
  const flatCamera = falls ? OrbitView.above(box) : null;
  /** @type {(row: number) => number[]} */
  const finish = (row) => {
    const spot = film.at(row, p, [0, 0, 0]);
    if (!flatCamera) return spot;
    const pixel = project(finalView.matrix(width, height), spot, width, height, [0, 0, 0]);
    return flatCamera.onPlane(pixel[0], pixel[1], width, height);
  };
  /** @type {(spot: number[]) => number[]} */
  const outside = (spot) => {
    const { centre, radius } = box,
      way = [0, 1, 2].map((axis) => spot[axis] - centre[axis]),
      length = Math.hypot(...way);
    if (film.dimensions === 3 || falls) return [spot[0], spot[1], spot[2] + radius * 1.4];
    if (length < radius * 0.05) return [spot[0], spot[1] + radius * 1.6, 0];
    const reach = Math.max(width, height) / 2 / need(flatView).k + radius * 0.1;
    return way.map((x, axis) => centre[axis] + (x / length) * Math.max(reach, length * 1.2));
  };
  let travels = rises || falls;
  for (let row = 0; row < film.n; row++) {
    const then = before.rows.get(film.keys[row]),
      b = finish(row),
      a = then === undefined ? outside(b) : start(then);
    if (then !== undefined && !travels && Math.hypot(b[0] - a[0], b[1] - a[1], b[2] - a[2]) > film.box.radius * 0.004)
      travels = true;
    positions.set(a, row * 3);
    positions.set(b, (n + row) * 3);
    into.set(colours.subarray(row * 4, row * 4 + 4), row * 4);
    from.set(
      then === undefined ? [...colours.subarray(row * 4, row * 4 + 3), 0] : before.colours.subarray(then * 4, then * 4 + 4),
      row * 4,
    );
    const size = film.diameter(row);
    form.set([then === undefined ? size * 2.2 : before.forms[then][0], size, film.shape(row, Math.round(p))], row * 3);
    arrive[row] = then === undefined ? 1 : 0;
  }
  gone.forEach((old, i) => {
    const row = film.n + i,
      spot = start(old);
    positions.set(spot, row * 3);
    positions.set(spot, (n + row) * 3);
    from.set(before.colours.subarray(old * 4, old * 4 + 4), row * 4);
    into.set([...before.colours.subarray(old * 4, old * 4 + 3), 0], row * 4);
    form.set([before.forms[old][0], before.forms[old][0] * 0.3, before.forms[old][1]], row * 3);
  });
  /** @type {[View, View]} */
  const views = rises ? [OrbitView.above(box), finalView] : flatCamera ? [before.view, flatCamera] : [finalView, finalView];
  if (rises || falls) stage.camera.view = views[0];
  return {
    n,
    positions,
    from,
    into,
    form,
    arrive,
    travels,
    views,
    finalView,
    plays,
    t: 0,
    seconds: rises || falls ? TRANSITION * 1.5 : TRANSITION,
  };
}
