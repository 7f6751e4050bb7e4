// @ts-check
/* The talk: slides played on one stage, led by the keyboard or a clicker. Nothing is asked of the server once the slides
 * are here. It needs the stage's own code on the page (`embeddingStage`); words are written as text, never parsed. */

/** The way that each key leads: on or back.
 * @type {Record<string, number>} */
const ON = { ArrowRight: 1, PageDown: 1, " ": 1, Enter: 1, ArrowLeft: -1, PageUp: -1, Backspace: -1 };

class Talk {
  at = -1;
  step = 0;
  /** When the talk left its first step, in milliseconds.
   * @type {number | null} */
  began = null;
  /** It fills the window. */
  on = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  idle = undefined;
  /** @type {HTMLElement[]} */
  dots = [];
  /** @type {{ step: number, share: number | null, row: HTMLElement, fill: HTMLElement }[]} */
  bars = [];
  factsTitle = build("h3", "");
  aside = build("p", "talk-aside");
  ends = new AbortController();
  /** Where and when a finger came down.
   * @type {{ x: number, y: number, time: number } | null} */
  finger = null;

  /** @param {Element} host @param {TalkData} data @param {TalkOptions} options */
  constructor(host, data, { live = true, presenting = true, pages = null, slide = 0, onShown = null }) {
    this.host = host;
    this.onShown = onShown;
    this.slides = data.slides;
    this.title = data.title;
    this.live = live;
    this.questions = new Questions(this, data.slides, live);
    this.notes = new Notes(this);
    this.stills = new Stills(this);
    this.film = new TalkFilm(this);
    /** @type {(text: string, label: string, run: () => void) => HTMLButtonElement} */
    const button = (text, label, run) =>
      build("button", "talk-button", { type: "button", title: label, "aria-label": label, onclick: run }, text);
    this.sentence = build("h2", "talk-sentence", { "aria-live": "polite" });
    this.stageHost = build("div", "talk-stage");
    this.facts = build("aside", "talk-facts");
    const touched = globalThis.matchMedia?.("(pointer: coarse)").matches;
    this.hint = build("span", "talk-hint", {}, touched ? "tap or swipe: on" : "→ or space: on");
    this.dotted = build("nav", "talk-dots", { "aria-label": "Slides" });
    this.counter = build("span", "talk-counter");
    this.liveButton = button("Live", "Open this scene live (L)", () => this.livePage.open());
    this.leaveButton = button("Leave", "Leave the talk (Esc)", () => {
      this.present(!this.on);
      this.root.focus({ preventScroll: true }); // the next space goes on, and does not press the button again
    });
    this.leaveButton.classList.add("talk-leave");
    this.tools = build(
      "div",
      "talk-tools",
      {},
      button("‹", "Back (←)", () => this.move(-1)),
      button("›", "On (→, space)", () => this.move(1)),
      button("Notes", "Speaker notes in a second window (N)", () => this.notes.open()),
      this.liveButton,
      button("About", "About this picture (I)", () => this.card?.toggle()),
      button("Light or dark", "Light or dark (D)", () => this.relight()),
      button("Full screen", "Full screen (F)", () => this.full()),
      this.leaveButton,
    );
    const foot = build("footer", "talk-foot", {}, this.counter, this.dotted, this.questions.counter, this.tools);
    this.blank = build("div", "talk-blank", { hidden: true, onclick: () => this.darken(false) });
    this.livePage = new LivePage(this, pages);
    this.root = build(
      "section",
      "talk",
      { tabIndex: 0, "aria-label": this.title },
      build("header", "talk-head", {}, this.sentence),
      build("div", "talk-body", {}, this.stageHost, build("div", "talk-side", {}, this.questions.panel, this.facts)),
      this.stills.element,
      foot,
      this.blank,
      this.livePage.element,
    );
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
    this.dots = this.slides.map((slide, at) =>
      build("button", "talk-dot", {
        type: "button",
        title: slide.sentence,
        "aria-label": `Slide ${at + 1}`,
        onclick: () => this.go(at, 0, 1),
      }),
    );
    this.dotted.replaceChildren(...this.dots, this.hint);
  }

