// @ts-check
/* The talk: slides played on one stage, led by the keyboard or a clicker. Nothing is asked of the server once the slides
 * are here. It needs the stage's own code on the page (`embeddingStage`); words are written as text, never parsed. */

/** The way that each key leads: on or back.
 * @type {Record<string, number>} */
const ON = { ArrowRight: 1, PageDown: 1, " ": 1, Enter: 1, ArrowLeft: -1, PageUp: -1, Backspace: -1 };
const LETTERED = 70; // labels painted ahead; more do not fit on the stage

class Talk {
  at = -1;
  step = 0;
  /** The key state at which the film waits. */
  target = 0;
  /** When the talk left its first step, in milliseconds.
   * @type {number | null} */
  began = null;
  /** It fills the window. */
  on = false;
  following = 0;
  /** @type {Record<"idle" | "prepare", ReturnType<typeof setTimeout> | undefined>} */
  timers = { idle: undefined, prepare: undefined };
  /** @type {HTMLElement[]} */
  dots = [];
  /** @type {{ step: number, share: number | null, row: HTMLElement, fill: HTMLElement }[]} */
  bars = [];
  factsTitle = build("h3", "");
  aside = build("p", "talk-aside");
  ends = new AbortController();

  /** @param {Element} host @param {TalkData} data @param {TalkOptions} options */
  constructor(host, data, { live = true, presenting = true, pages = null, slide = 0, onShown = null }) {
    this.host = host;
    this.onShown = onShown;
    this.slides = data.slides;
    this.title = data.title;
    this.live = live;
    this.pages = pages;
    this.questions = new Questions(this, data.slides, live);
    this.notes = new Notes(this);
    this.stills = new Stills(this);
    /** @type {(text: string, label: string, run: () => void) => HTMLButtonElement} */
    const button = (text, label, run) => build("button", "talk-button", { type: "button", title: label, "aria-label": label, onclick: run }, text);
    this.sentence = build("h2", "talk-sentence", { "aria-live": "polite" });
    this.stageHost = build("div", "talk-stage");
    this.facts = build("aside", "talk-facts");
    this.hint = build("span", "talk-hint", {}, "→ or space: on");
    this.dotted = build("nav", "talk-dots", { "aria-label": "Slides" });
    this.counter = build("span", "talk-counter");
    this.liveButton = button("Live", "Open this scene live (L)", () => this.openLive());
    this.leaveButton = button("Leave", "Leave the talk (Esc)", () => {
      this.present(!this.on);
      this.root.focus({ preventScroll: true }); // the next space goes on, and does not press the button again
    });
    this.leaveButton.classList.add("talk-leave");
    this.tools = build("div", "talk-tools", {}, button("‹", "Back (←)", () => this.move(-1)), button("›", "On (→, space)", () => this.move(1)), button("Notes", "Speaker notes in a second window (N)", () => this.notes.open()),
      this.liveButton, button("About", "About this picture (I)", () => this.card?.toggle()), button("Light / dark", "Light or dark (D)", () => this.relight()), button("Full screen", "Full screen (F)", () => this.full()), this.leaveButton);
    const foot = build("footer", "talk-foot", {}, this.counter, this.dotted, this.questions.counter, this.tools);
    this.blank = build("div", "talk-blank", { hidden: true, onclick: () => this.darken(false) });
    this.livePage = build("div", "talk-live", { hidden: true });
    this.root = build("section", "talk", { tabIndex: 0, "aria-label": this.title }, build("header", "talk-head", {}, this.sentence), build("div", "talk-body", {}, this.stageHost, build("div", "talk-side", {}, this.questions.panel, this.facts)), this.stills.element, foot, this.blank, this.livePage);
    Object.assign(this.root, { __talk: this }); // for tests and the curious
    this.host.replaceChildren(this.root);
    this.drawDots();
    if (!this.live) this.leaveButton.hidden = true;
    this.listen();
    this.present(presenting);
    this.go(within(slide, 0, this.slides.length - 1), 0, 1);
    this.root.focus({ preventScroll: true });
  }

  drawDots() {
    this.dots = this.slides.map((slide, at) => build("button", "talk-dot", { type: "button", title: slide.sentence, "aria-label": `Slide ${at + 1}`, onclick: () => this.go(at, 0, 1) }));
    this.dotted.replaceChildren(...this.dots, this.hint);
  }

