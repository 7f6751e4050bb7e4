/* Hands. What pointer, wheel and keys do on the map; Plotly pans, zooms and turns, and the map follows it. */

/** A way to listen that ends with the signal. */
const listener = (signal) => (target, event, run, more = {}) => target.addEventListener(event, run, { signal, ...more });

class Hands {
  constructor(stage) {
    Object.assign(this, { stage, pressed: null, lastTap: null, lastAt: null, armed: false, inside: false, watchUntil: 0 });
    this.tip = make("div", "stage-tip", { hidden: true, dir: "auto" });
  }

  /** The visitor is panning, zooming or turning. */
  get busy() { return performance.now() < this.watchUntil || Boolean(this.pressed); }

  listen(signal) {
    const { root, area } = this.stage, on = listener(signal);
    on(root, "keydown", (event) => this.key(event));
    on(document, "keydown", (event) => {
      const elsewhere = document.activeElement && document.activeElement !== document.body;
      if (this.inside && !elsewhere) this.key(event);
    });
    on(root, "pointerenter", () => { this.inside = true; });
    on(root, "pointerleave", () => { this.inside = false; this.hover(null); });
    on(area, "pointerdown", (event) => this.press(event), { capture: true });
    on(window, "pointerup", (event) => this.release(event), { capture: true });
    on(area, "pointermove", (event) => this.point(event));
    on(area, "wheel", (event) => this.wheel(event), { capture: true, passive: true });
    on(window, "scroll", () => { this.armed = false; }, { capture: true, passive: true });
  }

  /** Where on the map, in pixels. */
  local(event) {
    const box = this.stage.area.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  press(event) {
    if (event.button !== 0 || event.target.closest(".stage-legend")) return;
    this.pressed = { at: this.local(event), time: event.timeStamp };
    this.armed = true;
    this.stage.stopOrbit();
    this.stage.wake();
  }

  /** A short press that did not move is a click; two of them lead home. */
  release(event) {
    const { stage, pressed, lastTap } = this, { film, view } = stage;
    if (!pressed) return;
    this.pressed = null;
    this.watch(250);
    const [x, y] = this.local(event), [x0, y0] = pressed.at;
    if (Math.hypot(x - x0, y - y0) > 5 || event.timeStamp - pressed.time > 700) return;
    if (lastTap && event.timeStamp - lastTap.time < 350 && Math.hypot(x - lastTap.x, y - lastTap.y) < 8) { this.lastTap = null; stage.goHome(); return; }
    this.lastTap = { x, y, time: event.timeStamp };
    if (film?.asks && view.dim === 2) { // where, not which
      stage.answer(x, y);
      return;
    }
    const row = stage.pick(x, y);
    if (row !== null) stage.choose(row);
  }

  point(event) {
    const [x, y] = this.local(event);
    if (this.lastAt && Math.hypot(event.clientX - this.lastAt[0], event.clientY - this.lastAt[1]) > 2) this.armed = true;
    this.lastAt = [event.clientX, event.clientY];
    if (this.pressed || event.target.closest?.(".stage-legend")) return;
    this.hover(this.stage.pick(x, y));
  }

  /** Say what lies under the pointer; null for nothing. */
  hover(row) {
    const { stage, tip } = this;
    if (row === stage.hovered) return;
    stage.hovered = row;
    stage.plotElement.classList.toggle("stage-pointing", row !== null);
    tip.hidden = row === null;
    if (row !== null) {
      const { film, width, height } = stage, g = film.groupAt(row, stage.frame), [x, y, depth] = stage.place(row);
      const more = film.values ? `${film.valuesTitle}: ${film.values[row].toFixed(2)}` : (film.groups || film.frameGroups) && g >= 0 ? film.groupNames[g] : "";
      tip.replaceChildren(make("b", "", {}, film.items[row]), ...(more ? [make("span", "", {}, more)] : []));
      const shown = film.picture(row, stage.frame) || film.peeks?.[row], peek = /^data:image\/(png|jpeg|webp|gif|avif);base64,/.test(shown ?? "");
      if (peek) tip.append(make("img", "stage-peek", { src: shown, alt: "" }));
      const left = x > width * 0.6, r = stage.radiusAt(row, depth) + 10;
      Object.assign(tip.style, { left: left ? "" : `${x + r}px`, right: left ? `${width - x + r}px` : "", top: `${clamp(y - 18, 4, height - (peek ? 190 : 60))}px` });
    }
    stage.wake();
  }

  /** Nothing is under the pointer until it moves again. */
  forget() {
    this.stage.hovered = null;
    this.tip.hidden = true;
  }

  /** The wheel zooms once the pointer has moved here; a page that scrolls past is left alone. */
  wheel(event) {
    if (!this.armed && !event.ctrlKey && !document.fullscreenElement) event.stopPropagation();
    else this.watch(500);
  }

  /** For a while take the view from Plotly: the visitor is dragging, zooming or turning. */
  watch(milliseconds) {
    this.watchUntil = Math.max(this.watchUntil, performance.now() + milliseconds);
    this.stage.labelSoon();
    this.stage.wake();
  }

  /** Take over the view that Plotly shows, where a hand has moved it. */
  follow() {
    const { stage } = this, { view } = stage;
    if (stage.segment || stage.orbiting || stage.tween) return;
    const seen = stage.plot.read(view, stage.width);
    if (!seen) return;
    const moved = view.dim === 2 ? Math.abs(seen.cx - view.cx) * seen.k > 0.01 || Math.abs(seen.cy - view.cy) * seen.k > 0.01 || Math.abs(seen.k / view.k - 1) > 1e-5
      : Math.hypot(...minus(seen.eye, view.eye)) + Math.hypot(...minus(seen.center, view.center)) > 1e-5;
    if (!moved) return;
    stage.view = seen;
    stage.userView = true;
    stage.labelSoon();
  }

  key(event) {
    const { stage } = this, { controls } = stage;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !stage.film) return;
    const button = event.target.closest?.("button"), slider = event.target === controls.slider;
    if (event.target.closest?.("textarea, select, [contenteditable]") || (event.target.tagName === "INPUT" && !slider)) return;
    const does = { " ": button ? null : () => stage.toggle(), ArrowLeft: () => stage.step(-1), ArrowRight: () => stage.step(1), Home: () => stage.restart(), f: () => stage.toggleFull(), F: () => stage.toggleFull(),
      i: () => controls.card.toggle(), I: () => controls.card.toggle(), Escape: controls.escape() }[event.key];
    const aims = button || slider ? undefined : stage.aiming(event.key, event.shiftKey);
    if (!does && !aims) return;
    event.preventDefault();
    event.stopPropagation();
    (aims ?? does)();
  }
}
