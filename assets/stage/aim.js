// @ts-check
/* A cross-hair led by keys, on a map that asks for a place. */

class Aim {
  /** Where it is, as shares of width and height: it keeps its place when the stage grows. Null while it is away.
   * @type {number[] | null} */
  at = null;

  /** @param {Stage} stage */
  constructor(stage) {
    this.stage = stage;
  }

  /** What a key does: arrows lead the cross-hair (finely with shift), Enter answers there, Escape puts it away.
   * @param {string} key @returns {(() => void) | undefined} */
  key(key, fine = false) {
    const { stage, at } = this,
      { width, height } = stage;
    if (!stage.film?.question || stage.view?.dim !== 2) return undefined;
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
    if (way) return () => this.move(way.map((by) => (by * Math.min(width, height)) / (fine ? 200 : 30)));
    if (at && key === "Enter") return () => stage.answer(at[0] * width, at[1] * height);
    return at && key === "Escape"
      ? () => {
          this.at = null;
          stage.wake();
        }
      : undefined;
  }

  /** Move by pixels; it begins in the middle.
   * @param {number[]} by */
  move([right, down]) {
    const { stage, at } = this;
    this.at = at ? [clamp(at[0] + right / stage.width, 0, 1), clamp(at[1] + down / stage.height, 0, 1)] : [0.5, 0.5];
    stage.wake();
  }

  /** @param {Renderer} renderer */
  draw(renderer) {
    const {
        at,
        stage: { width, height, theme, film },
      } = this,
      near = 8,
      far = 26;
    if (!at || !film.question) return;
    const x = at[0] * width,
      y = at[1] * height;
    renderer.ring(x, y, 15, 3, theme.accent, 1);
    for (const [dx, dy] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ])
      renderer.line(x + near * dx, y + near * dy, x + far * dx, y + far * dy, 3, theme.accent, 1);
  }
}
