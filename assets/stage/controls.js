// @ts-check
/* The controls under the picture. Real buttons with names, drawn icons, and keys. */

/** Drawn as strokes of a path.
 * @type {Record<string, string>} */
const ICONS = {
  restart: "M6 5v14M19 6l-9 6 9 6z",
  back: "M15 6l-7 6 7 6z",
  forward: "M9 6l7 6-7 6z",
  play: "M8 5l11 7-11 7z",
  pause: "M8 5v14M16 5v14",
  trails: "M4 18c4-1 4-9 9-9 3 0 4 2 7-3M13 9h.01",
  labels: "M5 7V5h14v2M12 5v14M9 19h6",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  full: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  small: "M9 4v5H4M20 9h-5V4M15 20v-5h5M4 15h5v5",
  lasso: "M12 5c5 0 9 2 9 5s-4 5-9 5-9-2-9-5 4-5 9-5zM8 15c-2 1-2 4 1 4M9 17v3",
  box: "M4 4h3M10 4h4M17 4h3v3M20 10v4M20 17v3h-3M14 20h-4M7 20H4v-3M4 14v-4M4 7V4",
  about: "M12 11v6M12 7h.01M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z",
};
const FILLED = new Set(["play", "back", "forward", "restart"]);

/** @param {string} name */
function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg"),
    path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  if (FILLED.has(name)) path.setAttribute("fill", "currentColor");
  svg.append(path);
  return svg;
}

class Controls {
  /** @type {Spark[]} */
  sparks = [];
  /** What is written, so that only changes are written anew. */
  shownCaption = "";
  /** @type {boolean | null} */
  wasPlaying = null;

  /** @param {Stage} stage */
  constructor(stage) {
    this.stage = stage;
    const { player } = stage;
    /** @type {(name: string, label: string, run: () => void) => HTMLButtonElement} */
    const button = (name, label, run) =>
      make("button", "stage-button", { type: "button", title: label, "aria-label": label, onclick: run }, icon(name));
    this.restart = button("restart", "Back to the start (Home)", () => player.restart());
    this.back = button("back", "One key state back (←)", () => player.step(-1));
    this.play = button("play", "Play (space)", () => player.toggle());
    this.forward = button("forward", "One key state on (→)", () => player.step(1));
    this.slider = make("input", "stage-slider", {
      type: "range",
      min: 0,
      step: "any",
      "aria-label": "Moment of the film",
      oninput: () => player.seek(Number(this.slider.value)),
    });
    this.ticks = make("div", "stage-ticks", { "aria-hidden": "true" });
    this.speed = make(
      "button",
      "stage-button stage-speed",
      { type: "button", title: "Speed", "aria-label": "Speed ×1", onclick: () => this.faster() },
      "×1",
    );
    this.trails = button("trails", "Trails: where points came from", () => stage.toggle("trailsOn"));
    this.labels = button("labels", "Labels", () => stage.toggle("labelsOn"));
    this.lasso = button("lasso", "Select by encircling points (L)", () => stage.lasso.take("lasso"));
    this.boxed = button("box", "Select by a box (B; or drag with Shift)", () => stage.lasso.take("box"));
    this.full = button("full", "Full screen (F)", () => this.toggleFull());
    this.more = button("more", "More: steps, speed, labels, about, save", () => this.toggleMenu());
    this.more.setAttribute("aria-expanded", "false");
    this.card = new Card(stage);
    this.card.button.onclick = () => {
      this.toggleMenu(false);
      this.more.focus({ preventScroll: true }); // where the focus returns to when the card is closed
      this.card.toggle(true);
    };
    this.steps = make("div", "stage-steps", {}, this.restart, this.back, this.forward, this.speed);
    this.looks = make("div", "stage-steps", {}, this.labels, this.trails, this.card.button);
    this.saves = make("div", "stage-saves");
    this.menu = make(
      "div",
      "stage-menu",
      { role: "group", "aria-label": "More", hidden: true },
      this.steps,
      this.looks,
      this.saves,
    );
    const track = make("div", "stage-track", {}, this.ticks, this.slider);
    this.player = make("div", "stage-player", {}, this.play, track);
    this.drawer = make("div", "stage-drawer", {}, this.more, this.menu);
    this.bar = make(
      "div",
      "stage-bar",
      {},
      this.player,
      make("div", "stage-tools", {}, this.lasso, this.boxed, this.drawer, this.full),
    );
    this.caption = make("div", "stage-caption", { role: "status", "aria-live": "polite" });
    this.kind = make("span", "stage-kind");
    this.words = make("span", "stage-words");
    this.caption.append(this.kind, this.words);
    this.curves = make("div", "stage-curves");
    this.head = make("div", "stage-head", {}, this.caption, this.curves, this.card.panel);
    /** @param {Event} event */
    this.outside = (event) => {
      if (event.target instanceof Node && !this.drawer.contains(event.target)) this.toggleMenu(false);
    };
  }

