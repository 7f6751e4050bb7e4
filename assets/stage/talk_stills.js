// @ts-check
/* For those who want less motion: the film as a few stills side by side. */

const STILLS = 5,
  STILL_WIDTH = 640,
  STILL_HEIGHT = 400;

/** The key states that are shown: the first, the last, and evenly between; all where there are few.
 * @param {number} last */
function stillMoments(last) {
  const count = Math.min(STILLS, last + 1);
  return Array.from({ length: count }, (_, i) => Math.round((i * last) / Math.max(count - 1, 1)));
}

class Stills {
  element = build("div", "talk-stills", { hidden: true });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer = undefined;

  /** @param {Talk} talk */
  constructor(talk) {
    this.talk = talk;
  }

  /** Draw the present film, shortly: pictures may still be on their way. */
  draw() {
    clearTimeout(this.timer);
    const { stage } = this.talk,
      { film } = stage;
    this.element.hidden = !stage.calm || film.last <= 0;
    if (this.element.hidden) return;
    this.timer = setTimeout(
      () => {
        if (stage.film !== film) return;
        const p = stage.clock.p,
          moments = stillMoments(film.last);
        const [x, y, width, height] = this.filled(moments).map((pixels) => pixels * stage.ratio);
        const labels = stage.labelsOn; // too small to read there; the stage itself has them
        stage.labelsOn = false;
        const stills = moments.map((moment) => {
          stage.clock.p = moment;
          stage.labels.next = 0;
          stage.draw(performance.now(), 1);
          const canvas = build("canvas", "", { width: STILL_WIDTH, height: STILL_HEIGHT }),
            context = canvas.getContext("2d");
          for (const layer of [stage.gpuCanvas, stage.overCanvas])
            if (layer.width) context?.drawImage(layer, x, y, width, height, 0, 0, STILL_WIDTH, STILL_HEIGHT);
          return build("figure", "", {}, canvas, build("figcaption", "", {}, film.frameNames[moment]));
        });
        stage.labelsOn = labels;
        stage.clock.p = p;
        stage.labels.next = 0;
        stage.wake();
        this.element.replaceChildren(...stills);
      },
      stage.atlas ? 900 : 200,
    );
  }

  /** The part of the stage, 8 to 5, in which the points are at some of these moments: [left, top, width, height].
   * @param {number[]} moments */
  filled(moments) {
    const { stage } = this.talk,
      { film, width, height } = stage,
      spot = [0, 0, 0],
      pixel = [0, 0, 0],
      edges = [Infinity, Infinity, -Infinity, -Infinity];
    for (const moment of moments)
      for (let row = 0; row < film.n; row++) {
        const [x, y] = globalThis.embeddingStage.project(stage.matrix, film.at(row, moment, spot), width, height, pixel),
          rim = stage.screen.radius(row, pixel[2]) + 14;
        edges[0] = Math.min(edges[0], x - rim);
        edges[1] = Math.min(edges[1], y - rim);
        edges[2] = Math.max(edges[2], x + rim);
        edges[3] = Math.max(edges[3], y + rim);
      }
    const across = Math.max(edges[2] - edges[0], (edges[3] - edges[1]) * 1.6, 40),
      tall = across / 1.6;
    return [(edges[0] + edges[2] - across) / 2, (edges[1] + edges[3] - tall) / 2, across, tall];
  }

  dispose() {
    clearTimeout(this.timer);
  }
}
