// @ts-check
/* The recipe card. What this picture is, on request; the same words are its description for those who do not see it. */

class Card {
  /** What had the focus before the panel opened.
   * @type {Element | null} */
  came = null;

  /** @param {Stage} stage */
  constructor(stage) {
    this.stage = stage;
    this.button = make(
      "button",
      "stage-button",
      {
        type: "button",
        title: "About this picture (I)",
        "aria-label": "About this picture (I)",
        "aria-expanded": "false",
        onclick: () => this.toggle(),
      },
      icon("about"),
    );
    this.list = make("dl", "stage-facts");
    this.leave = make(
      "button",
      "stage-button",
      { type: "button", title: "Close (Esc)", "aria-label": "Close (Esc)", onclick: () => this.toggle(false) },
      "×",
    );
    this.panel = make(
      "div",
      "stage-card",
      {
        role: "dialog",
        "aria-label": "About this picture",
        tabIndex: -1,
        hidden: true,
        onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event),
      },
      make("header", "", {}, make("b", "", {}, "About this picture"), this.leave),
      this.list,
    );
  }

  get open() {
    return !this.panel.hidden;
  }

  /** Take the rows of a film: names and values, written as text.
   * @param {{ metadata: [string, string][], alt: string, title: string }} film */
  load({ metadata, alt, title }) {
    const rows = metadata ?? [];
    this.list.replaceChildren(
      ...rows.flatMap(([name, value]) => [make("dt", "", {}, name), make("dd", "", { dir: "auto" }, value)]),
    );
    this.button.hidden = !rows.length;
    if (!rows.length) this.toggle(false);
    const whole = (/** @type {string} */ text) => (/[.!?…]$/.test(text) ? text : `${text}.`);
    this.stage.area.setAttribute(
      "aria-label",
      [alt || title || "Map of an embedding space", ...rows.map(([name, value]) => `${name}: ${value}`)].map(whole).join(" "),
    );
  }

  toggle(open = !this.open) {
    if (open === this.open || (open && this.button.hidden)) return;
    this.panel.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    if (open) {
      this.came = document.activeElement;
      this.panel.focus({ preventScroll: true });
    } else if (this.panel.contains(document.activeElement) || document.activeElement === document.body) {
      const back =
        this.came instanceof HTMLElement && this.came.isConnected && this.came !== document.body ? this.came : this.stage.root;
      back.focus({ preventScroll: true });
    }
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.key !== "Escape" && event.key.toLowerCase() !== "i") return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.toggle(false);
  }
}
