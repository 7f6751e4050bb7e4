/* Guess first: a slide asks before it tells. The question is a step of its own in front of the slide's others; on it the
 * stage lacks what would give the answer away. The score of the evening stays in this window, offline in memory. */

(() => {
const PIN = "\x1fguess", PINNED = 8 * 5 + 3; // an x in the fourth colour
const NEAR = 0.1; // of the map's larger side: a click that near counts as right
const KEPT = "embedding-score";

const el = (...parts) => globalThis.embeddingStage.make(...parts);

/** A column in the shape in which the stage takes it, and back. */
const packed = (values) => ({ getChild: () => ({ toArray: () => values }) });
const plain = (column) => globalThis.embeddingStage.column(column);

/** The columns of a scene, one entry a row; frames (frames × rows × dimensions) whole. */
function unpacked({ scene, ...columns }) {
  const out = { scene };
  for (const [name, column] of Object.entries(columns)) if (column?.base64 || column?.getChild) out[name] = plain(column);
  return out;
}

/** The place of a row in one key state. */
function spot({ scene, frames }, frame, row) {
  const at = (frame * scene.items.length + row) * scene.dimensions;
  return Array.from(frames.subarray(at, at + scene.dimensions));
}

/** The scene with one more row, at the same place in every key state. */
function pinned(data, point, name, size) {
  const { scene } = data, n = scene.items.length, d = scene.dimensions, count = scene.names.length, frames = new Float32Array(count * (n + 1) * d);
  for (let frame = 0; frame < count; frame++) {
    frames.set(data.frames.subarray(frame * n * d, (frame + 1) * n * d), frame * (n + 1) * d);
    frames.set(point, (frame * (n + 1) + n) * d);
  }
  const more = (values, value, Type) => Type.from([...values, value]), out = { ...data, frames };
  if (data.values) out.values = more(data.values, 1, Float32Array);
  out.priority = more(data.priority ?? new Float32Array(n), 1e6, Float32Array);
  out.sizes = more(data.sizes ?? new Float32Array(n).fill(1), size, Float32Array);
  if (!data.values) out.groups = more(data.groups ?? new Int16Array(n), PINNED, Int16Array);
  if (data.frame_groups) {
    const groups = new Int16Array(count * (n + 1)).fill(PINNED);
    for (let frame = 0; frame < count; frame++) groups.set(data.frame_groups.subarray(frame * n, (frame + 1) * n), frame * (n + 1));
    out.frame_groups = groups;
  }
  out.scene = { ...scene, items: [...scene.items, name], keys: [...(scene.keys ?? scene.items), PIN], images: scene.images && [...scene.images, ""] };
  return out;
}

/** For the stage. */
function sent({ scene, ...columns }) { return { scene, ...Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, packed(values)])) }; }

/** What a slide asks, and what has been answered. */
class Question {
  constructor(slide) {
    Object.assign(this, slide.guess);
    this.slide = slide;
    this.choice = this.point = null;
    this.told = false;
    this.start = unpacked(slide.scenes[0]);
    this.data = unpacked(slide.scenes[1]);
    this.last = this.data.scene.names.length - 1;
    const hidden = new Set(this.hidden);
    this.rest = this.data.scene.items.map((_, row) => row).filter((row) => !hidden.has(row));
    this.map = this.kind === "land";
    slide.scenes[0] = this.asking();
  }

  /** The question on the stage; a place that was clicked is marked on it. */
  asking() {
    if (!this.map) return sent(this.start);
    const first = this.start.scene.items.length ? spot(this.start, 0, 0) : [0, 0]; // unseen under another point
    return sent(pinned(this.start, this.point ?? first, this.point ? "your guess" : "", this.point ? 1.7 : 0.2));
  }

  /** The answer on the stage, with a line from the guess to the truth. */
  telling() {
    if (!this.map || !this.point) return sent(this.data);
    const out = pinned(this.data, this.point, "your guess", 1.7), pin = out.scene.items.length - 1;
    out.scene = { ...out.scene, links: [...out.scene.links, [pin, this.answer, "torn"]] };
    return sent(out);
  }

  get given() { return this.map ? this.point !== null : this.choice !== null; }

  get right() { return this.map ? this.miss.share <= NEAR : this.choice === this.answer; }

  /** How far a click is from the truth: as a share of the map's larger side, and how many others lie nearer to it. */
  get miss() {
    const truth = spot(this.data, this.last, this.answer), others = this.rest.map((row) => spot(this.data, this.last, row)), all = [...others, truth];
    const size = Math.max(...truth.map((_, axis) => Math.max(...all.map((p) => p[axis])) - Math.min(...all.map((p) => p[axis])))) || 1;
    const away = (p) => Math.hypot(...p.map((x, axis) => x - truth[axis])), own = away(this.point);
    return { share: own / size, nearer: others.filter((p) => away(p) < own).length, of: others.length };
  }

  /** What the hall hears when the answer is there. */
  get verdict() {
    if (this.map) {
      if (!this.point) return "";
      const { share, nearer, of } = this.miss, near = share < 0.005 ? "right on its place" : `${Math.max(Math.round(share * 100), 1)} % of the map away from its place`;
      return `${share <= NEAR ? "Right" : "Not quite"}: your click is ${near}; ${nearer === 0 ? "nothing else lies" : `${nearer} of the ${of} others ${nearer === 1 ? "lies" : "lie"}`} nearer to it.`;
    }
    if (this.choice === null) return `The answer: ${this.options[this.answer]}.`;
    return this.right ? `Right: ${this.options[this.answer]}.` : `You said ${this.options[this.choice]}; it is ${this.options[this.answer]}.`;
  }
}

