// @ts-check
/* Guess first: a slide asks before it tells. The question is a step of its own in front of the slide's others; on it the
 * stage lacks what would give the answer away. The score of the evening stays in this window, offline in memory. */

const NEAR = 0.1; // of the map's larger side: a click that near counts as right
const SCORE_KEY = "embedding-score";

/** What a slide asks, and what has been answered. */
class Question {
  /** The option that was chosen.
   * @type {number | null} */
  choice = null;
  /** The place that was clicked.
   * @type {number[] | null} */
  point = null;
  /** The answer has been shown. */
  told = false;

  /** @param {TalkSlide} slide @param {QuestionValues} values */
  constructor(slide, values) {
    Object.assign(this, values);
    this.slide = slide;
    this.start = unpacked(slide.scenes[0]);
    this.data = unpacked(slide.scenes[1]);
    this.last = this.data.scene.frameNames.length - 1;
    const hidden = new Set(values.hidden);
    this.rest = this.data.scene.items.map((_, row) => row).filter((row) => !hidden.has(row));
    this.map = this.kind === "land";
    slide.scenes[0] = this.asking();
  }

  /** The question on the stage; a place that was clicked is marked on it. */
  asking() {
    if (!this.map) return sent(this.start);
    const first = this.start.scene.items.length ? placeOf(this.start, 0, 0) : [0, 0]; // unseen under another point
    return sent(marked(this.start, this.point ?? first, this.point ? "your guess" : "", this.point ? 1.7 : 0.2));
  }

  /** The answer on the stage, with a line from the guess to the truth. */
  telling() {
    if (!this.map || !this.point) return sent(this.data);
    const out = marked(this.data, this.point, "your guess", 1.7),
      pin = out.scene.items.length - 1;
    out.scene = { ...out.scene, links: [...out.scene.links, [pin, this.answer, "dashed"]] };
    return sent(out);
  }

  get given() {
    return this.map ? this.point !== null : this.choice !== null;
  }

  get right() {
    return this.map ? this.miss.share <= NEAR : this.choice === this.answer;
  }

  /** How far a click is from the truth: as a share of the map's larger side, and how many others lie nearer to it. */
  get miss() {
    const truth = placeOf(this.data, this.last, this.answer),
      others = this.rest.map((row) => placeOf(this.data, this.last, row)),
      all = [...others, truth];
    const size =
      Math.max(...truth.map((_, axis) => Math.max(...all.map((p) => p[axis])) - Math.min(...all.map((p) => p[axis])))) || 1;
    const away = (/** @type {number[]} */ p) => Math.hypot(...p.map((x, axis) => x - truth[axis])),
      own = this.point ? away(this.point) : Infinity;
    return { share: own / size, nearer: others.filter((p) => away(p) < own).length, of: others.length };
  }

  /** What the hall hears when the answer is there. */
  get verdict() {
    if (this.map) {
      if (!this.point) return "";
      const { share, nearer, of } = this.miss,
        near = share < 0.005 ? "right on its place" : `${Math.max(Math.round(share * 100), 1)} % of the map away from its place`;
      return `${share <= NEAR ? "Right" : "Not quite"}: your click is ${near}; ${nearer === 0 ? "nothing else lies" : `${nearer} of the ${of} others ${nearer === 1 ? "lies" : "lie"}`} nearer to it.`;
    }
    if (this.choice === null) return `The answer: ${this.options[this.answer]}.`;
    return this.right
      ? `Right: ${this.options[this.answer]}.`
      : `You said ${this.options[this.choice]}; it is ${this.options[this.answer]}.`;
  }
}

/** How a question is answered, and how one goes on: by keys, or by fingers where there are none.
 * @param {{ given: boolean, map: boolean }} ask @param {boolean} touched */
function howToAnswer({ given, map }, touched) {
  if (touched) {
    if (given) return "A swipe to the left shows the answer.";
    return `${map ? "Tap on the map" : "Tap one"}, then a swipe to the left shows the answer.`;
  }
  if (given) return "→ shows the answer";
  return `${map ? "Click on the map, or aim with ↑, the arrows and Enter;" : "Choose by key or click,"} then → shows the answer.`;
}

/** The questions of a talk: the panel that asks, and the score. */
class Questions {
  score = { right: 0, asked: 0 };

  /** @param {Talk} talk @param {TalkSlide[]} slides @param {boolean} stored the score outlives the page */
  constructor(talk, slides, stored) {
    this.talk = talk;
    this.stored = stored;
    this.open(slides);
    try {
      if (stored) Object.assign(this.score, JSON.parse(sessionStorage.getItem(SCORE_KEY) ?? "{}"));
    } catch {
      /* a browser that keeps nothing */
    }
    this.panel = build("div", "talk-question", { hidden: true });
    this.counter = build("button", "talk-button talk-score", {
      type: "button",
      title: "Start the score anew",
      onclick: () => this.reset(),
    });
    this.keepScore();
  }

