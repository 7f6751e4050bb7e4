// @ts-check
/* The view of the map as it moves: it fits the points of the present moment and glides with them, is kept from scene to scene
 * where it still fits, and stays as a visitor's hand has put it. */

class Camera {
  /** Null before the first scene.
   * @type {View} */
  view = /** @type {any} */ (null);
  /** The visitor has moved the view. */
  userView = false;
  orbiting = false;
  /** The moment at which the view was left as it is; from another moment on it fits again. Null: it fits.
   * @type {number | null} */
  held = null;
  /** What the view was fitted to last. */
  fitted = "";
  /** The way to the view that fits, which may move itself; `home`: a turned camera turns back, too.
   * @type {{ from: View, t: number, home: boolean } | null} */
  tween = null;

  /** @param {Stage} stage */
  constructor(stage) {
    this.stage = stage;
  }

  /** The view that shows all points at moment p of a film; all that it will ever show where p is null.
   * @param {number | null} p */
  home(film = this.stage.film, p = /** @type {number | null} */ (this.stage.clock.p)) {
    const { width, height } = this.stage;
    return homeView(
      { dimensions: film.dimensions, side: film.side, box: p === null ? film.box : film.boxAt(p) },
      width || 1,
      height || 1,
    );
  }

  /** Keep the view where the new film fits into it at moment p; otherwise choose a new one.
   * @param {Film} film @param {Film | null} old @param {number} p */
  next(film, old, p) {
    const { width, height } = this.stage,
      home = this.home(film, p),
      { view } = this;
    this.tween = null;
    this.held = p;
    if (view && old && view.dim === film.dimensions) {
      if (view.dim === 3 && home.dim === 3) {
        this.view = this.userView ? view.with({ box: home.box }) : home.facing(view.angles().azimuth);
        return;
      }
      if (home.dim === 2 && view.dim === 2 && fills(view, film.boxAt(p), width, height, home.k)) return;
    }
    this.userView = false;
    this.view = home;
  }

  /** Lead the view back to where it began. */
  goHome() {
    const { stage } = this;
    this.userView = false;
    stage.input.watchUntil = 0;
    this.travel(true);
  }

  /** Set out for the view that fits; at once for those who want less motion. */
  travel(home = false) {
    const { stage } = this;
    this.held = null;
    this.fitted = "";
    if (stage.calm) {
      this.tween = null;
      this.view = home ? this.home() : this.fit();
      stage.settleSoon(0);
    } else this.tween = { from: this.view, t: 0, home };
    stage.labels.next = 0;
    stage.wake();
  }

  /** The view that fits now, from the side on which the camera stands. */
  fit() {
    const home = this.home();
    return home.dim === 3 && this.view?.dim === 3 ? home.facing(this.view.angles().azimuth) : home;
  }

  /** The stage has another size.
   * @param {number} oldWidth @param {number} oldHeight */
  resized(oldWidth, oldHeight) {
    const { width, height } = this.stage;
    if (this.userView && oldWidth) this.view = this.view.resized(oldWidth, oldHeight, width, height);
    else this.view = this.fit();
  }

  /** The same scene may need other room: fit where it is no longer well in sight. */
  check() {
    const { view, stage } = this,
      home = this.home();
    if (this.userView || !view || view.dim !== 2 || home.dim !== 2) return;
    if (!fills(view, stage.film.boxAt(stage.clock.p), stage.width, stage.height, home.k)) this.travel();
  }

  /** Turn, travel, and follow the points; returns true while it travels.
   * @param {number} dt seconds */
  advance(dt) {
    const { stage } = this;
    if (stage.segment) return false;
    const { film, clock, input } = stage,
      { p } = clock;
    if (this.orbiting && this.view.dim === 3) {
      if (clock.playing) this.view = this.view.turned(0.09 * dt);
      else this.stopOrbit();
    }
    if (this.userView) {
      if (this.view.dim === 3) this.view = this.view.with({ box: film.boxAt(p) }); // the cube goes with its points
      if (!this.tween) return false;
    }
    if (input.busy && !this.tween) {
      this.held ??= p; // a hand rests on the map: it must not slip away below it
      return false;
    }
    if (this.held !== null) {
      if (this.held === p) return false;
      this.travel();
    }
    if (this.tween) {
      const { from, home } = this.tween;
      this.tween.t = Math.min(1, this.tween.t + dt / 0.35);
      this.view = viewBetween(from, home ? this.home() : this.fit(), smoothstep(this.tween.t));
      if (this.tween.t < 1) return true;
      this.tween = null;
      stage.labels.next = 0;
      stage.settleSoon(0);
      return true;
    }
    const now = `${film.id}|${p}|${stage.width}|${stage.height}`;
    if (now !== this.fitted) this.view = this.fit();
    this.fitted = now;
    return false;
  }

  /** Stop turning, and let people go on from here. */
  stopOrbit() {
    if (!this.orbiting) return;
    this.orbiting = false;
    this.stage.plot.push(this.view, this.stage.width, this.stage.height);
  }
}
