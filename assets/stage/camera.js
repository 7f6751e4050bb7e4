// @ts-check
/* The view of the map as it moves: home, kept from scene to scene, turning round a 3-D map. */

class Camera {
  /** Null before the first scene.
   * @type {View} */
  view = /** @type {any} */ (null);
  /** The visitor has moved the view. */
  userView = false;
  orbiting = false;
  /** The way back to the first view.
   * @type {{ from: View, to: View, t: number } | null} */
  tween = null;

  /** @param {Stage} stage */
  constructor(stage) {
    this.stage = stage;
  }

  /** The view that shows all of a film. */
  home(film = this.stage.film) {
    const { width, height, legend } = this.stage;
    return homeView(film, width || 1, height || 1, film.inRow ? undefined : legend.room);
  }

  /** Keep the view where the new film fits into it; otherwise choose a new one.
   * @param {Film} film @param {Film | null} old */
  next(film, old) {
    const { width, height } = this.stage,
      home = this.home(film),
      { view } = this;
    this.tween = null;
    if (view && old && view.dim === film.dimensions) {
      if (view.dim === 3) {
        this.view = view.with({ box: film.box });
        return;
      }
      if (home.dim === 2 && keepsInSight(view, film.box, width, height) && view.k > home.k * 0.6) return;
    }
    this.userView = false;
    this.view = home;
  }

  /** Lead the view back to where it began. */
  goHome() {
    const { stage } = this,
      home = this.home();
    this.userView = false;
    stage.input.watchUntil = 0;
    if (stage.calm) {
      this.view = home;
      stage.settleSoon(0);
    } else this.tween = { from: this.view, to: home, t: 0 };
    stage.labels.next = 0;
    stage.wake();
  }

  /** The stage has another size.
   * @param {number} oldWidth @param {number} oldHeight */
  resized(oldWidth, oldHeight) {
    const { width, height } = this.stage;
    if (this.userView && oldWidth) this.view = this.view.resized(oldWidth, oldHeight, width, height);
    else if (this.view?.dim !== 3) this.view = this.home();
  }

  /** Turn and travel; returns true while it travels.
   * @param {number} dt seconds */
  advance(dt) {
    const { stage } = this;
    if (this.orbiting && this.view.dim === 3 && !stage.segment) {
      if (stage.clock.playing) this.view = this.view.turned(0.09 * dt);
      else this.stopOrbit();
    }
    if (!this.tween) return false;
    this.tween.t = Math.min(1, this.tween.t + dt / 0.35);
    this.view = viewBetween(this.tween.from, this.tween.to, smoothstep(this.tween.t));
    if (this.tween.t >= 1) {
      this.tween = null;
      stage.settleSoon(0);
    }
    return true;
  }

  /** Stop turning, and let people go on from here. */
  stopOrbit() {
    if (!this.orbiting) return;
    this.orbiting = false;
    this.stage.plot.push(this.view, this.stage.width, this.stage.height);
  }
}
