// @ts-check
/* Playback: which moment of the film is shown. */

/** The moment p in [0, last key state]. Morphs rest a breath on every key state; recorded films do not stop. */
class Clock {
  p = 0;
  playing = false;
  speed = 1;
  /** Seconds still to wait. */
  rest = 0;
  /** @type {Timing} */
  film = { last: 0, seconds: 1, loop: false, flowing: false, times: null };

  /** @param {Timing} film @param {number} p */
  load(film, p) {
    this.film = film;
    this.p = clamp(p, 0, film.last);
    this.rest = 0;
  }

  /** Go on in jumps, one key state after another: without the GPU layer, and for those who want less motion.
   * Returns true when the film has just ended.
   * @param {number} dt seconds */
  jump(dt) {
    if (!this.playing) return false;
    this.rest += dt * this.speed;
    if (this.rest < Math.max(this.film.seconds / this.film.last, 0.6)) return false;
    this.rest = 0;
    this.p = this.p >= this.film.last ? 0 : Math.min(Math.floor(this.p) + 1, this.film.last);
    if (this.p < this.film.last || this.film.loop) return false;
    this.playing = false;
    return true;
  }

  /** Go on by dt seconds; returns true when the film has just ended.
   * @param {number} dt */
  advance(dt) {
    if (!this.playing) return false;
    const { film } = this;
    dt *= this.speed;
    if (this.rest > 0) {
      const used = Math.min(this.rest, dt);
      this.rest -= used;
      dt -= used;
      if (dt <= 0) return false;
      if (this.p >= film.last) {
        this.p = 0;
        return false;
      } // a loop begins again after its rest
    }
    const k = Math.min(Math.floor(this.p), film.last - 1),
      share = film.times ? (film.times[k + 1] - film.times[k]) * film.last : 1;
    const holds = film.flowing ? 0 : 0.22;
    const next = this.p + (dt * film.last) / (Math.max(film.seconds, 0.2) * (1 - holds) * Math.max(share, 1e-3));
    if (!film.flowing && Math.floor(next) > k && k + 1 < film.last) this.rest = (holds * film.seconds) / film.last;
    this.p = Math.min(!film.flowing && this.rest > 0 ? k + 1 : next, film.last);
    if (this.p < film.last) return false;
    if (film.loop) {
      this.rest = 1.4;
      return false;
    }
    this.playing = false;
    return true;
  }
}
