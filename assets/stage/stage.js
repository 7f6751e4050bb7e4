/* The stage itself. One of these lives in each element and takes scene after scene. */

class Stage {
  constructor(element, { onClick, saveFilm } = {}) {
    Object.assign(this, { element, onClick, saveFilm, film: null, view: null, segment: null, selected: null, hovered: null, group: null, aim: null, trailsOn: false, labelsOn: true });
    Object.assign(this, { width: 0, height: 0, ratio: 1, frame: 0, drawn: 0, userView: false, orbiting: false, tween: null, fadeFrom: 0, settleAt: 0 });
    this.clock = new Clock();
    this.labels = new Labels();
    this.links = new Links();
    this.trails = new Trails();
    this.spot = [0, 0, 0];
    this.pixel = [0, 0, 0];
    this.preference = matchMedia("(prefers-reduced-motion: reduce)");
    this.build();
    this.listen();
  }

  /** Still, for people who ask their system for less motion. */
  get calm() { return this.preference.matches; }
  get moving() { return Boolean(this.segment) || this.clock.playing; }
  get textSize() { return this.width >= 1500 ? 18 : this.width >= 700 ? 16 : 14; }

  build() {
    const canvas = (name) => make("canvas", `stage-layer ${name}`, { "aria-hidden": "true" });
    this.plotElement = make("div", "stage-plotly");
    this.area = make("div", "stage-area", { role: "img" }, this.plotElement, canvas("stage-gpu"), canvas("stage-over"));
    this.canvasPen = new CanvasPen(this.area.querySelector(".stage-over").getContext("2d"));
    this.hint = make("p", "stage-hint", { hidden: true });
    this.legend = new Legend(this);
    this.hands = new Hands(this);
    this.area.append(this.hint, this.legend.element, this.hands.tip);
    this.controls = new Controls(this);
    this.root = make("section", "stage", { tabIndex: 0, "aria-label": "Animated map" }, this.controls.head, this.area, this.controls.bar);
    this.root.__stage = this; // for tests and the curious
    this.element.replaceChildren(this.root);
    this.plot = new PlotHost(this.plotElement, { onView: () => this.hands.watch(300) });
    this.startGpu();
  }

  startGpu() {
    const canvas = this.area.querySelector(".stage-gpu");
    try { this.gpu = new GpuLayer(canvas); } catch (problem) { this.gpu = null; this.gpuProblem = String(problem); }
    this.root.classList.toggle("stage-without-gpu", !this.gpu);
  }

  listen() {
    this.ends = new AbortController();
    const { signal } = this.ends, on = listener(signal);
    this.hands.listen(signal);
    const canvas = this.area.querySelector(".stage-gpu");
    on(canvas, "webglcontextlost", (event) => { event.preventDefault(); this.gpu = null; this.root.classList.add("stage-without-gpu"); this.settleSoon(0); });
    on(canvas, "webglcontextrestored", () => { this.startGpu(); this.reload(); });
    on(this.root, "transitionend", (event) => event.target === this.root && this.retheme());
    on(matchMedia("(prefers-color-scheme: dark)"), "change", () => this.retheme());
    on(window, "resize", () => this.wanted && this.fitHeight(this.wanted, true));
    on(document, "fullscreenchange", () => this.fullChanged());
    on(document, "visibilitychange", () => { this.before = null; this.wake(); });
    this.resizer = new ResizeObserver(() => this.resize());
    this.resizer.observe(this.area);
  }

  // ---- scenes ---------------------------------------------------------------------------------------------

