// @ts-check
/* The key to the colours, beside the picture or below it. A group can be singled out by a click. */

const SHAPE = 1.25; // width to height of what a map in space fills

/** What a scale shows, and its ends where it says them: "price (3 … 9)".
 * @param {string} title @returns {[said: string, low: string, high: string]} */
function scaleWords(title) {
  const [, said, low, high] = /^(.*) \((.+) … (.+)\)$/.exec(title) ?? ["", title, "0", "1"];
  return [said, low, high];
}

/** What a place on a scale stands for, in the scale's own numbers; only what it shows where its ends are no numbers, as dates are.
 * @param {string} title @param {number} value from 0 to 1 */
function valueWords(title, value) {
  const [said, ...ends] = scaleWords(title),
    [low, high] = ends.map((end) => Number(end.replace("−", "-")));
  if (said === title) return `${said}: ${value.toFixed(2)}`;
  if (!Number.isFinite(low) || !Number.isFinite(high)) return said;
  const number = said.endsWith(", log scale") ? low * (high / low) ** value : mix(low, high, value),
    beyond = value >= 1 ? " or more" : value <= 0 ? " or less" : "";
  return `${said.replace(/, log scale$/, "")}: ${Number(number.toPrecision(3))}${beyond}`;
}

const COUNTED = 60; // points from which a histogram stands over the scale
const BINS = 24; // of the histogram over a scale

/** How many points have which value, as a clip path over the scale: its top follows the counts, by their square root, so that a few are seen.
 * @param {Float32Array} values from 0 to 1 @returns {string} */
function histogram(values) {
  const counts = new Float32Array(BINS);
  for (const value of values) counts[Math.min(Math.floor(clamp(value, 0, 1) * BINS), BINS - 1)]++;
  const most = Math.sqrt(Math.max(...counts, 1)),
    steps = [...counts].flatMap((count, bin) =>
      [bin, bin + 1].map((edge) => `${((100 * edge) / BINS).toFixed(1)}% ${(100 - (100 * Math.sqrt(count)) / most).toFixed(1)}%`),
    );
  return `polygon(0 100%, ${steps.join(", ")}, 100% 100%)`;
}
const TWICE = 400; // milliseconds between two clicks that are one double click

/** Which rows are on the map where groups are hidden; null: all are.
 * @param {{ n: number, last: number, groupAt: (row: number, frame: number) => number }} film @param {Set<number>} hidden
 * @returns {Uint8Array | null} */
function presenceOf(film, hidden) {
  return hidden.size ? Uint8Array.from({ length: film.n }, (_, row) => (hidden.has(film.groupAt(row, film.last)) ? 0 : 2)) : null;
}

class Legend {
  /** The group that was clicked last, when, and whether that brought it back.
   * @type {{ group: number, time: number, back: boolean }} */
  last = { group: -1, time: 0, back: false };
  element = make("div", "stage-legend", { role: "group", "aria-label": "Key to the colours" });

  /** @param {Stage} stage */
  constructor(stage) {
    this.stage = stage;
  }