  faster() {
    const speeds = [1, 2, 0.5],
      next = speeds[(speeds.indexOf(this.stage.clock.speed) + 1) % 3];
    this.stage.clock.speed = next;
    this.speed.textContent = `×${next}`;
    this.speed.setAttribute("aria-label", `Speed ×${next}`);
  }

  toggleFull() {
    const { root } = this.stage;
    if (document.fullscreenElement === root) document.exitFullscreen();
    else root.requestFullscreen?.().catch(() => {});
  }

  fullChanged() {
    const full = document.fullscreenElement === this.stage.root,
      label = full ? "Leave full screen (F)" : "Full screen (F)";
    this.full.replaceChildren(icon(full ? "small" : "full"));
    this.full.title = label;
    this.full.setAttribute("aria-label", label);
  }

  toggleMenu(open = this.menu.hidden) {
    this.menu.hidden = !open;
    this.more.setAttribute("aria-expanded", String(open));
    if (open) document.addEventListener("pointerdown", this.outside, true);
    else document.removeEventListener("pointerdown", this.outside, true);
    if (open) /** @type {HTMLElement | null} */ (this.menu.querySelector("button:not([hidden])"))?.focus();
  }

  /** What Escape would close; null where nothing is open. */
  escape() {
    if (this.card.open) return () => this.card.toggle(false);
    if (this.stage.lasso.tool) return () => this.stage.lasso.take(null);
    return this.menu.hidden ? null : () => this.toggleMenu(false);
  }

  /** @param {Film} film */
  load(film) {
    const { stage } = this,
      film_ = film.last > 0;
    this.player.classList.toggle("stage-still", !film_);
    this.slider.max = String(film.last || 1);
    const moments = film.frameNames.map((_, k) => (film.last ? k / film.last : 0));
    this.ticks.replaceChildren(
      ...(film.count <= 60 ? moments : []).map((at, k) => {
        const tick = make("i", "", { title: film.frameNames[k] });
        tick.style.left = `calc(8px + (100% - 16px) * ${at})`;
        return tick;
      }),
    );
    this.trails.hidden = this.steps.hidden = !film_;
    this.lasso.hidden = this.boxed.hidden = !stage.onSelect;
    /** @type {[string, () => void][]} */
    const choices = [
        ["Picture (PNG)", () => stage.savePng()],
        ["Picture (SVG)", () => stage.saveSvg()],
      ],
      { saveFilm } = stage;
    if (saveFilm) choices.push(["Film (HTML, plays offline)", () => saveFilm()]);
    this.saves.replaceChildren(
      ...choices.map(([label, run]) =>
        make(
          "button",
          "",
          {
            type: "button",
            onclick: () => {
              this.toggleMenu(false);
              run();
            },
          },
          label,
        ),
      ),
    );
    this.curves.replaceChildren();
    this.sparks = film.series.slice(0, 3).map(([name, numbers]) => new Spark(name, numbers, this.curves));
    this.card.load(film);
    this.shownCaption = "";
    this.update();
  }

