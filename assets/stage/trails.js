// @ts-check
/* The path of a point up to now. */

/** Where points came from: the path so far, brighter toward now. */
class Trails {
  /** Those that travel furthest in a film.
   * @type {{ film: Film, rows: number[] } | null} */
  movers = null;

  /** The rows that leave a trail.
   * @param {Stage} stage */
  rows(stage) {
    const { film } = stage;
    if (this.movers?.film !== film)
      this.movers = { film, rows: film.trails.length ? film.trails.slice(0, 60) : film.movers(Math.min(12, film.n)) };
    const chosen = this.movers.rows;
    return stage.selected !== null && !chosen.includes(stage.selected) ? [...chosen, stage.selected] : chosen;
  }

  /** @param {Stage} stage */
  draw(stage) {
    const { film, renderer, theme } = stage,
      p = stage.clock.p;
    if (!stage.trailsOn || stage.segment || film.last < 1 || p <= 0) return;
    const fine = 6,
      steps = [];
    for (let k = 0; k < p; k += 1 / fine) steps.push(k);
    steps.push(p);
    const point = [0, 0, 0],
      pixel = [0, 0, 0];
    for (const row of this.rows(stage)) {
      const g = film.groupAt(row, stage.frame),
        colour =
          film.groups || film.frameGroups
            ? g < 0
              ? theme.background
              : groupColour(theme, g)
            : film.values
              ? sequential(film.valueAt(row), theme.dark)
              : row === stage.selected
                ? theme.accent
                : theme.colours[0];
      /** @type {number | null} */
      let x = null;
      let y = 0;
      steps.forEach((k, i) => {
        project(stage.matrix, film.at(row, k, point), stage.width, stage.height, pixel);
        if (x !== null) {
          const age = i / steps.length;
          renderer.line(x, y, pixel[0], pixel[1], (0.8 + 2.2 * age) * film.grow, colour, 0.74 * age ** 2);
        }
        x = pixel[0];
        y = pixel[1];
      });
    }
  }
}