  /** Name the groups, or show the scale of values.
   * @param {Film} film @param {number | null} group */
  draw(film = this.stage.film, group = this.stage.group) {
    const { stage, element } = this,
      { theme } = stage;
    if (film !== stage.film) this.settle(film);
    const hides = this.hides(film);
    /** @type {HTMLElement[]} */
    const parts = [];
    if (film.values) {
      const [said, low, high] = scaleWords(film.valuesTitle || "value"),
        bar = make("i", "stage-scale"),
        stops = Array.from({ length: 9 }, (_, i) => css(sequential(i / 8, theme.dark)));
      bar.style.background = `linear-gradient(90deg, ${stops.join(", ")})`;
      if (film.n >= COUNTED) {
        bar.classList.add("stage-counted");
        bar.style.setProperty("--stage-counts", histogram(Float32Array.from(film.sample(), (row) => film.valueAt(row))));
      }
      parts.push(
        make(
          "div",
          "stage-values",
          {},
          make("span", "", {}, said),
          make("div", "", {}, make("small", "", {}, low), bar, make("small", "", {}, high)),
        ),
      );
    } else if ((film.groups || film.frameGroups) && film.groupNames.length) {
      film.groupNames.slice(0, 21).forEach((name, g) => {
        const space = "http://www.w3.org/2000/svg",
          mark = document.createElementNS(space, "svg"),
          symbol = SYMBOLS[g > 7 ? Math.floor(g / 8) % 8 : 0];
        mark.setAttribute("viewBox", "-7 -7 14 14");
        mark.setAttribute("aria-hidden", "true");
        const shape = document.createElementNS(space, symbol === "circle" ? "circle" : "path");
        if (symbol === "circle") shape.setAttribute("r", "5");
        else shape.setAttribute("d", OUTLINES[symbol === "x" ? "cross" : symbol](5));
        if (symbol === "x") shape.setAttribute("transform", "rotate(45)");
        shape.setAttribute("fill", css(groupColour(theme, g)));
        mark.append(shape);
        parts.push(
          make(
            "button",
            "",
            {
              type: "button",
              "aria-pressed": String(group === g),
              onclick: (/** @type {MouseEvent} */ event) => this.press(g, event.timeStamp),
              ...(hides && {
                ...(stage.hidden.has(g) && {
                  className: "stage-hidden",
                  "aria-label": `${[name, stage.more.count?.(g)].filter(Boolean).join(" ")}, hidden`,
                }),
                title: stage.hidden.has(g) ? "Click, or H: show again." : "Click: only these. Double click, or H: hide.",
                onkeydown: (/** @type {KeyboardEvent} */ event) => {
                  if (event.key.toLowerCase() !== "h" || event.ctrlKey || event.metaKey || event.altKey) return;
                  event.preventDefault();
                  event.stopPropagation();
                  this.hide(g);
                },
              }),
            },
            mark,
            make("span", "", { dir: "auto" }, name),
            ...(stage.more.count ? [make("small", "", {}, stage.more.count(g))] : []),
          ),
        );
      });
    }
    const held = [...element.children].indexOf(/** @type {Element} */ (document.activeElement));
    element.replaceChildren(...parts);
    if (held >= 0) parts[held]?.focus({ preventScroll: true }); // keys go on where they were
    element.classList.toggle("stage-singled", group !== null);
    this.place();
  }

  /** Whether groups can be hidden here: where the page asks for it, and no group changes its points on the way.
   * @param {Film} film */
  hides(film) {
    const { onHide, hides } = this.stage.more;
    return Boolean(onHide || (hides && !film.frameGroups));
  }

  /** Another film: what was hidden stays so only where the key is the same, since nobody could bring it back elsewhere.
   * @param {Film} film */
  settle(film) {
    const { stage } = this,
      before = /** @type {Film | null} */ (stage.film);
    if (stage.more.onHide) return; // what lies round the stage sees to it
    const same = before?.id === film.id && before.n === film.n && before.groupNames.join() === film.groupNames.join();
    if (!same || film.values || !this.hides(film)) stage.hidden.clear();
    stage.presence = presenceOf(film, stage.hidden);
  }

  /** A click singles a group out; where groups can be hidden, a second one at once hides it, and a click or two bring it back.
   * @param {number} group @param {number} time when it was clicked, in milliseconds; on a slow machine it is heard later */
  press(group, time) {
    const { stage, last } = this,
      twice = last.group === group && time - last.time < TWICE;
    this.last = { group: twice ? -1 : group, time, back: stage.hidden.has(group) };
    if (twice && last.back) return;
    if (this.hides(stage.film) && (twice || stage.hidden.has(group))) this.hide(group);
    else stage.single(group);
  }

  /** @param {number} group */
  hide(group) {
    const { stage } = this;
    if (stage.group === group) stage.single(group);
    if (!stage.hidden.delete(group)) stage.hidden.add(group);
    if (stage.more.onHide) stage.more.onHide(group);
    else {
      const from = stage.points.colours();
      stage.presence = presenceOf(stage.film, stage.hidden);
      stage.names.sampledFor = "";
      stage.labels.next = 0;
      stage.points.leg = -1;
      stage.points.fade(from);
      stage.settleSoon();
      stage.wake();
    }
    this.draw();
  }

  /** Stand beside the picture or below it, wherever that leaves more room. */
  place() {
    const { middle, film } = this.stage,
      { clientWidth: across, clientHeight: tall } = middle,
      [wide, high] = film?.box?.half ?? [SHAPE, 1],
      shape = film?.dimensions === 2 ? clamp(wide / high, 0.7, 3) : SHAPE;
    /** @type {(beside: boolean) => number} */
    const left = (beside) => {
      middle.classList.toggle("stage-beside", beside);
      const { offsetWidth: legendWide, offsetHeight: legendHigh } = this.element;
      return beside ? Math.min((across - legendWide) / shape, tall) : Math.min(across / shape, tall - legendHigh);
    };
    const below = this.element.childElementCount ? left(false) : 0;
    middle.classList.toggle("stage-beside", this.element.childElementCount > 0 && left(true) >= below);
  }
}
