// @ts-check
/* The films of a talk: each plays up to where its slide waits. */

const LETTERED = 70; // labels painted ahead; more do not fit on the stage

class TalkFilm {
  /** The key state at which the film waits. */
  target = 0;
  /** The frame in which to look whether it is there. */
  looking = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer = undefined;

  /** @param {Talk} talk */
  constructor(talk) {
    this.talk = talk;
  }

  /** Stop following the film. */
  stop() {
    cancelAnimationFrame(this.looking);
  }

  /** Give the stage its next scene; its points travel from where they are.
   * @param {Payload} data @param {boolean} plays */
  show(data, plays) {
    const { talk, target } = this,
      autoplay = plays && target > 0,
      scene = { ...data.scene, autoplay };
    const stage = globalThis.embeddingStage.mount(
      talk.stageHost,
      { ...data, scene, height: 100000 },
      { onClick: ({ point }) => point && talk.questions.place(point) },
    );
    if (!Object.hasOwn(stage, "textSize")) Object.defineProperty(stage, "textSize", { get: () => talk.letters() });
    if (!autoplay && !stage.segment) stage.player.seek(target);
    else if (!autoplay) stage.clock.p = target < stage.film.last ? this.hold(stage) : stage.film.last;
    this.follow();
    talk.stills.draw();
  }

  /** The way between scenes must end where the film waits, not at its end.
   * @param {Stage} stage */
  hold(stage) {
    const { segment, film } = stage,
      spot = [0, 0, 0];
    if (!segment) return this.target;
    for (let row = 0; row < film.n; row++) segment.positions.set(film.at(row, this.target, spot), (segment.n + row) * 3);
    stage.points.loadSegment(segment);
    return this.target;
  }

  /** Play on from moment p to where the film waits; back, or for those who want less motion, go there at once.
   * @param {number} p */
  play(p) {
    const { stage } = this.talk;
    if (p >= this.target || stage.calm) stage.player.seek(this.target);
    else stage.player.seek(Math.max(p, 0), true);
    this.follow();
  }

  /** Stop the film where it waits. */
  follow() {
    const { stage } = this.talk,
      look = () => {
        const { clock, segment } = stage;
        if (!segment && clock.p >= this.target - 1e-3) {
          if (clock.playing && this.target < stage.film.last) stage.player.seek(this.target);
          return;
        }
        if (segment || clock.playing) this.looking = requestAnimationFrame(look);
      };
    this.looking = requestAnimationFrame(look);
  }

  /** Let a film that is on its way be where it waits, at once; tell whether one was. */
  finish() {
    const { stage } = this.talk,
      { clock, segment } = stage,
      plays = segment ? segment.plays && this.target > 0 : clock.playing && clock.p < this.target - 1e-3;
    if (!plays || stage.calm) return false;
    this.stop();
    stage.player.seek(this.target);
    return true;
  }

  /** Play this film again. */
  replay() {
    const { slide, step } = this.talk;
    this.target = slide.stops[step][1];
    this.play(0);
  }

  /** One key state on or back, whatever the slide's own stops.
   * @param {number} by */
  step(by) {
    this.stop();
    this.talk.stage.player.step(by);
  }

  /** While this slide plays, make ready what the next one needs.
   * @param {TalkSlide | undefined} slide */
  prepareSoon(slide) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.prepare(slide), 900);
  }

  /** Its numbers, its letters, its pictures.
   * @param {TalkSlide | undefined} slide */
  prepare(slide) {
    if (!slide || slide.prepared) return;
    slide.prepared = true;
    const { stage } = this.talk,
      { column: numbers, labelForms: forms } = globalThis.embeddingStage;
    for (const data of slide.scenes) {
      for (const [name, column] of Object.entries(data))
        if (column?.base64) Object.assign(data, { [name]: packed(numbers(column)) });
      const { items, images, frameImages } = data.scene,
        ranks = data.priority?.getChild?.("v").toArray(),
        rows = items.map((_, row) => row);
      if (ranks) rows.sort((a, b) => ranks[b] - ranks[a]);
      for (const row of rows.slice(0, LETTERED)) stage.labels.sprite(forms(items[row])[0], false, stage);
      for (const source of [...(images ?? []), ...(frameImages ?? []).flatMap(([, pictures]) => pictures)])
        if (source)
          build("img", "", { src: source })
            .decode()
            .catch(() => {});
    }
  }

  dispose() {
    this.stop();
    clearTimeout(this.timer);
  }
}