  /** Take a scene: the same id restyles what is there, a new one moves on from it. */
  show(data) {
    const film = new Film(data), old = this.film, same = old && old.id === film.id && old.n === film.n && old.dimensions === film.dimensions;
    this.theme = readTheme(this.root);
    this.resize(true);
    this.fitHeight(data.height ?? 620);
    if (!this.width) this.resize(true);
    if (!this.atlas || !film.images || film.sources().join() !== this.atlasOf) this.loadImages(film);
    // a colour that was singled out stays so only where the key still offers it: nobody could let it go
    const group = same && !film.values && film.groupNames.join() === old.groupNames.join() ? this.group : null;
    this.legend.draw(film, group);
    if (same) this.restyle(film, group);
    else this.enter(film, old);
    this.hint.hidden = film.n > 0;
    this.hint.textContent = "Nothing on the map yet.";
    if (film.dimensions === 3 && !this.gpu && !PlotHost.hasGl()) {
      this.hint.hidden = false;
      this.hint.textContent = "3-D needs WebGL, which this browser has switched off; choose 2-D.";
    }
    this.controls.load(film);
    this.settleSoon(this.plot.ready ? 120 : 0);
    if (!this.segment) this.enablePlot();
    this.wake();
  }

  /** As high as the page wants it, more on a tall screen; on a small one no higher than is seen without scrolling. */
  fitHeight(wanted = this.wanted, again = wanted !== this.wanted) {
    if (!again) return;
    this.wanted = wanted;
    const scrolled = this.root.closest("[data-testid=stMain]")?.scrollTop ?? window.scrollY, top = this.root.getBoundingClientRect().top + scrolled;
    const tall = wanted * clamp(window.innerHeight / 900, 1, 1.5), room = window.innerHeight - top - 12;
    this.root.style.setProperty("--stage-height", `${Math.round(Math.max(Math.min(tall, room), Math.min(wanted, 420)))}px`);
  }

  loadImages(film) {
    this.atlasOf = film.images ? film.sources().join() : "";
    this.atlas = film.images ? new Atlas(film, this.ratio, () => this.wake()) : null;
  }

  restyle(film, group) {
    const from = this.colours(), stays = this.clock.p >= this.film.last && !this.clock.playing;
    this.group = group;
    // a page that never says what is selected leaves it to the visitor
    this.selected = film.selected ?? (this.film.selected === null ? this.selected : null);
    film.grow = this.growth();
    this.film = film;
    this.clock.load(film, stays ? film.last : this.clock.p);
    if (film.trails.length) this.trailsOn = true;
    this.links.load(film, performance.now());
    if (!this.segment) { this.reload(); this.fade(from); }
    this.labels.next = 0;
  }

  enter(film, old) {
    const { width, height } = this, places = old && this.view ? snapshot(this) : null;
    film.grow = this.growth();
    this.film = film;
    this.selected = film.selected;
    this.group = null;
    this.hands.forget();
    this.trailsOn = film.trails.length > 0;
    const plays = film.autoplay && film.last > 0 && !this.calm, p = plays ? 0 : film.last;
    this.clock.load(film, p);
    this.clock.playing = false;
    this.labels.carry(old, film);
    this.links.load(film, performance.now() + (places && !this.calm ? TRAVEL * 1000 : 350));
    this.nextView(film, old);
    this.orbiting = film.dimensions === 3 && plays;
    if (places && film.n + places.n > 0 && !this.calm && this.gpu && width) {
      this.segment = journey(this, film, places, p);
      this.segment.plays = plays;
      this.gpu.load({ places: this.segment.places, n: this.segment.n, from: this.segment.from, to: this.segment.into, form: this.segment.form });
      this.loaded = "segment";
    } else {
      this.segment = null;
      this.clock.playing = plays;
      this.reload();
      if (this.calm && old) this.area.animate?.([{ opacity: 0.3 }, { opacity: 1 }], 200);
    }
  }

  growth() { return clamp(Math.sqrt(this.width * this.height) / 800, 1, 1.9); }

  home(film) { return homeView(film, this.width || 1, this.height || 1, film.inRow ? undefined : this.legend.room); }