class Guessing {
  constructor(talk, slides, kept) {
    Object.assign(this, { talk, kept });
    this.open(slides);
    this.score = { right: 0, asked: 0 };
    try { if (kept) Object.assign(this.score, JSON.parse(sessionStorage.getItem(KEPT) ?? "{}")); } catch { /* a browser that keeps nothing */ }
    this.panel = el("div", "talk-guess", { hidden: true });
    this.counter = el("button", "talk-button talk-score", { type: "button", title: "Start the score anew", onclick: () => this.reset() });
    this.keep();
  }

  /** Make the questions of slides. */
  open(slides) {
    for (const slide of slides) if (slide.guess) slide.ask = new Question(slide);
    this.any = slides.some((slide) => slide.ask);
  }

  get ask() { return this.talk.slide?.ask; }
  get asking() { return Boolean(this.ask) && this.talk.step === 0; }

  /** Called on every step, before the stage is given its scene. */
  step() {
    const { ask } = this;
    if (!ask) { this.write(); return; }
    if (this.talk.step === 0 && !ask.given) ask.told = false; // passed over: it may be asked again
    if (this.talk.step > 0 && !ask.told) {
      ask.told = true;
      if (ask.given) { this.score.asked += 1; this.score.right += ask.right ? 1 : 0; this.keep(); }
      ask.slide.scenes[1] = ask.telling();
    }
    this.write();
  }

  /** Keys 1 to 6, or up and down for a cross-hair on the map, which then has all four arrows (a clicker's right and left
   * go on as long as it is not there). Returns what to do, or nothing where no question is open. */
  key(key, fine) {
    const { stage } = this.talk;
    if (this.asking && this.ask.map && !this.ask.told && stage && (stage.aim || key === "ArrowUp" || key === "ArrowDown")) return stage.aiming(key, fine);
    const at = Number(key) - 1;
    return this.asking && !this.ask.map && Number.isInteger(at) && at >= 0 && at < this.ask.options.length ? () => this.choose(at) : undefined;
  }

  choose(at) {
    if (this.ask.told) return;
    this.ask.choice = at;
    this.write();
    this.talk.root.focus({ preventScroll: true }); // the next space goes on, and does not press the button again
  }

  /** A click on the map. */
  place(point) {
    const { ask } = this;
    if (!this.asking || !ask.map || ask.told) return;
    ask.point = Array.from(point);
    ask.slide.scenes[0] = ask.asking();
    this.talk.show(ask.slide.scenes[0], false);
    this.write();
  }

  write() {
    const { ask, asking, panel } = this;
    panel.hidden = !ask;
    this.talk.root?.classList.toggle("talk-asking", asking);
    if (!ask) return;
    const option = (text, at) => {
      const mark = asking ? (ask.choice === at ? "chosen" : "") : at === ask.answer ? "right" : at === ask.choice ? "wrong" : "";
      const said = { right: "right", wrong: "your guess", chosen: "your guess" }[mark];
      return el("button", `talk-option ${mark && `talk-${mark}`}`, { type: "button", disabled: !asking || ask.told, "aria-pressed": String(ask.choice === at), onclick: () => this.choose(at) },
        el("kbd", "", {}, String(at + 1)), el("span", "", { dir: "auto" }, text), ...(said ? [el("small", "", {}, said)] : []));
    };
    const hint = ask.told ? "" : ask.given ? "→ shows the answer" : ask.map ? "Click on the map, or aim with ↑, the arrows and Enter; then → shows the answer." : "Choose by key or click, then → shows the answer.";
    panel.className = `talk-guess talk-guess-${ask.kind}${asking && !ask.told ? "" : " talk-told"}`;
    panel.replaceChildren(el("h3", "", { dir: "auto" }, ask.question), ...(ask.options.length ? [el("div", "talk-options", {}, ...ask.options.map(option))] : []),
      ...(asking && !ask.told ? [el("p", "talk-next", {}, hint)] : [el("p", "talk-verdict", { role: "status" }, ask.verdict), el("p", "talk-why", { dir: "auto" }, ask.why)].filter((node) => node.textContent)));
  }

  keep() {
    const { right, asked } = this.score;
    this.counter.hidden = !asked;
    this.counter.textContent = `${right} of ${asked} guessed right`;
    this.counter.setAttribute("aria-label", `${right} of ${asked} guessed right. Start the score anew`);
    try { if (this.kept) sessionStorage.setItem(KEPT, JSON.stringify(this.score)); } catch { /* then it lasts as long as the page */ }
  }

  /** Begin again: no score, and every question is open. */
  reset() {
    this.score = { right: 0, asked: 0 };
    for (const { ask } of this.talk.slides) {
      if (!ask) continue;
      Object.assign(ask, { choice: null, point: null, told: false });
      ask.slide.scenes[0] = ask.asking();
    }
    this.keep();
    if (this.asking) this.talk.go(this.talk.at, 0, 1);
    this.write();
    this.talk.root.focus({ preventScroll: true });
  }
}

globalThis.embeddingGuessing = Guessing;
})();