  /** Make the questions of slides.
   * @param {TalkSlide[]} slides */
  open(slides) {
    for (const slide of slides) if (slide.guess) slide.ask = new Question(slide, slide.guess);
  }

  get ask() {
    return this.talk.slide?.ask;
  }
  /** The question stands open on the stage. */
  get asking() {
    return Boolean(this.ask) && this.talk.step === 0;
  }

  /** Called on every step, before the stage is given its scene. */
  step() {
    const { ask } = this;
    if (!ask) {
      this.write();
      return;
    }
    if (this.talk.step === 0 && !ask.given) ask.told = false; // passed over: it may be asked again
    if (this.talk.step > 0 && !ask.told) {
      ask.told = true;
      if (ask.given) {
        this.score.asked += 1;
        this.score.right += ask.right ? 1 : 0;
        this.keepScore();
      }
      ask.slide.scenes[1] = ask.telling();
    }
    this.write();
  }

  /** Keys 1 to 6, or up and down for a cross-hair on the map, which then has all four arrows (a clicker's right and left
   * go on as long as it is not there). Returns what to do, or nothing where no question is open.
   * @param {string} key @param {boolean} fine @returns {(() => void) | undefined} */
  key(key, fine) {
    const {
      talk: { stage },
      ask,
      asking,
    } = this;
    if (!ask || !asking) return undefined;
    if (ask.map && !ask.told && stage && (stage.aim.at || key === "ArrowUp" || key === "ArrowDown"))
      return stage.aim.key(key, fine);
    const at = Number(key) - 1;
    return !ask.map && Number.isInteger(at) && at >= 0 && at < ask.options.length ? () => this.choose(at) : undefined;
  }

  /** Take an option as the guess.
   * @param {number} at */
  choose(at) {
    const { ask } = this;
    if (!ask || ask.told) return;
    ask.choice = at;
    this.write();
    this.talk.root.focus({ preventScroll: true }); // the next space goes on, and does not press the button again
  }

  /** A click on the map.
   * @param {number[]} point */
  place(point) {
    const { ask } = this;
    if (!ask || !this.asking || !ask.map || ask.told) return;
    ask.point = Array.from(point);
    ask.slide.scenes[0] = ask.asking();
    this.talk.film.show(ask.slide.scenes[0], false);
    this.write();
  }

  /** Write the panel: the question, or the answer. */
  write() {
    const { ask, asking, panel } = this;
    panel.hidden = !ask;
    this.talk.root?.classList.toggle("talk-asking", asking);
    if (!ask) return;
    /** @type {(text: string, at: number) => HTMLElement} */
    const option = (text, at) => {
      const mark = asking ? (ask.choice === at ? "chosen" : "") : at === ask.answer ? "right" : at === ask.choice ? "wrong" : "";
      const said = mark === "right" ? "right" : mark && "your guess";
      return build(
        "button",
        `talk-option ${mark && `talk-${mark}`}`,
        {
          type: "button",
          disabled: !asking || ask.told,
          "aria-pressed": String(ask.choice === at),
          onclick: () => this.choose(at),
        },
        build("kbd", "", {}, String(at + 1)),
        build("span", "", { dir: "auto" }, text),
        ...(said ? [build("small", "", {}, said)] : []),
      );
    };
    const hint = ask.told ? "" : howToAnswer(ask, Boolean(globalThis.matchMedia?.("(pointer: coarse)").matches));
    panel.className = `talk-question talk-question-${ask.kind}${asking && !ask.told ? "" : " talk-told"}`;
    panel.replaceChildren(
      build("h3", "", { dir: "auto" }, ask.question),
      ...(ask.options.length ? [build("div", "talk-options", {}, ...ask.options.map(option))] : []),
      ...(asking && !ask.told
        ? [build("p", "talk-next", {}, hint)]
        : [build("p", "talk-verdict", { role: "status" }, ask.verdict), build("p", "talk-why", { dir: "auto" }, ask.why)].filter(
            (node) => node.textContent,
          )),
    );
  }

  keepScore() {
    const { right, asked } = this.score;
    this.counter.hidden = !asked;
    this.counter.textContent = `${right} of ${asked} guessed right`;
    this.counter.setAttribute("aria-label", `${right} of ${asked} guessed right. Start the score anew`);
    try {
      if (this.stored) sessionStorage.setItem(SCORE_KEY, JSON.stringify(this.score));
    } catch {
      /* then it lasts as long as the page */
    }
  }

  /** Begin again: no score, and every question is open. */
  reset() {
    this.score = { right: 0, asked: 0 };
    for (const { ask } of this.talk.slides) {
      if (!ask) continue;
      Object.assign(ask, { choice: null, point: null, told: false });
      ask.slide.scenes[0] = ask.asking();
    }
    this.keepScore();
    if (this.asking) this.talk.go(this.talk.at, 0, 1);
    this.write();
    this.talk.root.focus({ preventScroll: true });
  }
}
