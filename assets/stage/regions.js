// @ts-check
/* Regions of groups on a flat map: each where its points lie closer than those of any other group, outlined in its colour.
 * Nothing is drawn between them: most maps have room that belongs to nobody. */

const CELLS_ACROSS = 96, // of the longer side of the map
  MARGIN = 6, // cells beyond the outermost points
  HAZE = 2, // cells that a point reaches in each of two passes
  INSIDE = 0.88, // of a group's points: those in the thinnest places are left outside
  FEWEST_INSIDE = 4; // points that have a region

class Regions {
  /** @type {Film | null} what the outlines were worked out of */
  of = null;
  close = false;
  /** Outlines by group: x and y of both ends of each piece, in data coordinates.
   * @type {Map<number, Float32Array>} */
  outlines = new Map();

  /** Outline the groups that are named now, where the film rests at its end.
   * @param {Stage} stage */
  draw(stage) {
    const { film, names, clock, view, width, height, theme, renderer, matrix } = stage;
    if (!film.finer || view.dim !== 2 || stage.segment || clock.p < film.last || !names.wanted) return;
    if (this.of !== film || this.close !== names.close) {
      [this.of, this.close] = [film, names.close];
      this.outlines = outlinesOf(film, this.close);
    }
    names.sample(); // it knows in which group each finer one lies
    const pixel = [0, 0, 0],
      end = [0, 0, 0];
    for (const [group, pieces] of this.outlines) {
      const colour = groupColour(theme, names.parent(group));
      if ((stage.group !== null && stage.group !== names.parent(group)) || stage.hidden.has(names.parent(group))) continue;
      for (let i = 0; i < pieces.length; i += 4) {
        project(matrix, [pieces[i], pieces[i + 1], 0], width, height, pixel);
        project(matrix, [pieces[i + 2], pieces[i + 3], 0], width, height, end);
        if (Math.max(pixel[0], end[0]) < 0 || Math.min(pixel[0], end[0]) > width) continue;
        if (Math.max(pixel[1], end[1]) < 0 || Math.min(pixel[1], end[1]) > height) continue;
        renderer.line(pixel[0], pixel[1], end[0], end[1], 6 * film.grow, colour, 0.1);
        renderer.line(pixel[0], pixel[1], end[0], end[1], 1.4 * film.grow, colour, 0.7);
      }
    }
  }
}

/** The outlines of a film's groups, or of its finer ones, as they stand at its end.
 * @param {Film} film @param {boolean} close @returns {Map<number, Float32Array>} */
function outlinesOf(film, close) {
  const first = film.groupNames.length,
    count = close ? film.finerNames.length : first,
    found = new Map(),
    start = film.last * film.n * 3,
    [left, bottom, , right, top] = film.spans.subarray(film.last * 6),
    step = Math.max(right - left, top - bottom) / CELLS_ACROSS;
  if (!(step > 0)) return found;
  const wide = Math.ceil((right - left) / step) + 2 * MARGIN + 1,
    high = Math.ceil((top - bottom) / step) + 2 * MARGIN + 1,
    x = left - MARGIN * step,
    y = bottom - MARGIN * step,
    cells = new Int32Array(film.n),
    own = new Int16Array(film.n),
    layers = Array.from({ length: count }, () => new Float32Array(wide * high));
  for (let row = 0; row < film.n; row++) {
    const at = start + row * 3,
      group = close ? need(film.finer)[row] : film.groupAt(row, film.last);
    cells[row] = Math.round((film.frames[at + 1] - y) / step) * wide + Math.round((film.frames[at] - x) / step);
    own[row] = group < count ? group : -1;
    if (own[row] >= 0) layers[group][cells[row]]++;
  }
  for (const layer of layers) for (let pass = 0; pass < 2; pass++) blurred(layer, wide, high);
  const best = new Float32Array(wide * high),
    second = new Float32Array(wide * high);
  for (const layer of layers)
    layer.forEach((value, cell) => {
      if (value > best[cell]) [best[cell], second[cell]] = [value, best[cell]];
      else if (value > second[cell]) second[cell] = value;
    });
  layers.forEach((layer, group) => {
    const inside = [];
    for (let row = 0; row < film.n; row++) if (own[row] === group) inside.push(layer[cells[row]]);
    if (inside.length < FEWEST_INSIDE) return;
    inside.sort((a, b) => b - a);
    const least = inside[Math.floor((inside.length - 1) * INSIDE)] * 0.5;
    const field = layer.map((value, cell) => value - Math.max(value < best[cell] ? best[cell] : second[cell], least));
    const pieces = contour(field, wide, high);
    for (let i = 0; i < pieces.length; i += 2) {
      pieces[i] = x + pieces[i] * step;
      pieces[i + 1] = y + pieces[i + 1] * step;
    }
    found.set(close ? first + group : group, Float32Array.from(pieces));
  });
  return found;
}

/** Spread what each cell holds over its neighbours, in place: the mean across, then down.
 * @param {Float32Array} cells @param {number} wide @param {number} high */
function blurred(cells, wide, high) {
  /** @type {(count: number, each: number, lines: number, along: number) => void} */
  const pass = (count, each, lines, along) => {
    const line = new Float32Array(count);
    for (let other = 0; other < lines; other++) {
      for (let i = 0; i < count; i++) line[i] = cells[other * along + i * each];
      for (let i = 0; i < count; i++) {
        let sum = 0;
        for (let j = Math.max(i - HAZE, 0); j <= Math.min(i + HAZE, count - 1); j++) sum += line[j];
        cells[other * along + i * each] = sum / (2 * HAZE + 1);
      }
    }
  };
  pass(wide, 1, high, wide);
  pass(high, wide, wide, 1);
}

/** Where a field of cells passes through zero (marching squares, Lorensen and Cline 1987 on the plane): x and y of both ends of each
 * piece, in cells. Cells in which opposite corners agree are told apart by their middle.
 * @param {Float32Array} field @param {number} wide @param {number} high @returns {number[]} */
function contour(field, wide, high) {
  /** @type {number[]} */
  const pieces = [];
  for (let row = 0; row + 1 < high; row++)
    for (let column = 0; column + 1 < wide; column++) {
      const at = row * wide + column,
        corners = [field[at], field[at + 1], field[at + wide + 1], field[at + wide]],
        signs = corners.map((value) => value > 0);
      if (signs.every((sign) => sign === signs[0])) continue;
      /** @type {number[][]} */
      const ends = [];
      for (let edge = 0; edge < 4; edge++) {
        const next = (edge + 1) % 4;
        if (signs[edge] === signs[next]) continue;
        const u = corners[edge] / (corners[edge] - corners[next]);
        ends.push(
          [
            [column + u, row],
            [column + 1, row + u],
            [column + 1 - u, row + 1],
            [column, row + 1 - u],
          ][edge],
        );
      }
      if (ends.length === 4 && corners[0] + corners[1] + corners[2] + corners[3] > 0 === signs[0]) ends.push(need(ends.shift()));
      for (let i = 0; i + 1 < ends.length; i += 2) pieces.push(...ends[i], ...ends[i + 1]);
    }
  return pieces;
}