  /** Keep the view where the new film fits into it; otherwise choose a new one. */
  nextView(film, old) {
    const { width, height } = this, home = this.home(film), view = this.view;
    this.tween = null;
    if (!view || !old || view.dim !== film.dimensions) {
      this.userView = false;
      this.view = home;
      return;
    }
    if (view.dim === 3) { this.view = view.with({ box: film.box }); return; }
    const { centre, half } = film.box, inside = [0, 1].every((axis) => {
      const middle = axis ? height / 2 - (centre[1] - view.cy) * view.k : width / 2 + (centre[0] - view.cx) * view.k, reach = half[axis] * view.k, size = axis ? height : width;
      return middle - reach > 24 && middle + reach < size - 24;
    });
    if (inside && view.k > home.k * 0.6) return;
    this.userView = false;
    this.view = home;
  }

  /** The colours of all rows as they are on screen. */
  colours() { return this.film.paint(this.theme, this.frame, { selected: this.selected, group: this.group }); }

  /** Fill the GPU with the film itself. */
  reload() {
    const { film, gpu } = this;
    if (!gpu || !film) return;
    this.frame = Math.round(this.clock.p);
    const colours = this.colours(), form = new Float32Array(film.n * 3);
    for (let row = 0; row < film.n; row++) { const size = film.diameter(row); form.set([size, size, film.shape(row, this.frame)], row * 3); }
    for (let row = 0; row < film.n; row++) if (film.images?.[row]) colours.fill(0, row * 4, row * 4 + 4); // thumbnails are drawn over the points
    gpu.load({ places: film.frames, n: film.n, from: colours, to: colours, form });
    this.loaded = "film";
    this.paintedLeg = -1;
  }

  /** Cross-fade from earlier colours to the present ones. */
  fade(from) {
    if (!this.gpu || this.loaded !== "film" || from.length !== this.film.n * 4 || this.film.images) return;
    this.gpu.recolour(from, this.colours());
    this.fadeFrom = this.calm ? 0 : 1;
  }

  recolour() {
    if (this.segment) return;
    this.reload();
    this.settleSoon();
    this.labels.next = 0;
    this.wake();
  }

  retheme() {
    if (!this.film) return;
    this.theme = readTheme(this.root);
    this.labels.sprites.clear();
    this.recolour();
    this.legend.draw();
  }

  // ---- playing --------------------------------------------------------------------------------------------

  toggle() {
    if (!this.film?.last || this.segment) return;
    const { clock, film } = this;
    if (!clock.playing && clock.p >= film.last) clock.p = 0;
    clock.playing = !clock.playing;
    this.orbiting = clock.playing && film.dimensions === 3 && !this.userView && !this.calm;
    if (!clock.playing) this.settleSoon();
    this.wake();
  }

  seek(p, play = false) {
    if (!this.film) return;
    this.finish();
    this.clock.p = clamp(p, 0, this.film.last);
    this.clock.rest = 0;
    this.clock.playing = play;
    this.labels.next = 0;
    this.settleSoon();
    this.wake();
  }

  restart() { this.seek(0, this.film?.last > 0 && !this.calm); }

  /** One key state on or back: a short glide, or a jump for those who asked for less motion. */
  step(by) {
    if (!this.film?.last) return;
    const p = this.clock.p, to = clamp(by > 0 ? Math.floor(p + 1e-4) + 1 : Math.ceil(p - 1e-4) - 1, 0, this.film.last);
    if (this.calm || !this.gpu) return this.seek(to);
    this.finish();
    this.clock.playing = false;
    this.glide = { from: p, to, t: 0 };
    this.wake();
  }

  /** End a journey between scenes at once. */
  finish() {
    this.glide = null;
    if (!this.segment) return;
    this.view = this.segment.finalView;
    this.clock.playing = this.segment.plays;
    this.segment = null;
    this.reload();
    this.labels.next = 0;
    this.enablePlot();
    this.settleSoon();
  }

  /** Only while something changes is there a frame to draw. */
  wake() {
    if (this.request || this.gone) return;
    this.request = requestAnimationFrame((now) => this.tick(now));
  }