  /** Take the talk as it was edited (`names` say which pictures a slide shows); what shows the same goes on where it is.
   * @param {TalkData} talk */
  refresh({ title, slides }, wanted = this.at) {
    const showing = (/** @type {TalkSlide} */ { names, guess }) => JSON.stringify([names, guess]), before = showing(this.slide), { step } = this;
    this.questions.open(slides);
    Object.assign(this, { title, slides, at: within(wanted, 0, slides.length - 1) });
    this.root.setAttribute("aria-label", title);
    this.drawDots();
    if (showing(this.slide) === before && step < this.slide.stops.length) {
      this.questions.write();
      return this.write(false);
    }
    const { at } = this;
    this.at = -1;
    return this.go(at, 0, 1);
  }

  /** Show a slide from its beginning, unless it is there already.
   * @param {number} at */
  turn(at) { if (at !== this.at && at < this.slides.length) this.go(at, 0, 1); }

  listen() {
    const { signal } = this.ends;
    window.addEventListener("keydown", (event) => this.key(event), { signal, capture: true });
    this.root.addEventListener("pointermove", () => this.busy(), { signal });
    document.addEventListener("fullscreenchange", () => this.fit(), { signal });
    window.addEventListener("resize", () => this.fit(), { signal });
    window.addEventListener("pagehide", () => this.notes.close(), { signal });
  }

  /** @type {Stage} */
  get stage() { return /** @type {any} */ (this.stageHost).__stage; }
  get card() { return this.stage?.controls.card; }
  get slide() { return this.slides[this.at]; }