  /** Take the talk as it was edited (`names` say which pictures a slide shows); what shows the same goes on where it is.
   * @param {TalkData} talk */
  refresh({ title, slides }, wanted = this.at) {
    const showing = (/** @type {TalkSlide} */ { names, guess }) => JSON.stringify([names, guess]),
      before = showing(this.slide),
      { step } = this;
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
  turn(at) {
    if (at !== this.at && at < this.slides.length) this.go(at, 0, 1);
  }

  /** A finger comes down beside everything that can be pressed.
   * @param {PointerEvent} event */
  touch({ pointerType, target, clientX, clientY, timeStamp }) {
    const taken = target instanceof Element && target.closest("button, a, input, iframe, .stage-card");
    this.finger = pointerType === "touch" && !taken ? { x: clientX, y: clientY, time: timeStamp } : null;
  }

  /** A swipe turns back or on; in a talk that is on, so does a tap, by the side on which it is.
   * @param {PointerEvent} event */
  lift({ clientX, clientY, timeStamp }) {
    const { finger } = this;
    this.finger = null;
    if (!finger) return;
    const [dx, dy] = [clientX - finger.x, clientY - finger.y];
    if (Math.abs(dx) > 48 && Math.abs(dx) > 1.5 * Math.abs(dy)) this.move(dx < 0 ? 1 : -1);
    const tapped = Math.hypot(dx, dy) < 10 && timeStamp - finger.time < 500;
    if (tapped && this.on && !this.questions.asking) this.move(clientX < innerWidth / 3 ? -1 : 1);
  }

  listen() {
    const { signal } = this.ends;
    window.addEventListener("keydown", (event) => this.key(event), { signal, capture: true });
    this.root.addEventListener("pointermove", () => this.busy(), { signal });
    this.root.addEventListener("pointerdown", (event) => this.touch(event), { signal });
    this.root.addEventListener("pointerup", (event) => this.lift(event), { signal });
    document.addEventListener("fullscreenchange", () => this.fit(), { signal });
    window.addEventListener("resize", () => this.fit(), { signal });
    window.addEventListener("pagehide", () => this.notes.close(), { signal });
  }

  /** @type {Stage} */
  get stage() {
    return /** @type {any} */ (this.stageHost).__stage;
  }
  get card() {
    return this.stage?.controls.card;
  }
  get slide() {
    return this.slides[this.at];
  }

  /** Fill the window, or stand in the page.
   * @param {boolean} on */
  present(on) {
    this.on = on;
    this.root.classList.toggle("talk-on", on);
    if (this.live) document.documentElement.classList.toggle("talk-presenting", on);
    this.leaveButton.textContent = on ? "Leave" : "Present";
    this.leaveButton.title = this.leaveButton.ariaLabel = on ? "Leave the talk (Esc)" : "Present: fill the window (F)";
    if (!on && document.fullscreenElement) document.exitFullscreen();
    this.shown();
    this.fit();
    this.busy();
  }

  /** While it stands in the page, the page may want to know which slide is seen. */
  shown() {
    if (!this.on && this.at >= 0) this.onShown?.(this.at);
  }

  /** Letters on the map grow with the room. */
  fit() {
    if (this.stage) {
      this.stage.labels.sprites.clear();
      this.stage.labels.next = 0;
      this.stage.wake();
    }
  }

  letters() {
    return Math.round(within(Math.min(this.root.clientWidth / 1280, this.root.clientHeight / 700) * 22, 15, 40));
  }

  /** Hide pointer and buttons while nobody moves. */
  busy() {
    this.root.classList.remove("talk-idle");
    clearTimeout(this.idle);
    this.idle = setTimeout(() => this.on && this.root.classList.add("talk-idle"), 2500);
  }

  // ---- going through the slides ---------------------------------------------------------------------------

  /** One step on (1) or back (-1): the next moment of this slide, or the next slide.
   * @param {number} by */
  move(by) {
    this.began ??= performance.now();
    if (by > 0 && this.film.finish()) return undefined;
    const step = this.step + by;
    if (step >= 0 && step < this.slide.stops.length) return this.go(this.at, step, by);
    const at = this.at + by;
    if (at < 0 || at >= this.slides.length) return undefined;
    return this.go(at, by > 0 ? 0 : this.slides[at].stops.length - 1, by);
  }

  /** Go to a step of a slide, on (1) or back (-1).
   * @param {number} at @param {number} step @param {number} by */
  go(at, step, by) {
    const before = this.slide,
      same = before === this.slides[at],
      slide = this.slides[at],
      [scene, target] = slide.stops[step],
      from = same ? slide.stops[this.step] : null;
    Object.assign(this, { at, step });
    this.film.stop();
    this.film.target = target;
    this.questions.step();
    this.write(same); // first: it decides how wide the stage is, and the way between scenes ends where the stage changes its size
    if (from && from[0] === scene) this.film.play(by > 0 ? from[1] : target);
    else this.film.show(slide.scenes[scene], by > 0);
    this.film.prepareSoon(this.slides[at + 1]);
    this.shown();
    if (!this.live) return;
    const address = new URL(location.href);
    address.searchParams.set("slide", String(at + 1));
    history.replaceState(history.state, "", address);
  }

  /** Write what stands round the stage; `same`: the slide has not changed.
   * @param {boolean} same */
  write(same) {
    const { slide } = this;
    this.sentence.textContent = this.questions.asking ? slide.asking : slide.sentence;
    if (!same) {
      this.bars = slide.facts.map(([name, value, share, step]) => {
        const fill = build("b", ""),
          bar = build("i", "talk-bar", {}, fill);
        bar.hidden = share === null;
        return {
          step,
          share,
          fill,
          row: build(
            "div",
            "talk-fact",
            {},
            build("span", "talk-name", { dir: "auto" }, name),
            build("span", "talk-value", {}, value),
            bar,
          ),
        };
      });
      this.aside = build("p", "talk-aside", {}, slide.aside);
      this.factsTitle = build("h3", "", {}, slide.factsTitle);
      this.facts.replaceChildren(this.factsTitle, ...this.bars.map(({ row }) => row), this.aside);
      this.facts.hidden = !this.bars.length;
      this.root.classList.toggle("talk-with-facts", this.bars.length > 0 || Boolean(slide.ask));
      this.liveButton.disabled = !this.livePage.address;
    }
    const late = Math.max(0, ...this.bars.map(({ step }) => step));
    this.bars.forEach(({ step, share, row, fill }, i) => {
      const shown = step <= this.step;
      row.classList.toggle("talk-shown", shown);
      row.style.transitionDelay = shown ? `${150 * i}ms` : "0ms";
      fill.style.width = shown ? `${within(share ?? 0, 0, 1) * 100}%` : "0";
    });
    this.factsTitle.classList.toggle(
      "talk-shown",
      this.bars.some(({ step }) => step <= this.step),
    );
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
    const { key } = event,
      target = /** @type {Element | null} */ (event.target);
    if (this.livePage.shown) {
      if (key === "Escape") this.livePage.close();
      return;
    }
    if (target?.closest?.("input:not([type=range]), textarea, select, [contenteditable]")) return;
    const here = this.root.contains(document.activeElement),
      free = !document.activeElement || document.activeElement === document.body;
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
    const by = key === " " && shift ? -1 : ON[key],
      guess = this.questions.key(key, shift);
    if (guess) return guess;
    if (by) return () => this.move(by);
    /** @type {Record<string, () => unknown>} */
    const keys = {
      ArrowUp: () => this.film.step(-1),
      ArrowDown: () => this.film.step(1),
      Home: () => this.go(0, 0, 1),
      End: () => this.go(this.slides.length - 1, this.slides[this.slides.length - 1].stops.length - 1, -1),
      f: () => this.full(),
      b: () => this.darken(),
      ".": () => this.darken(),
      r: () => this.film.replay(),
      n: () => this.notes.open(),
      l: () => this.livePage.open(),
      d: () => this.relight(),
      i: () => this.card?.toggle(),
      Escape: () =>
        this.card?.open
          ? this.card.toggle(false)
          : this.blank.hidden
            ? this.live && this.on && this.present(false)
            : this.darken(false),
    };
    return keys[key.length === 1 ? key.toLowerCase() : key];
  }

  full() {
    if (document.fullscreenElement) return document.exitFullscreen();
    if (!this.on) this.present(true);
    return this.root.requestFullscreen?.().catch(() => {});
  }

  /** Blank the screen, or bring the picture back. */
  darken(on = Boolean(this.blank.hidden)) {
    this.blank.hidden = !on;
  }

  relight() {
    const dark = this.root.dataset.look ? this.root.dataset.look === "dark" : this.stage.theme.dark;
    this.root.dataset.look = dark ? "light" : "dark";
  }

  dispose() {
    this.ends.abort();
    clearTimeout(this.idle);
    this.notes.dispose();
    this.stills.dispose();
    this.film.dispose();
    document.documentElement.classList.remove("talk-presenting");
    globalThis.embeddingStage.unmount(this.stageHost);
    this.root.remove();
  }
}

/** Put a talk into an element; one that is there already goes on as it is.
 * @param {Element & { __talk?: Talk }} element @param {TalkData} data @param {TalkOptions} options */
function mountTalk(element, data, options = {}) {
  return (element.__talk ??= new Talk(element, data, options));
}

/** @param {Element & { __talk?: Talk }} element */
function unmountTalk(element) {
  element.__talk?.dispose();
  delete element.__talk;
}

globalThis.embeddingTalk = { mount: mountTalk, unmount: unmountTalk };
globalThis.dispatchEvent(new Event("embedding-talk"));
