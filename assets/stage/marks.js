// @ts-check
/* Rings round points, and the box of a 3-D map. */

/** A ring round the selected and the hovered point.
 * @param {Stage} stage */
function drawRings(stage) {
  const { renderer, theme } = stage;
  /** @type {(row: number, colour: Colour, grow: number, wide: number) => void} */
  const ring = (row, colour, grow, wide) => {
    const [x, y, depth] = stage.screen.at(row),
      radius = stage.screen.radius(row, depth);
    const box = stage.film.images?.[row]
      ? (stage.atlas?.shape(row, stage.frame) ?? [1, 1]).map((share) => radius * share + grow)
      : null; // as wide and high as the picture
    if (depth > 0.02) renderer.ring(x, y, radius + grow, wide, colour, 0.95 * stage.screen.arrival(row), box);
  };
  if (stage.hovered !== null && stage.hovered !== stage.selected) ring(stage.hovered, theme.text, 2.5, 1.5);
  if (stage.selected !== null) ring(stage.selected, theme.accent, 3, 2.5);
}

/** The box of a 3-D map, faint: depth needs something that turns.
 * @param {Stage} stage */
function drawBox(stage) {
  if (stage.view.dim !== 3) return;
  const { renderer, theme } = stage,
    corners = stage.view.corners().map((corner) => project(stage.matrix, corner, stage.width, stage.height, [0, 0, 0]));
  for (let i = 0; i < 8; i++)
    for (const axis of [1, 2, 4]) {
      const j = i | axis,
        [a, b] = [corners[i], corners[j]];
      if (j === i || a[2] < 0.05 || b[2] < 0.05) continue;
      renderer.line(a[0], a[1], b[0], b[1], 1, theme.text, 0.17 * stage.screen.mist((a[2] + b[2]) / 2) * stage.screen.tilt());
    }
}