  /** Called on every painted frame: cheap, writes only what changed. */
  update() {
    const { stage } = this,
      { film, clock } = stage;
    if (!film) return;
    if (document.activeElement !== this.slider || clock.playing) this.slider.value = String(clock.p);
    const playing = clock.playing;
    if (this.wasPlaying !== playing) {
      this.wasPlaying = playing;
      const label = playing ? "Pause (space)" : "Play (space)";
      this.play.replaceChildren(icon(playing ? "pause" : "play"));
      this.play.title = label;
      this.play.setAttribute("aria-label", label);
      this.caption.setAttribute("aria-live", playing ? "off" : "polite");
    }
    this.lasso.setAttribute("aria-pressed", String(stage.lasso.tool === "lasso"));
    this.boxed.setAttribute("aria-pressed", String(stage.lasso.tool === "box"));
    this.trails.setAttribute("aria-pressed", String(stage.trailsOn));
    this.labels.setAttribute("aria-pressed", String(stage.labelsOn));
    const [kind, words, brief] = this.text(stage),
      said = `${kind}|${words}|${stage.width}`;
    if (said !== this.shownCaption) {
      this.shownCaption = said;
      this.kind.textContent = kind;
      this.kind.hidden = !kind;
      this.words.textContent = words;
      if (brief && this.words.scrollHeight > this.words.clientHeight + 2) this.words.textContent = brief; // more than two lines
      this.slider.setAttribute("aria-valuetext", words);
    }
    for (const spark of this.sparks) spark.draw(clock.p, film.last, stage.theme, stage.ratio);
  }

  /** What is on screen: computed ("recorded") or interpolated ("morph"), and which moment.
   * @param {Stage} stage */
  text({ film, clock, segment, lasso }) {
    if (lasso.told) return ["", lasso.told];
    if (segment?.travels) return ["morph", `to ${film.frameNames[Math.round(clock.p)] ?? film.title}`];
    const k = Math.round(clock.p),
      name = film.frameNames[k] ?? "";
    if (!film.last) return ["", film.caption || film.title || name];
    const low = Math.floor(clock.p + 1e-6),
      part = clock.p - low;
    if (film.kind === "morph" && part > 0.02 && part < 0.98)
      return ["morph", `${film.frameNames[low]} → ${film.frameNames[low + 1]}`, `→ ${film.frameNames[low + 1]}`];
    return [film.kind === "still" ? "" : film.kind, name];
  }
}

/** A curve that belongs to the film, with a dot at the present moment. */
class Spark {
  /** What is drawn. */
  drawn = "";

  /** @param {string} name @param {(number | null)[]} numbers @param {Element} parent */
  constructor(name, numbers, parent) {
    this.numbers = numbers.map((x) => (x === null ? NaN : x));
    const real = this.numbers.filter(Number.isFinite);
    this.low = Math.min(...real);
    this.high = Math.max(...real);
    this.canvas = make("canvas", "", { "aria-hidden": "true" });
    this.value = make("b", "");
    parent.append(make("span", "stage-curve", {}, make("span", "", {}, name), this.canvas, this.value));
  }

  /** @param {number} p @param {number} last @param {Theme} theme @param {number} ratio */
  draw(p, last, theme, ratio) {
    const id = `${p}|${theme.text}|${ratio}`;
    if (id === this.drawn || !this.numbers.length) return;
    this.drawn = id;
    const width = 96,
      height = 26,
      context = contextOf(this.canvas);
    if (this.canvas.width !== width * ratio) {
      this.canvas.width = width * ratio;
      this.canvas.height = height * ratio;
    }
    const x = (/** @type {number} */ k) => 4 + ((width - 8) * k) / (last || 1),
      y = (/** @type {number} */ v) => height - 4 - ((height - 8) * (v - this.low)) / (this.high - this.low || 1);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.strokeStyle = css(theme.text, 0.45);
    context.lineWidth = 1.5;
    context.beginPath();
    this.numbers.forEach((v, k) => Number.isFinite(v) && context.lineTo(x(k), y(v)));
    context.stroke();
    const k = Math.min(Math.floor(p), this.numbers.length - 1),
      next = Math.min(k + 1, this.numbers.length - 1),
      now = mix(this.numbers[k], this.numbers[next], p - k);
    if (!Number.isFinite(now)) {
      this.value.textContent = "–";
      return;
    }
    context.fillStyle = css(theme.accent);
    context.beginPath();
    context.arc(x(p), y(now), 3.5, 0, 7);
    context.fill();
    this.value.textContent = Math.abs(now) >= 100 ? now.toFixed(0) : now.toPrecision(2);
  }
}