  tick(now) {
    this.request = null;
    if (this.gone || !this.film) return;
    const dt = clamp((now - (this.before ?? now)) / 1000, 0, 0.1);
    let busy = this.advance(dt, now);
    if (this.hands.busy) { this.hands.follow(); busy = true; }
    busy = this.draw(now, dt) || busy;
    this.before = busy ? now : null;
    if (busy || this.clock.playing) this.wake();
    else if (this.settleAt) {
      if (now >= this.settleAt) this.settle();
      else this.wake();
    }
  }

  advance(dt, now) {
    const { segment, clock } = this;
    let busy = false;
    if (segment) {
      segment.t += dt / segment.seconds;
      this.view = segment.views[0] === segment.views[1] ? segment.views[0] : segment.views[0].toward(segment.views[1], smoothstep(clamp(segment.t, 0, 1)));
      if (segment.t >= 1) this.finish();
      busy = true;
    } else if (this.glide) {
      const g = this.glide;
      g.t += dt / 0.45;
      clock.p = mix(g.from, g.to, this.film.flowing ? smoothstep(Math.min(g.t, 1)) : Math.min(g.t, 1));
      if (g.t >= 1) { clock.p = g.to; this.glide = null; this.labels.next = 0; this.settleSoon(); }
      busy = true;
    } else if (clock.playing) {
      if (this.calm || !this.gpu ? clock.jump(dt) : clock.advance(dt)) { this.labels.next = 0; this.settleSoon(); }
      busy = true;
    }
    if (this.orbiting && this.view.dim === 3 && !segment) {
      if (clock.playing) this.view = this.view.turned(0.09 * dt);
      else this.stopOrbit();
    }
    if (this.tween) {
      this.tween.t = Math.min(1, this.tween.t + dt / 0.35);
      this.view = this.tween.from.toward(this.tween.to, smoothstep(this.tween.t));
      if (this.tween.t >= 1) { this.tween = null; this.settleSoon(0); }
      busy = true;
    }
    if (this.fadeFrom > 0) {
      this.fadeFrom = Math.max(0, this.fadeFrom - dt / 0.3);
      busy = true;
      if (!this.fadeFrom) this.reload();
    }
    return busy;
  }

  /** Paint everything for this moment; returns true while something still fades or grows. */
  draw(now, dt) {
    const { film, gpu, clock, width, height } = this;
    if (!film || !width || !this.view) return false;
    this.frame = Math.min(Math.round(clock.p), film.last);
    this.matrix = this.view.matrix(width, height);
    this.placesAt = null;
    const pen = this.choosePen();
    let busy = false;
    pen.begin(this);
    gpu?.clear(this.theme);
    drawBox(this);
    this.trails.draw(this);
    busy = this.links.draw(this, now) || busy;
    pen.flush();
    if (gpu) this.drawPoints(gpu);
    else this.stepPlotly(now);
    if (pen.context) this.atlas?.draw(this);
    drawRings(this);
    if (now >= this.labels.next) {
      this.labels.choose(this);
      this.labels.next = this.moving || this.hands.watchUntil > now || this.glide ? now + 180 : Infinity;
    }
    busy = this.labels.draw(this, dt) || busy;
    if (this.aim && film.asks) this.drawAim(pen);
    pen.flush();
    // the controls are page content, dearer to repaint than the map: ten times a second is enough for them
    if (!this.moving || now > (this.toldAt ?? 0) + 100) { this.controls.update(); this.toldAt = now; }
    this.drawn++;
    return busy;
  }

  /** Pictures lie on the canvas over the points, and so must the words then; otherwise the GPU draws all. */
  choosePen() {
    const pen = this.gpu && !this.atlas ? this.gpu.pen : this.canvasPen;
    if (this.pen === this.canvasPen && pen !== this.pen) this.canvasPen.begin(this); // leave it empty
    return (this.pen = pen);
  }

