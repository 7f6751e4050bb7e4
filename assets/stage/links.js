// @ts-check
/* Lines and arcs between items. */

const THICKEST = 14; // pixels, of an arc that holds all of the weight
const FAINTEST = 0.02; // weight from which an arc that changes comes into sight; at twice as much it is all there

/** Lines between items; each grows in its turn, in rank order. */
class Links {
  /** When each line began to grow, in milliseconds.
   * @type {Map<string, number>} */
  born = new Map();

  /** @param {Film} film @param {LinkValues} link */
  static id(film, [start, end, style]) {
    return JSON.stringify([film.key(start), film.key(end), style]);
  }

  /** Keep what is already drawn; line the new ones up from `now` on.
   * @param {Film} film @param {number} now */
  load(film, now) {
    const old = this.born;
    const wait = Math.min(120, 2400 / film.links.length); // many lines must not take half a minute
    let turn = 0;
    this.born = new Map(film.links.map((link) => [Links.id(film, link), old.get(Links.id(film, link)) ?? now + wait * turn++]));
  }

  /** Paint; returns true while a line still grows.
   * @param {Stage} stage @param {number} now */
  draw(stage, now) {
    const { renderer, theme } = stage;
    let growing = false;
    for (const link of [...stage.film.links].reverse()) {
      // what ranks first lies on top
      const [start, end, style, weight] = link,
        dashed = style === "dashed",
        age = stage.calm ? 1 : clamp((now - (this.born.get(Links.id(stage.film, link)) ?? 0)) / 320, 0, 1);
      if (age < 1) growing = true;
      if (age <= 0) continue;
      const a = stage.screen.at(start).slice(),
        b = stage.screen.at(end).slice(),
        u = smoothstep(age);
      if (!(a[2] > 0.02 && b[2] > 0.02)) continue;
      if (style === "arc") {
        this.arc(stage, a, b, link, u);
        continue;
      }
      const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1,
        ux = (b[0] - a[0]) / length,
        uy = (b[1] - a[1]) / length;
      const near = Math.min(stage.screen.radius(start, a[2]), length / 2),
        far = Math.min(stage.screen.radius(end, b[2]) + (style === "path" ? 3 : 0), length / 2);
      const x0 = a[0] + ux * near,
        y0 = a[1] + uy * near,
        reach = Math.max(length - near - far, 0) * u,
        x1 = x0 + ux * reach,
        y1 = y0 + uy * reach;
      const colour = style === "path" ? theme.text : dashed ? theme.colours[3] : theme.accent;
      const width = (style === "path" ? 2.6 : style === "neighbour" && weight ? 1 + 3 * weight : 2) * stage.film.grow,
        alpha = dashed ? 0.75 : 0.82;
      renderer.line(x0, y0, x1, y1, width, colour, alpha, dashed ? [6, 5] : undefined);
      if (style === "path" && reach > 4)
        for (const side of [1, -1])
          renderer.line(x1 - ux * 11 - side * uy * 5.5, y1 - uy * 11 + side * ux * 5.5, x1 + ux, y1 + uy, width, colour, alpha);
    }
    return growing;
  }

  /** Half an ellipse over the way from a to b, on its left, of which `u` has grown: short strokes of one solid colour, so that they may overlap.
   * @param {Stage} stage @param {Point} a @param {Point} b @param {LinkValues} link @param {number} u */
  arc(stage, a, b, link, u) {
    const { renderer, theme, film } = stage,
      [, , , , bend = 0, group = 0, changes] = link,
      weight = film.weightAt(link, stage.clock.p),
      seen = changes ? clamp((weight - FAINTEST) / FAINTEST, 0, 1) : 1;
    if (!seen) return;
    const dx = b[0] - a[0],
      dy = b[1] - a[1],
      length = Math.hypot(dx, dy),
      steps = 2 * clamp(Math.ceil(length / 14), 8, 32);
    const strength = seen * (stage.group !== null && stage.group !== group ? 0.12 : 0.3 + 0.7 * Math.min(1.5 * weight, 1)),
      colour = between(theme.ground, groupColour(theme, group), strength);
    const width = Math.max(1, THICKEST * weight) * film.grow;
    /** @type {(i: number) => number[]} */
    const spot = (i) => {
      const turn = (Math.PI * u * i) / steps,
        along = (1 - Math.cos(turn)) / 2,
        rise = bend * Math.sin(turn);
      return [a[0] + dx * along + dy * rise, a[1] + dy * along - dx * rise];
    };
    for (let i = 0, from = spot(0); i < steps && length > 0; i++) {
      const to = spot(i + 1),
        part = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1,
        over = (0.08 * width) / part;
      const [x, y] = [(to[0] - from[0]) * over, (to[1] - from[1]) * over];
      renderer.line(from[0] - x, from[1] - y, to[0] + x, to[1] + y, width, colour, 1);
      from = to;
    }
  }
}
