// @ts-check
/* Playing: the clock, steps from one key state to the next, and the way from scene to scene. */

class Player {
  clock = new Clock();
  /** The way from one scene to the next, while points travel it.
   * @type {Segment | null} */
  segment = null;
  /** A step from one key state to the next.
   * @type {{ from: number, to: number, t: number } | null} */
  glide = null;

  /** @param {Stage} stage */
  constructor(stage) {
    this.stage = stage;
  }

  get moving() {
    return Boolean(this.segment) || this.clock.playing;
  }

  /** Play or pause. */
  toggle() {
    const { stage, clock } = this,
      { film, camera } = stage;
    if (!film?.last || this.segment) return;
    if (!clock.playing && clock.p >= film.last) clock.p = 0;
    clock.playing = !clock.playing;
    camera.orbiting = clock.playing && film.dimensions === 3 && !camera.userView && !stage.calm;
    if (!clock.playing) stage.settleSoon();
    stage.wake();
  }

  /** Go to moment p.
   * @param {number} p */
  seek(p, play = false) {
    const { stage, clock } = this;
    if (!stage.film) return;
    this.finish();
    clock.p = clamp(p, 0, stage.film.last);
    clock.rest = 0;
    clock.playing = play;
    stage.labels.next = 0;
    stage.settleSoon();
    stage.wake();
  }

  restart() {
    this.seek(0, this.stage.film?.last > 0 && !this.stage.calm);
  }

  /** One key state on or back: a short glide, or a jump for those who asked for less motion.
   * @param {number} by */
  step(by) {
    const { stage, clock } = this;
    if (!stage.film?.last) return;
    const p = clock.p,
      to = clamp(by > 0 ? Math.floor(p + 1e-4) + 1 : Math.ceil(p - 1e-4) - 1, 0, stage.film.last);
    if (stage.calm || !stage.gpu) {
      this.seek(to);
      return;
    }
    this.finish();
    clock.playing = false;
    this.glide = { from: p, to, t: 0 };
    stage.wake();
  }

  /** End the way between two scenes at once. */
  finish() {
    const { stage, segment } = this;
    this.glide = null;
    if (!segment) return;
    stage.camera.view = segment.finalView;
    this.clock.playing = segment.plays;
    this.segment = null;
    stage.points.reload();
    stage.labels.next = 0;
    stage.plot.enable(stage);
    stage.settleSoon();
  }

  /** Go on; returns true while something moves.
   * @param {number} dt seconds */
  advance(dt) {
    const { stage, clock, segment, glide } = this;
    if (segment) {
      segment.t += dt / segment.seconds;
      stage.camera.view =
        segment.views[0] === segment.views[1]
          ? segment.views[0]
          : viewBetween(segment.views[0], segment.views[1], smoothstep(clamp(segment.t, 0, 1)));
      if (segment.t >= 1) this.finish();
      return true;
    }
    if (glide) {
      glide.t += dt / 0.45;
      clock.p = mix(glide.from, glide.to, stage.film.flowing ? smoothstep(Math.min(glide.t, 1)) : Math.min(glide.t, 1));
      if (glide.t >= 1) {
        clock.p = glide.to;
        this.glide = null;
        stage.labels.next = 0;
        stage.settleSoon();
      }
      return true;
    }
    if (!clock.playing) return false;
    if (stage.calm || !stage.gpu ? clock.jump(dt) : clock.advance(dt)) {
      stage.labels.next = 0;
      stage.settleSoon();
    }
    return true;
  }
}