  drawPoints(gpu) {
    const { film, segment, clock, ratio } = this, [leg, u] = film.leg(clock.p), distance = this.view.dim === 3 ? this.view.distance : 0;
    if (!segment && film.frameGroups && leg !== this.paintedLeg && !this.fadeFrom) {
      this.paintedLeg = leg;
      gpu.recolour(film.paint(this.theme, leg, this), film.paint(this.theme, Math.min(leg + 1, film.last), this));
    }
    if (distance) gpu.sort(this.depthOrder());
    else if (this.sorted) { gpu.sort(null); this.sorted = false; }
    const t = segment ? clamp(segment.t, 0, 1) : 0;
    const fade = segment ? smoothstep(t) : this.fadeFrom ? 1 - this.fadeFrom : film.frameGroups ? clamp(u * 3 - 1, 0, 1) : 1;
    gpu.draw({ leg: segment ? 0 : leg, u: segment ? t : u, fade, flowing: !segment && film.flowing, matrix: this.matrix, distance, ratio, theme: this.theme });
  }

  /** Without the layer Plotly steps through the key states, a few times a second. */
  stepPlotly(now) {
    const state = `${this.film.id}|${this.clock.p.toFixed(2)}|${this.selected}|${this.group}`;
    if (state === this.stepped || now < (this.stepNext ?? 0)) return;
    this.stepped = state;
    this.stepNext = now + 120;
    this.plot.settle(this, { visible: true });
  }

  /** Stop turning, and let hands go on from here. */
  stopOrbit() {
    if (!this.orbiting) return;
    this.orbiting = false;
    this.plot.push(this.view, this.width, this.height);
  }

  /** Choose the labels anew shortly: the view moves. */
  labelSoon() { this.labels.next = Math.min(this.labels.next, performance.now() + 180); }

  settleSoon(wait = 140) { this.settleAt = performance.now() + wait; this.wake(); }

  /** See to it that hands can pan, zoom and turn while the film already plays. */
  enablePlot() {
    this.plot.wait(() => {
      if (this.plot.dim !== this.view?.dim) this.plot.settle(this, { visible: !this.gpu, empty: this.moving && Boolean(this.gpu) });
    });
  }

  settle() {
    this.settleAt = 0;
    if (this.plot.plotly) this.plot.settle(this, { visible: !this.gpu }).then(() => { this.settled = (this.settled ?? 0) + 1; });
    else this.plot.wait(() => this.settleSoon(0));
  }

  // ---- where things are -----------------------------------------------------------------------------------

  /** Data coordinates of a row now. */
  locate(row) {
    const { segment, spot } = this;
    if (!segment) return this.film.at(row, this.clock.p, spot);
    const u = smoothstep(clamp(segment.t, 0, 1)), a = row * 3, b = (segment.n + row) * 3;
    for (let axis = 0; axis < 3; axis++) spot[axis] = mix(segment.places[a + axis], segment.places[b + axis], u);
    return spot;
  }

  /** [x, y, distance] in pixels. */
  place(row) { return project(this.matrix ?? this.view.matrix(this.width, this.height), this.locate(row), this.width, this.height, this.pixel); }

  /** All rows' pixels, worked out once a frame at most. */
  allPlaces() {
    if (this.placesAt) return this.placesAt;
    const n = this.film.n;
    if (this.places?.length !== n * 3) this.places = new Float32Array(n * 3);
    for (let row = 0; row < n; row++) this.places.set(this.place(row), row * 3);
    return (this.placesAt = this.places);
  }

  depthOrder() {
    const { film, segment, matrix: m } = this, n = segment ? segment.n : film.n;
    if (this.depths?.length !== n) { this.depths = new Float32Array(n); this.order = new Uint32Array(n); }
    for (let row = 0; row < n; row++) { const [x, y, z] = this.locate(row); this.depths[row] = m[3] * x + m[7] * y + m[11] * z + m[15]; }
    this.sorted = true;
    return backToFront(this.depths, this.order);
  }

