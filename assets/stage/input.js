// @ts-check
/* What pointer, wheel and keys do on the map; Plotly pans, zooms and turns, and the map follows it. */

class Input {
  /** Where and when the button went down.
   * @type {{ at: number[], time: number } | null} */
  pressed = null;
  /** The last click, of which another may make two.
   * @type {{ x: number, y: number, time: number } | null} */
  lastTap = null;
  /** Where the pointer was last, on the page.
   * @type {number[] | null} */
  lastAt = null;
  /** The wheel zooms. */
  armed = false;
  /** The pointer is over the stage. */
  inside = false;
  watchUntil = 0;
  tip = make("div", "stage-tip", { hidden: true, dir: "auto" });

  /** @param {Stage} stage */
  constructor(stage) {
    this.stage = stage;
  }

  /** The visitor is panning, zooming or turning. */
  get busy() {
    return performance.now() < this.watchUntil || Boolean(this.pressed);
  }

  /** @param {AbortSignal} signal */
  listen(signal) {
    const { stage } = this,
      { root, area } = stage,
      on = listener(signal);
    on(root, "keydown", (event) => this.key(event));
    on(document, "keydown", (event) => {
      const elsewhere = document.activeElement && document.activeElement !== document.body;
      if (this.inside && !elsewhere) this.key(event);
    });
    on(root, "pointerenter", () => {
      this.inside = true;
    });
    on(root, "pointerleave", () => {
      this.inside = false;
      this.hover(null);
    });
    on(area, "pointerdown", (event) => this.press(event), { capture: true });
    for (const begins of ["mousedown", "touchstart"])
      // while a line is drawn, Plotly's own hands stay off the map
      on(area, begins, (event) => stage.lasso.drawing && event.stopPropagation(), { capture: true });
    on(window, "pointermove", (event) => stage.lasso.drawing && stage.lasso.move(this.local(event)));
    on(window, "pointerup", (event) => this.release(event), { capture: true });
    on(area, "pointermove", (event) => this.point(event));
    on(area, "wheel", (event) => this.wheel(event), { capture: true, passive: true });
    on(
      window,
      "scroll",
      () => {
        this.armed = false;
      },
      { capture: true, passive: true },
    );
  }

