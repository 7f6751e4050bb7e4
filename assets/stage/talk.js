/* The talk: slides played on one stage, led by the keyboard or a clicker. Nothing is asked of the server once the slides
 * are here. It needs the stage's own code on the page (`embeddingStage`); words are written as text, never parsed. */

(() => {
const el = (...parts) => globalThis.embeddingStage.make(...parts);
const within = (x, low, high) => Math.min(high, Math.max(low, x));
const ON = { ArrowRight: 1, PageDown: 1, " ": 1, Enter: 1, ArrowLeft: -1, PageUp: -1, Backspace: -1 };
const STILLS = 5;
const LETTERED = 70; // labels painted ahead; more do not fit on the stage

/** A column of numbers, unpacked once, in the shape in which the stage takes it. */
const decoded = (column) => {
  const values = globalThis.embeddingStage.column(column);
  return { getChild: () => ({ toArray: () => values }) };
};

class Talk {
  constructor(host, data, { live = true, presenting = true, pages = null, slide = 0, onShown = null } = {}) {
    this.guessing = new globalThis.embeddingGuessing(this, data.slides, live);
    Object.assign(this, { host, onShown, slides: data.slides, title: data.title, live, pages, at: -1, step: 0, scene: null, target: 0, began: null });
    this.build();
    this.listen();
    this.present(presenting);
    this.go(within(slide, 0, this.slides.length - 1), 0, 1);
    this.root.focus({ preventScroll: true });
  }

  // ---- what is on screen ----------------------------------------------------------------------------------

  build() {
    const button = (text, label, run) => el("button", "talk-button", { type: "button", title: label, "aria-label": label, onclick: run }, text);
    this.sentence = el("h2", "talk-sentence", { "aria-live": "polite" });
    this.place = el("div", "talk-stage");
    this.facts = el("aside", "talk-facts");
    this.strip = el("div", "talk-strip", { hidden: true });
    this.hint = el("span", "talk-hint", {}, "→ or space: on");
    this.dotted = el("nav", "talk-dots", { "aria-label": "Slides" });
    this.counter = el("span", "talk-counter");
    this.liveButton = button("Live", "Open this scene live (L)", () => this.openLive());
    this.leaveButton = button("Leave", "Leave the talk (Esc)", () => {
      this.present(!this.on);
      this.root.focus({ preventScroll: true }); // the next space goes on, and does not press the button again
    });
    this.leaveButton.classList.add("talk-leave");
    this.tools = el("div", "talk-tools", {}, button("‹", "Back (←)", () => this.move(-1)), button("›", "On (→, space)", () => this.move(1)), button("Notes", "Speaker notes in a second window (N)", () => this.openNotes()),
      this.liveButton, button("About", "About this picture (I)", () => this.card?.toggle()), button("Light / dark", "Light or dark (D)", () => this.relight()), button("Full screen", "Full screen (F)", () => this.full()), this.leaveButton);
    const foot = el("footer", "talk-foot", {}, this.counter, this.dotted, this.guessing.counter, this.tools);
    this.blank = el("div", "talk-blank", { hidden: true, onclick: () => this.darken(false) });
    this.livePlace = el("div", "talk-live", { hidden: true });
    this.root = el("section", "talk", { tabIndex: 0, "aria-label": this.title }, el("header", "talk-head", {}, this.sentence), el("div", "talk-body", {}, this.place, el("div", "talk-side", {}, this.guessing.panel, this.facts)), this.strip, foot, this.blank, this.livePlace);
    this.root.__talk = this; // for tests and the curious
    this.host.replaceChildren(this.root);
    this.drawDots();
    if (!this.live) this.leaveButton.hidden = true;
  }

  drawDots() {
    this.dots = this.slides.map((slide, at) => el("button", "talk-dot", { type: "button", title: slide.sentence, "aria-label": `Slide ${at + 1}`, onclick: () => this.go(at, 0, 1) }));
    this.dotted.replaceChildren(...this.dots, this.hint);
  }

  /** Take the talk as it was edited (`names` say which pictures a slide shows); what shows the same goes on where it is. */
  refresh({ title, slides }, wanted = this.at) {
    const showing = ({ names, guess }) => JSON.stringify([names, guess]), before = showing(this.slide), { step } = this;
    this.guessing.open(slides);
    Object.assign(this, { title, slides, at: within(wanted, 0, slides.length - 1) });
    this.root.setAttribute("aria-label", title);
    this.drawDots();
    if (showing(this.slide) === before && step < this.slide.stops.length) {
      this.guessing.write();
      return this.write(false);
    }
    const { at } = this;
    this.at = -1;
    return this.go(at, 0, 1);
  }

  /** Show a slide from its beginning, unless it is there already. */
  turn(at) { if (at !== this.at && at < this.slides.length) this.go(at, 0, 1); }

  listen() {
    this.ends = new AbortController();
    const { signal } = this.ends;
    window.addEventListener("keydown", (event) => this.key(event), { signal, capture: true });
    this.root.addEventListener("pointermove", () => this.busy(), { signal });
    document.addEventListener("fullscreenchange", () => this.fit(), { signal });
    window.addEventListener("resize", () => this.fit(), { signal });
    window.addEventListener("pagehide", () => this.notes?.close(), { signal });
    this.ticker = setInterval(() => this.tellTime(), 1000);
  }

  get stage() { return this.place.__stage; }
  get card() { return this.stage?.controls.card; }
  get slide() { return this.slides[this.at]; }

  /** Fill the window, or stand in the page. */
  present(on) {
    this.on = on;
    this.root.classList.toggle("talk-on", on);
    if (this.live) document.documentElement.classList.toggle("talk-presenting", on);
    this.leaveButton.textContent = on ? "Leave" : "Present";
    this.leaveButton.title = on ? "Leave the talk (Esc)" : "Fill the window (F)";
    if (!on && document.fullscreenElement) document.exitFullscreen();
    this.shown();
    this.fit();
    this.busy();
  }

  /** While it stands in the page, the page may want to know which slide is seen. */
  shown() { if (!this.on && this.at >= 0) this.onShown?.(this.at); }

  /** Letters on the map grow with the room. */
  fit() { if (this.stage) { this.stage.labels.sprites.clear(); this.stage.labels.next = 0; this.stage.wake(); } }

  letters() { return Math.round(within(Math.min(this.root.clientWidth / 1280, this.root.clientHeight / 700) * 22, 15, 40)); }

  /** Hide pointer and buttons while nobody moves. */
  busy() {
    this.root.classList.remove("talk-idle");
    clearTimeout(this.idle);
    this.idle = setTimeout(() => this.on && this.root.classList.add("talk-idle"), 2500);
  }

  // ---- going through the slides ---------------------------------------------------------------------------

  /** One step on (1) or back (-1): the next moment of this slide, or the next slide. */
  move(by) {
    this.began ??= performance.now();
    const step = this.step + by;
    if (step >= 0 && step < this.slide.stops.length) return this.go(this.at, step, by);
    const at = this.at + by;
    if (at < 0 || at >= this.slides.length) return undefined;
    return this.go(at, by > 0 ? 0 : this.slides[at].stops.length - 1, by);
  }

  go(at, step, by) {
    const before = this.slide, same = before === this.slides[at], slide = this.slides[at], [scene, target] = slide.stops[step], from = same ? slide.stops[this.step] : null;
    Object.assign(this, { at, step, target });
    cancelAnimationFrame(this.following);
    this.guessing.step();
    this.write(same); // first: it decides how wide the stage is, and a journey ends where the stage changes its size
    if (from && from[0] === scene) this.film(by > 0 ? from[1] : target, target);
    else this.show(slide.scenes[scene], by > 0);
    clearTimeout(this.preparing);
    this.preparing = setTimeout(() => this.prepare(this.slides[at + 1]), 900);
    this.shown();
    if (!this.live) return;
    const address = new URL(location.href);
    address.searchParams.set("slide", at + 1);
    history.replaceState(history.state, "", address);
  }

  /** Give the stage its next scene; its points travel from where they are. */
  show(data, plays) {
    const autoplay = plays && this.target > 0;
    const stage = globalThis.embeddingStage.mount(this.place, { ...data, scene: { ...data.scene, autoplay }, height: 100000 }, { onClick: ({ point }) => point && this.guessing.place(point) });
    if (!Object.hasOwn(stage, "textSize")) Object.defineProperty(stage, "textSize", { get: () => this.letters() });
    if (!autoplay && !stage.segment) stage.seek(this.target);
    else if (!autoplay) stage.clock.p = this.target < stage.film.last ? this.hold(stage) : stage.film.last;
    this.follow();
    this.drawStrip();
  }

  /** While this slide plays, make ready what the next one needs: its numbers, its letters, its pictures. */
  prepare(slide) {
    if (!slide || slide.prepared) return;
    slide.prepared = true;
    const { stage } = this, { labels } = stage;
    for (const data of slide.scenes) {
      for (const [name, column] of Object.entries(data)) if (column?.base64) data[name] = decoded(column);
      const { items, images, frameImages } = data.scene, ranks = data.priority?.getChild("v").toArray(), rows = items.map((_, row) => row);
      if (ranks) rows.sort((a, b) => ranks[b] - ranks[a]);
      for (const row of rows.slice(0, LETTERED)) labels.sprite(labels.constructor.forms(items[row])[0], false, stage);
      for (const source of [...(images ?? []), ...(frameImages ?? []).flatMap(([, pictures]) => pictures)]) if (source) el("img", "", { src: source }).decode().catch(() => {});
    }
  }

  /** A journey must end where the film waits, not at its end. */
  hold(stage) {
    const { segment, film } = stage, spot = [0, 0, 0];
    for (let row = 0; row < film.n; row++) segment.places.set(film.at(row, this.target, spot), (segment.n + row) * 3);
    const { places, n, from, into, form } = segment;
    stage.gpu?.load({ places, n, from, to: into, form });
    return this.target;
  }

  /** Play on from moment p to the target; back, or for those who want less motion, go there at once. */
  film(p, target) {
    const { stage } = this;
    if (p >= target || stage.calm) stage.seek(target);
    else stage.seek(Math.max(p, 0), true);
    this.follow();
  }

  /** Stop the film at the target. */
  follow() {
    const { stage } = this, look = () => {
      const { clock, segment } = stage;
      if (!segment && clock.p >= this.target - 1e-3) {
        if (clock.playing && this.target < stage.film.last) stage.seek(this.target);
        return;
      }
      if (segment || clock.playing) this.following = requestAnimationFrame(look);
    };
    this.following = requestAnimationFrame(look);
  }

  replay() {
    const { stops } = this.slide, scene = stops[this.step][0], first = stops.findIndex(([at]) => at === scene);
    this.target = stops[this.step][1];
    if (first >= 0) this.film(0, this.target);
  }

  /** One key state on or back, whatever the slide's own stops. */
  frame(by) {
    cancelAnimationFrame(this.following);
    this.stage.step(by);
  }

  write(same) {
    const { slide } = this;
    this.sentence.textContent = this.guessing.asking ? slide.asking : slide.sentence;
    if (!same) {
      this.bars = slide.facts.map(([name, value, share, step]) => {
        const bar = el("i", "talk-bar", {}, el("b"));
        bar.hidden = share === null;
        return { step, share, row: el("div", "talk-fact", {}, el("span", "talk-name", { dir: "auto" }, name), el("span", "talk-value", {}, value), bar) };
      });
      this.aside = el("p", "talk-aside", {}, slide.aside);
      this.facts.replaceChildren(el("h3", "", {}, slide.factsTitle), ...this.bars.map(({ row }) => row), this.aside);
      this.facts.hidden = !this.bars.length;
      this.root.classList.toggle("talk-with-facts", this.bars.length > 0 || Boolean(slide.ask));
      this.liveButton.disabled = !this.link();
    }
    const late = Math.max(0, ...this.bars.map(({ step }) => step));
    this.bars.forEach(({ step, share, row }, i) => {
      const shown = step <= this.step;
      row.classList.toggle("talk-shown", shown);
      row.style.transitionDelay = shown ? `${150 * i}ms` : "0ms";
      row.querySelector("b").style.width = shown ? `${within(share ?? 0, 0, 1) * 100}%` : "0";
    });
    this.facts.firstChild.classList.toggle("talk-shown", this.bars.some(({ step }) => step <= this.step));
    this.aside.classList.toggle("talk-shown", this.step >= late);
    this.hint.hidden = this.began !== null || this.at > 0;
    this.counter.textContent = `${this.at + 1} / ${this.slides.length}`;
    this.dots.forEach((dot, at) => dot.setAttribute("aria-current", String(at === this.at)));
    this.tellNotes();
  }

  // ---- for those who want less motion: the film as a strip of stills -----------------------------------------

  drawStrip() {
    clearTimeout(this.striping);
    const { stage } = this, { film } = stage, wanted = stage.calm && film.last > 0;
    this.strip.hidden = !wanted;
    if (!wanted) return;
    this.striping = setTimeout(() => {
      if (stage.film !== film) return;
      const p = stage.clock.p, count = Math.min(STILLS, film.last + 1), moments = Array.from({ length: count }, (_, i) => Math.round((i * film.last) / (count - 1)));
      const part = this.filled(moments);
      const labels = stage.labelsOn; // too small to read there; the stage itself has them
      stage.labelsOn = false;
      const stills = moments.map((moment) => {
        stage.clock.p = moment;
        stage.labels.next = 0;
        stage.draw(performance.now(), 1);
        const layers = [...stage.area.querySelectorAll("canvas.stage-layer")], canvas = el("canvas", "", { width: 640, height: 400 }), pen = canvas.getContext("2d");
        for (const layer of layers) if (layer.width) pen.drawImage(layer, ...part.map((x) => x * stage.ratio), 0, 0, 640, 400);
        return el("figure", "", {}, canvas, el("figcaption", "", {}, film.names[moment]));
      });
      stage.labelsOn = labels;
      stage.clock.p = p;
      stage.labels.next = 0;
      stage.wake();
      this.strip.replaceChildren(...stills);
    }, stage.atlas ? 900 : 200);
  }

  /** The part of the stage, 8 to 5, in which the points are at some of these moments: [left, top, width, height]. */
  filled(moments) {
    const { stage } = this, { film, width, height } = stage, spot = [0, 0, 0], pixel = [0, 0, 0], edges = [Infinity, Infinity, -Infinity, -Infinity];
    for (const moment of moments)
      for (let row = 0; row < film.n; row++) {
        const [x, y] = globalThis.embeddingStage.project(stage.matrix, film.at(row, moment, spot), width, height, pixel), rim = stage.radiusAt(row, pixel[2]) + 14;
        edges[0] = Math.min(edges[0], x - rim);
        edges[1] = Math.min(edges[1], y - rim);
        edges[2] = Math.max(edges[2], x + rim);
        edges[3] = Math.max(edges[3], y + rim);
      }
    const across = Math.max(edges[2] - edges[0], (edges[3] - edges[1]) * 1.6, 40), tall = across / 1.6;
    return [(edges[0] + edges[2] - across) / 2, (edges[1] + edges[3] - tall) / 2, across, tall];
  }

  // ---- keys -----------------------------------------------------------------------------------------------

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { key, target } = event;
    if (!this.livePlace.hidden) { if (key === "Escape") this.closeLive(); return; }
    if (target.closest?.("input:not([type=range]), textarea, select, [contenteditable]")) return;
    const here = this.root.contains(document.activeElement), free = !document.activeElement || document.activeElement === document.body;
    if (event.view === window && !here && !(this.on && free)) return;
    if (target.closest?.("button") && (key === " " || key === "Enter")) return;
    const run = this.does(key, event.shiftKey);
    if (!run) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (this.blank.hidden || key === "b" || key === "B" || key === ".") run();
    else this.darken(false); // any key brings the picture back
  }

  does(key, shift) {
    const by = key === " " && shift ? -1 : ON[key], guess = this.guessing.key(key, shift);
    if (guess) return guess;
    if (by) return () => this.move(by);
    const keys = { ArrowUp: () => this.frame(-1), ArrowDown: () => this.frame(1), Home: () => this.go(0, 0, 1), End: () => this.go(this.slides.length - 1, this.slides.at(-1).stops.length - 1, -1), f: () => this.full(), b: () => this.darken(this.blank.hidden),
      ".": () => this.darken(this.blank.hidden), r: () => this.replay(), n: () => this.openNotes(), l: () => this.openLive(), d: () => this.relight(), i: () => this.card?.toggle(), Escape: () => (this.card?.open ? this.card.toggle(false) : this.blank.hidden ? this.live && this.on && this.present(false) : this.darken(false)) };
    return keys[key.length === 1 ? key.toLowerCase() : key];
  }

  full() {
    if (document.fullscreenElement) return document.exitFullscreen();
    if (!this.on) this.present(true);
    return this.root.requestFullscreen?.().catch(() => {});
  }

  darken(on) { this.blank.hidden = !on; }

  relight() {
    const dark = this.root.dataset.look ? this.root.dataset.look === "dark" : this.stage.theme.dark;
    this.root.dataset.look = dark ? "light" : "dark";
  }

  // ---- the page itself, live ------------------------------------------------------------------------------

  link() {
    const { link } = this.slide, page = link.split("?")[0];
    return this.live && link && (!this.pages || this.pages.includes(page)) ? new URL(link, location.href).href : "";
  }

  openLive() {
    const address = this.link();
    if (!address) return;
    const inside = new URL(address);
    inside.searchParams.set("live", 1); // another visit: what is added to a talk there would not come here
    const frame = el("iframe", "", { src: inside.href, title: "The page, live" });
    frame.addEventListener("load", () => frame.contentWindow.addEventListener("keydown", (event) => { if (event.key === "Escape") this.closeLive(); }));
    const back = el("button", "talk-button", { type: "button", onclick: () => this.closeLive() }, "‹ Back to the talk (Esc)");
    this.livePlace.replaceChildren(el("div", "talk-livebar", {}, back, el("a", "talk-button", { href: address, target: "_blank", rel: "noopener" }, "Open in a tab of its own")), frame);
    this.livePlace.hidden = false;
    back.focus();
  }

  closeLive() {
    this.livePlace.hidden = true;
    this.livePlace.replaceChildren();
    this.root.focus({ preventScroll: true });
  }

  // ---- the speaker's window -------------------------------------------------------------------------------

  openNotes() {
    const paper = window.open("", "embedding-talk-notes", "width=820,height=640");
    if (!paper) return;
    this.notes = paper;
    const page = paper.document;
    page.title = "Speaker notes";
    page.head.replaceChildren();
    const style = page.createElement("style");
    style.textContent = "body{margin:0;padding:28px 34px;font:22px/1.5 system-ui,sans-serif;background:#12151b;color:#eceef2}header{display:flex;justify-content:space-between;font-size:30px;font-variant-numeric:tabular-nums}h1{font-size:26px;line-height:1.3;margin:.9em 0 .5em}p{margin:0 0 1.2em}small{opacity:.7}";
    page.head.append(style);
    const part = (tag) => page.createElement(tag), head = part("header");
    this.paper = { count: part("span"), clock: part("span"), spent: part("span"), sentence: part("h1"), notes: part("p"), next: part("small") };
    head.append(this.paper.count, this.paper.spent, this.paper.clock);
    page.body.replaceChildren(head, this.paper.sentence, this.paper.notes, this.paper.next);
    paper.addEventListener("keydown", (event) => this.key(event));
    this.tellNotes();
    this.tellTime();
  }

  tellNotes() {
    if (!this.notes || this.notes.closed) return;
    const { paper, slide } = this, next = this.slides[this.at + 1];
    paper.count.textContent = `${this.at + 1} / ${this.slides.length}${slide.stops.length > 1 ? ` · step ${this.step + 1} of ${slide.stops.length}` : ""}`;
    paper.sentence.textContent = slide.sentence;
    paper.notes.textContent = slide.ask && !slide.ask.told ? `${slide.notes} Answer: ${slide.ask.why}` : slide.notes;
    paper.next.textContent = next ? `Next: ${next.sentence}` : "This is the last slide.";
  }

  tellTime() {
    if (!this.notes || this.notes.closed) return;
    const spent = this.began === null ? 0 : Math.floor((performance.now() - this.began) / 1000);
    this.paper.spent.textContent = `${Math.floor(spent / 60)}:${String(spent % 60).padStart(2, "0")}`;
    this.paper.clock.textContent = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  }

  dispose() {
    this.ends.abort();
    clearInterval(this.ticker);
    clearTimeout(this.idle);
    clearTimeout(this.striping);
    clearTimeout(this.preparing);
    cancelAnimationFrame(this.following);
    this.notes?.close();
    document.documentElement.classList.remove("talk-presenting");
    globalThis.embeddingStage.unmount(this.place);
    this.root.remove();
  }
}

/** Put a talk into an element; one that is there already goes on as it is. */
function mountTalk(element, data, options = {}) { return (element.__talk ??= new Talk(element, data, options)); }

function unmountTalk(element) {
  element.__talk?.dispose();
  delete element.__talk;
}

globalThis.embeddingTalk = { mount: mountTalk, unmount: unmountTalk };
globalThis.dispatchEvent(new Event("embedding-talk"));
})();