  /** Radius in pixels, larger where nearer. */
  radiusAt(row, depth) {
    const base = this.film.images?.[row] ? this.film.markRadius() : this.film.diameter(row) / 2;
    return base * (this.view.dim === 3 ? clamp(this.view.distance / depth, 0.4, 2.4) : 1);
  }

  /** 1 near, less far away. */
  mist(depth) { return this.view.dim === 3 ? 1 - 0.6 * clamp((depth - this.view.distance + 0.45) / 1.1, 0, 1) : 1; }

  /** 0 while the camera looks straight down (a flat map), 1 when it shows depth. */
  tilt() { return clamp((Math.PI / 2 - this.view.angles().elevation) / 0.5, 0, 1); }

  /** How much of a newcomer is there already. */
  arrival(row) { return this.segment?.arrive[row] ? clamp(this.segment.t * 2 - 1, 0, 1) : 1; }

  /** The row under a pixel, or null. */
  pick(px, py) {
    if (!this.film?.n || !this.view || !this.matrix) return null;
    for (let i = this.labels.boxes.length - 1; i >= 0; i--) {
      const [row, box] = this.labels.boxes[i];
      if (this.labelsOn && px >= box[0] && px <= box[2] && py >= box[1] && py <= box[3]) return row;
    }
    const places = this.allPlaces();
    let best = null, nearest = Infinity;
    for (let row = 0; row < this.film.n; row++) {
      const depth = places[row * 3 + 2];
      if (!(depth > 0.02)) continue;
      const far = Math.hypot(places[row * 3] - px, places[row * 3 + 1] - py), reach = Math.max(this.radiusAt(row, depth) + 3, 9);
      if (far > reach) continue;
      const score = far + (this.view.dim === 3 ? depth * 4 : 0);
      if (score < nearest) { nearest = score; best = row; }
    }
    return best;
  }

  // ---- what a visitor can ask for ---------------------------------------------------------------------------

  /** Tell the place that was chosen on a map that asks for one. */
  answer(x, y) {
    if (this.segment) return; // the map is still on its way
    this.aim = null;
    this.onClick?.({ point: this.view.invert(x, y, this.width, this.height).slice(0, 2), id: this.film.id });
    this.wake();
  }