  /** Where on the map, in pixels.
   * @param {{ clientX: number, clientY: number }} event */
  local(event) {
    const box = this.stage.area.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  /** @param {PointerEvent} event */
  press(event) {
    if (event.button !== 0) return;
    if (this.stage.lasso.begins(event)) {
      this.stage.lasso.begin(this.local(event));
      return;
    }
    this.pressed = { at: this.local(event), time: event.timeStamp };
    this.armed = true;
    this.handOver();
    this.stage.wake();
  }

  /** A short press that did not move is a click; two of them lead home.
   * @param {PointerEvent} event */
  release(event) {
    const { stage, pressed, lastTap } = this,
      { film, view } = stage;
    if (stage.lasso.drawing) stage.lasso.end();
    if (!pressed) return;
    this.pressed = null;
    this.watch(250);
    const [x, y] = this.local(event),
      [x0, y0] = pressed.at;
    if (Math.hypot(x - x0, y - y0) > 5 || event.timeStamp - pressed.time > 700) return;
    if (lastTap && event.timeStamp - lastTap.time < 350 && Math.hypot(x - lastTap.x, y - lastTap.y) < 8) {
      this.lastTap = null;
      if (film && !stage.segment) stage.camera.goHome();
      return;
    }
    this.lastTap = { x, y, time: event.timeStamp };
    if (film?.question && view.dim === 2) {
      // where, not which
      stage.answer(x, y);
      return;
    }
    const row = stage.screen.pick(x, y);
    if (row !== null) stage.choose(row);
  }

  /** @param {PointerEvent} event */
  point(event) {
    const [x, y] = this.local(event);
    if (this.lastAt && Math.hypot(event.clientX - this.lastAt[0], event.clientY - this.lastAt[1]) > 2) this.armed = true;
    this.lastAt = [event.clientX, event.clientY];
    if (this.pressed || this.stage.lasso.drawing) return;
    this.hover(this.stage.screen.pick(x, y));
  }

  /** Say what lies under the pointer; null for nothing.
   * @param {number | null} row */
  hover(row) {
    const { stage, tip } = this;
    if (row === stage.hovered) return;
    stage.hovered = row;
    stage.more.onHover?.(row);
    stage.plotElement.classList.toggle("stage-pointing", row !== null);
    tip.hidden = row === null;
    if (row !== null) {
      const { film, width, height } = stage,
        g = film.groupAt(row, stage.frame),
        [x, y, depth] = stage.screen.at(row);
      const more = stage.more.tell
        ? stage.more.tell(row)
        : film.values
          ? valueWords(film.valuesTitle, film.valueAt(row))
          : (film.groups || film.frameGroups) && g >= 0
            ? film.groupNames[g]
            : "";
      const told = [more, film.notes[row]].filter(Boolean).map((text) => make("span", "", {}, text));
      tip.replaceChildren(make("b", "", {}, stage.more.name?.(row) ?? film.name(row)), ...told);
      const shown = film.picture(row, stage.frame) || film.peeks?.[row],
        peek = isPicture(shown);
      if (peek) tip.append(make("img", "stage-peek", { src: shown, alt: "" }));
      const left = x > width * 0.6,
        r = stage.screen.radius(row, depth) + 10;
      Object.assign(tip.style, {
        left: left ? "" : `${x + r}px`,
        right: left ? `${width - x + r}px` : "",
        top: `${clamp(y - 18, 4, height - (peek ? 190 : 60) - 20 * Number(told.length > 1))}px`,
      });
    }
    stage.wake();
  }

  /** Nothing is under the pointer until it moves again. */
  forget() {
    this.stage.hovered = null;
    this.tip.hidden = true;
  }

  /** The wheel zooms once the pointer has moved here; a page that scrolls past is left alone.
   * @param {WheelEvent} event */
  wheel(event) {
    if (!this.armed && !event.ctrlKey && !document.fullscreenElement) event.stopPropagation();
    else {
      this.handOver();
      this.watch(500);
    }
  }

  /** Let Plotly go on from the view that is shown: while a film plays it was not told. */
  handOver() {
    const { camera, plot, view, width, height } = this.stage;
    camera.orbiting = false;
    if (view && plot.given?.dim === view.dim && moved(plot.given, view)) plot.push(view, width, height);
  }

  /** For a while take the view from Plotly: the visitor is dragging, zooming or turning.
   * @param {number} milliseconds */
  watch(milliseconds) {
    this.watchUntil = Math.max(this.watchUntil, performance.now() + milliseconds);
    this.stage.labels.soon();
    this.stage.wake();
  }

  /** Take over the view that Plotly shows, where a hand has moved it. */
  follow() {
    const { stage } = this,
      { camera, view } = stage;
    if (stage.segment || camera.orbiting || camera.tween) return;
    const seen = stage.plot.read(view),
      { given } = stage.plot;
    if (!seen || !given || !moved(seen, given)) return; // where no hand has moved it, the view may have gone on without Plotly
    stage.plot.given = seen;
    camera.view = seen;
    camera.userView = true;
    stage.labels.soon();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { stage } = this,
      { controls } = stage;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !stage.film) return;
    const target = event.target instanceof Element ? event.target : null,
      button = target?.closest("button"),
      slider = target === controls.slider;
    if (target?.closest("textarea, select, [contenteditable]") || (target?.tagName === "INPUT" && !slider)) return;
    const { player } = stage;
    /** @type {Record<string, (() => void) | null>} */
    const keys = {
      " ": button ? null : () => player.toggle(),
      ArrowLeft: () => player.step(-1),
      ArrowRight: () => player.step(1),
      Home: () => player.restart(),
      f: () => controls.toggleFull(),
      F: () => controls.toggleFull(),
      l: stage.onSelect ? () => stage.lasso.take("lasso") : null,
      b: stage.onSelect ? () => stage.lasso.take("box") : null,
      i: () => controls.card.toggle(),
      I: () => controls.card.toggle(),
      Escape: controls.escape(),
    };
    const run =
      (button || slider ? undefined : (stage.aim.key(event.key, event.shiftKey) ?? stage.plot.key(event.key))) ?? keys[event.key];
    if (!run) return;
    event.preventDefault();
    event.stopPropagation();
    run();
  }
}

/** Whether two views differ so that it can be seen.
 * @param {View} seen @param {View} view */
function moved(seen, view) {
  if (seen.dim === 2 && view.dim === 2)
    return (
      Math.abs(seen.cx - view.cx) * seen.k > 0.01 ||
      Math.abs(seen.cy - view.cy) * seen.k > 0.01 ||
      Math.abs(seen.k / view.k - 1) > 1e-5
    );
  if (seen.dim === 3 && view.dim === 3)
    return Math.hypot(...minus(seen.eye, view.eye)) + Math.hypot(...minus(seen.center, view.center)) > 1e-5;
  return false;
}