  /** Fill the window, or stand in the page.
   * @param {boolean} on */
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
    clearTimeout(this.timers.idle);
    this.timers.idle = setTimeout(() => this.on && this.root.classList.add("talk-idle"), 2500);
  }

  // ---- going through the slides ---------------------------------------------------------------------------

  /** One step on (1) or back (-1): the next moment of this slide, or the next slide.
   * @param {number} by */
  move(by) {
    this.began ??= performance.now();
    const step = this.step + by;
    if (step >= 0 && step < this.slide.stops.length) return this.go(this.at, step, by);
    const at = this.at + by;
    if (at < 0 || at >= this.slides.length) return undefined;
    return this.go(at, by > 0 ? 0 : this.slides[at].stops.length - 1, by);
  }

  /** Go to a step of a slide, on (1) or back (-1).
   * @param {number} at @param {number} step @param {number} by */
  go(at, step, by) {
    const before = this.slide, same = before === this.slides[at], slide = this.slides[at], [scene, target] = slide.stops[step], from = same ? slide.stops[this.step] : null;
    Object.assign(this, { at, step, target });
    cancelAnimationFrame(this.following);
    this.questions.step();
    this.write(same); // first: it decides how wide the stage is, and the way between scenes ends where the stage changes its size
    if (from && from[0] === scene) this.film(by > 0 ? from[1] : target, target);
    else this.show(slide.scenes[scene], by > 0);
    clearTimeout(this.timers.prepare);
    this.timers.prepare = setTimeout(() => this.prepare(this.slides[at + 1]), 900);
    this.shown();
    if (!this.live) return;
    const address = new URL(location.href);
    address.searchParams.set("slide", String(at + 1));
    history.replaceState(history.state, "", address);
  }

  /** Give the stage its next scene; its points travel from where they are.
   * @param {Payload} data @param {boolean} plays */
  show(data, plays) {
    const autoplay = plays && this.target > 0;
    const stage = globalThis.embeddingStage.mount(this.stageHost, { ...data, scene: { ...data.scene, autoplay }, height: 100000 }, { onClick: ({ point }) => point && this.questions.place(point) });
    if (!Object.hasOwn(stage, "textSize")) Object.defineProperty(stage, "textSize", { get: () => this.letters() });
    if (!autoplay && !stage.segment) stage.player.seek(this.target);
    else if (!autoplay) stage.clock.p = this.target < stage.film.last ? this.hold(stage) : stage.film.last;
    this.follow();
    this.stills.draw();
  }

  /** While this slide plays, make ready what the next one needs: its numbers, its letters, its pictures.
   * @param {TalkSlide | undefined} slide */
  prepare(slide) {
    if (!slide || slide.prepared) return;
    slide.prepared = true;
    const { stage } = this, { labels } = stage;
    for (const data of slide.scenes) {
      for (const [name, column] of Object.entries(data)) if (column?.base64) Object.assign(data, { [name]: packed(globalThis.embeddingStage.column(column)) });
      const { items, images, frameImages } = data.scene, ranks = data.priority?.getChild?.("v").toArray(), rows = items.map((_, row) => row);
      if (ranks) rows.sort((a, b) => ranks[b] - ranks[a]);
      for (const row of rows.slice(0, LETTERED)) labels.sprite(globalThis.embeddingStage.labelForms(items[row])[0], false, stage);
      for (const source of [...(images ?? []), ...(frameImages ?? []).flatMap(([, pictures]) => pictures)]) if (source) build("img", "", { src: source }).decode().catch(() => {});
    }
  }

  /** The way between scenes must end where the film waits, not at its end.
   * @param {Stage} stage */
  hold(stage) {
    const { segment, film } = stage, spot = [0, 0, 0];
    if (!segment) return this.target;
    for (let row = 0; row < film.n; row++) segment.positions.set(film.at(row, this.target, spot), (segment.n + row) * 3);
    stage.points.loadSegment(segment);
    return this.target;
  }

  /** Play on from moment p to the target; back, or for those who want less motion, go there at once.
   * @param {number} p @param {number} target */
  film(p, target) {
    const { stage } = this;
    if (p >= target || stage.calm) stage.player.seek(target);
    else stage.player.seek(Math.max(p, 0), true);
    this.follow();
  }

  /** Stop the film at the target. */
  follow() {
    const { stage } = this, look = () => {
      const { clock, segment } = stage;
      if (!segment && clock.p >= this.target - 1e-3) {
        if (clock.playing && this.target < stage.film.last) stage.player.seek(this.target);
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

  /** One key state on or back, whatever the slide's own stops.
   * @param {number} by */
  frame(by) {
    cancelAnimationFrame(this.following);
    this.stage.player.step(by);
  }

  /** Write what stands round the stage; `same`: the slide has not changed.
   * @param {boolean} same */
  write(same) {
    const { slide } = this;
    this.sentence.textContent = this.questions.asking ? slide.asking : slide.sentence;
    if (!same) {
      this.bars = slide.facts.map(([name, value, share, step]) => {
        const fill = build("b", ""), bar = build("i", "talk-bar", {}, fill);
        bar.hidden = share === null;
        return { step, share, fill, row: build("div", "talk-fact", {}, build("span", "talk-name", { dir: "auto" }, name), build("span", "talk-value", {}, value), bar) };
      });
      this.aside = build("p", "talk-aside", {}, slide.aside);
      this.factsTitle = build("h3", "", {}, slide.factsTitle);
      this.facts.replaceChildren(this.factsTitle, ...this.bars.map(({ row }) => row), this.aside);
      this.facts.hidden = !this.bars.length;
      this.root.classList.toggle("talk-with-facts", this.bars.length > 0 || Boolean(slide.ask));
      this.liveButton.disabled = !this.link();
    }
    const late = Math.max(0, ...this.bars.map(({ step }) => step));
    this.bars.forEach(({ step, share, row, fill }, i) => {
      const shown = step <= this.step;
      row.classList.toggle("talk-shown", shown);
      row.style.transitionDelay = shown ? `${150 * i}ms` : "0ms";
      fill.style.width = shown ? `${within(share ?? 0, 0, 1) * 100}%` : "0";
    });
    this.factsTitle.classList.toggle("talk-shown", this.bars.some(({ step }) => step <= this.step));
    this.aside.classList.toggle("talk-shown", this.step >= late);
    this.hint.hidden = this.began !== null || this.at > 0;
    this.counter.textContent = `${this.at + 1} / ${this.slides.length}`;
    this.dots.forEach((dot, at) => dot.setAttribute("aria-current", String(at === this.at)));
    this.notes.tell();
  }

  // ---- keys -----------------------------------------------------------------------------------------------

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { key } = event, target = /** @type {Element | null} */ (event.target);
    if (!this.livePage.hidden) { if (key === "Escape") this.closeLive(); return; }
    if (target?.closest?.("input:not([type=range]), textarea, select, [contenteditable]")) return;
    const here = this.root.contains(document.activeElement), free = !document.activeElement || document.activeElement === document.body;
    if (event.view === window && !here && !(this.on && free)) return;
    if (target?.closest?.("button") && (key === " " || key === "Enter")) return;
    const run = this.does(key, event.shiftKey);
    if (!run) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (this.blank.hidden || key === "b" || key === "B" || key === ".") run();
    else this.darken(false); // any key brings the picture back
  }

  /** What a key does; undefined for none.
   * @param {string} key @param {boolean} shift @returns {(() => unknown) | undefined} */
  does(key, shift) {
    const by = key === " " && shift ? -1 : ON[key], guess = this.questions.key(key, shift);
    if (guess) return guess;
    if (by) return () => this.move(by);
    /** @type {Record<string, () => unknown>} */
    const keys = { ArrowUp: () => this.frame(-1), ArrowDown: () => this.frame(1), Home: () => this.go(0, 0, 1), End: () => this.go(this.slides.length - 1, this.slides[this.slides.length - 1].stops.length - 1, -1), f: () => this.full(), b: () => this.darken(),
      ".": () => this.darken(), r: () => this.replay(), n: () => this.notes.open(), l: () => this.openLive(), d: () => this.relight(), i: () => this.card?.toggle(), Escape: () => (this.card?.open ? this.card.toggle(false) : this.blank.hidden ? this.live && this.on && this.present(false) : this.darken(false)) };
    return keys[key.length === 1 ? key.toLowerCase() : key];
  }

  full() {
    if (document.fullscreenElement) return document.exitFullscreen();
    if (!this.on) this.present(true);
    return this.root.requestFullscreen?.().catch(() => {});
  }

  /** Blank the screen, or bring the picture back. */
  darken(on = Boolean(this.blank.hidden)) { this.blank.hidden = !on; }

  relight() {
    const dark = this.root.dataset.look ? this.root.dataset.look === "dark" : this.stage.theme.dark;
    this.root.dataset.look = dark ? "light" : "dark";
  }

  // ---- the page itself, live ------------------------------------------------------------------------------

  /** The address of the page that shows this scene live, or "".
   * @returns {string} */
  link() {
    const { link } = this.slide, page = link.split("?")[0];
    return this.live && link && (!this.pages || this.pages.includes(page)) ? new URL(link, location.href).href : "";
  }

  openLive() {
    const address = this.link();
    if (!address) return;
    const inside = new URL(address);
    inside.searchParams.set("live", "1"); // another visit: what is added to a talk there would not come here
    const frame = build("iframe", "", { src: inside.href, title: "The page, live" });
    frame.addEventListener("load", () => frame.contentWindow?.addEventListener("keydown", (event) => { if (event.key === "Escape") this.closeLive(); }));
    const back = build("button", "talk-button", { type: "button", onclick: () => this.closeLive() }, "‹ Back to the talk (Esc)");
    this.livePage.replaceChildren(build("div", "talk-livebar", {}, back, build("a", "talk-button", { href: address, target: "_blank", rel: "noopener" }, "Open in a tab of its own")), frame);
    this.livePage.hidden = false;
    back.focus();
  }

  closeLive() {
    this.livePage.hidden = true;
    this.livePage.replaceChildren();
    this.root.focus({ preventScroll: true });
  }

  dispose() {
    this.ends.abort();
    for (const timer of Object.values(this.timers)) clearTimeout(timer);
    this.notes.dispose();
    this.stills.dispose();
    cancelAnimationFrame(this.following);
    document.documentElement.classList.remove("talk-presenting");
    globalThis.embeddingStage.unmount(this.stageHost);
    this.root.remove();
  }
}

/** Put a talk into an element; one that is there already goes on as it is.
 * @param {Element & { __talk?: Talk }} element @param {TalkData} data @param {TalkOptions} options */
function mountTalk(element, data, options = {}) { return (element.__talk ??= new Talk(element, data, options)); }

/** @param {Element & { __talk?: Talk }} element */
function unmountTalk(element) {
  element.__talk?.dispose();
  delete element.__talk;
}

globalThis.embeddingTalk = { mount: mountTalk, unmount: unmountTalk };
globalThis.dispatchEvent(new Event("embedding-talk"));