  /** What a key does on a map that asks for a place: arrows lead a cross-hair (finely with shift), Enter answers there. */
  aiming(key, fine = false) {
    if (!this.film?.asks || this.view?.dim !== 2) return undefined;
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key], { aim, width, height } = this;
    if (way) return () => this.aimAt(way.map((by) => (by * Math.min(width, height)) / (fine ? 200 : 30)));
    if (aim && key === "Enter") return () => this.answer(aim[0] * width, aim[1] * height);
    return aim && key === "Escape" ? () => { this.aim = null; this.wake(); } : undefined;
  }

  /** Move the cross-hair by pixels; it begins in the middle, and keeps its place when the stage grows. */
  aimAt([right, down]) {
    const { aim, width, height } = this;
    this.aim = aim ? [clamp(aim[0] + right / width, 0, 1), clamp(aim[1] + down / height, 0, 1)] : [0.5, 0.5];
    this.wake();
  }

  drawAim(pen) {
    const { width, height, theme } = this, [x, y] = [this.aim[0] * width, this.aim[1] * height], near = 8, far = 26;
    pen.ring(x, y, 15, 3, theme.accent, 1);
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) pen.line(x + near * dx, y + near * dy, x + far * dx, y + far * dy, 3, theme.accent, 1);
  }

  /** Show the choice at once; Python answers with the scene that follows from it. */
  choose(row) {
    const from = this.colours();
    this.selected = row === this.selected && this.film.selected === null ? null : row;
    this.labels.next = 0;
    this.fade(from);
    this.settleSoon();
    this.onClick?.({ row, key: this.film.keys[row], id: this.film.id, frame: Math.round(this.clock.p) });
    this.wake();
  }

  goHome() {
    if (!this.film || this.segment) return;
    this.userView = false;
    this.hands.watchUntil = 0;
    const home = this.home(this.film);
    if (this.calm) { this.view = home; this.settleSoon(0); } else this.tween = { from: this.view, to: home, t: 0 };
    this.labels.next = 0;
    this.wake();
  }

  single(group) {
    const from = this.colours();
    this.group = this.group === group ? null : group;
    this.legend.draw();
    this.paintedLeg = -1;
    this.labels.next = 0;
    this.fade(from);
    this.settleSoon();
    this.wake();
  }

  toggleTrails() { this.trailsOn = !this.trailsOn; this.wake(); }
  toggleLabels() { this.labelsOn = !this.labelsOn; this.wake(); }
  toggleFull() { document.fullscreenElement === this.root ? document.exitFullscreen() : this.root.requestFullscreen?.().catch(() => {}); }

  fullChanged() {
    const full = document.fullscreenElement === this.root, button = this.controls.full, label = full ? "Leave full screen (F)" : "Full screen (F)";
    button.replaceChildren(icon(full ? "small" : "full"));
    button.title = label;
    button.setAttribute("aria-label", label);
  }

  savePng() { flatten(this).toBlob((blob) => download(blob, fileName(this, "png")), "image/png"); }
  saveSvg() { download(new Blob([svgText(this)], { type: "image/svg+xml" }), fileName(this, "svg")); }

  resize(now = false) {
    const width = this.area.clientWidth, height = this.area.clientHeight, ratio = Math.min(window.devicePixelRatio || 1, 3);
    if (!width || !height || (width === this.width && height === this.height && ratio === this.ratio)) return;
    const before = [this.width, this.height];
    Object.assign(this, { width, height, ratio });
    if (this.film) this.legend.draw();
    for (const canvas of this.area.querySelectorAll("canvas.stage-layer")) { canvas.width = Math.round(width * ratio); canvas.height = Math.round(height * ratio); }
    if (!this.film) return;
    this.finish();
    this.film.grow = this.growth();
    this.reload();
    this.view = this.userView && before[0] ? this.view.resized(...before, width, height) : this.view?.dim === 3 ? this.view : this.home(this.film);
    this.labels.next = 0;
    if (!now) this.draw(performance.now(), 0); // at once: an emptied canvas must not be seen
    this.settleSoon();
  }

  /** What tests ask. */
  state() {
    const { clock, film, view, selected, drawn, settled } = this;
    return { id: film?.id, n: film?.n, p: clock.p, last: film?.last, playing: clock.playing, travelling: Boolean(this.segment), selected, drawn, settled: settled ?? 0, gpu: Boolean(this.gpu), dim: view?.dim,
      view: view?.dim === 2 ? [view.cx, view.cy, view.k] : [...(view?.eye ?? []), ...(view?.center ?? [])], labels: this.labels.boxes.map(([row]) => row), size: [this.width, this.height] };
  }

  dispose() {
    this.gone = true;
    cancelAnimationFrame(this.request);
    this.ends.abort();
    this.resizer.disconnect();
    document.removeEventListener("pointerdown", this.controls.outside, true);
    this.plot.dispose();
    this.gpu?.dispose();
    this.root.remove();
  }
}

/** Put a stage into an element, or give the one that lives there the next scene. */
function mountStage(element, data, options = {}) {
  const stage = element.__stage ?? (element.__stage = new Stage(element, options));
  stage.onClick = options.onClick;
  stage.saveFilm = options.saveFilm;
  stage.show(data);
  return stage;
}

function unmountStage(element) {
  element.__stage?.dispose();
  delete element.__stage;
}

globalThis.embeddingStage = { mount: mountStage, unmount: unmountStage, project, make, column };
globalThis.dispatchEvent(new Event("embedding-stage"));
