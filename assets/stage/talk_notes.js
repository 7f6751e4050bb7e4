// @ts-check
/* The speaker's window: notes, the next slide, and a clock. */

const NOTES_STYLE =
  "body{margin:0;padding:28px 34px;font:22px/1.5 system-ui,sans-serif;background:#12151b;color:#eceef2}header{display:flex;justify-content:space-between;font-size:30px;font-variant-numeric:tabular-nums}h1{font-size:26px;line-height:1.3;margin:.9em 0 .5em}p{margin:0 0 1.2em}small{opacity:.7}";

class Notes {
  /** @type {Window | null} */
  window = null;
  /** What is written in it.
   * @type {Record<"count" | "spent" | "clock" | "sentence" | "text" | "next", HTMLElement> | null} */
  parts = null;

  /** @param {Talk} talk */
  constructor(talk) {
    this.talk = talk;
    this.ticker = setInterval(() => this.tellTime(), 1000);
  }

  /** What is written; null while there is no window. */
  get shown() {
    return this.window?.closed ? null : this.parts;
  }

  open() {
    const paper = window.open("", "embedding-talk-notes", "width=820,height=640");
    if (!paper) return;
    this.window = paper;
    const page = paper.document,
      style = page.createElement("style"),
      head = page.createElement("header");
    const [count, spent, clock] = [1, 2, 3].map(() => page.createElement("span")),
      sentence = page.createElement("h1"),
      text = page.createElement("p"),
      next = page.createElement("small");
    page.title = "Speaker notes";
    style.textContent = NOTES_STYLE;
    page.head.replaceChildren(style);
    head.append(count, spent, clock);
    page.body.replaceChildren(head, sentence, text, next);
    this.parts = { count, spent, clock, sentence, text, next };
    paper.addEventListener("keydown", (event) => this.talk.key(event));
    this.tell();
    this.tellTime();
  }

  /** Follow the talk. */
  tell() {
    const parts = this.shown;
    if (!parts) return;
    const { slides, slide, at, step } = this.talk,
      next = slides[at + 1];
    parts.count.textContent = `${at + 1} / ${slides.length}${slide.stops.length > 1 ? ` · step ${step + 1} of ${slide.stops.length}` : ""}`;
    parts.sentence.textContent = slide.sentence;
    parts.text.textContent = slide.ask && !slide.ask.told ? `${slide.notes} Answer: ${slide.ask.why}` : slide.notes;
    parts.next.textContent = next ? `Next: ${next.sentence}` : "This is the last slide.";
  }

  tellTime() {
    const parts = this.shown;
    if (!parts) return;
    const { began } = this.talk,
      spent = began === null ? 0 : Math.floor((performance.now() - began) / 1000);
    parts.spent.textContent = `${Math.floor(spent / 60)}:${String(spent % 60).padStart(2, "0")}`;
    parts.clock.textContent = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  }

  close() {
    this.window?.close();
  }

  dispose() {
    clearInterval(this.ticker);
    this.close();
  }
}
