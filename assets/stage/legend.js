// @ts-check
/* The key to the colours, beside the picture or below it. A group can be singled out by a click. */

const SHAPE = 1.25; // width to height of what a map in space fills

class Legend {
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
    /** @type {HTMLElement[]} */
    const parts = [];
    if (film.values) {
      const title = film.valuesTitle || "value",
        [, said, low, high] = /^(.*) \((.+) … (.+)\)$/.exec(title) ?? ["", title, "0", "1"], // its ends, where it says them
        bar = make("i", "stage-scale"),
        stops = Array.from({ length: 9 }, (_, i) => css(sequential(i / 8, theme.dark)));
      bar.style.background = `linear-gradient(90deg, ${stops.join(", ")})`;
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
            { type: "button", "aria-pressed": String(group === g), onclick: () => stage.single(g) },
            mark,
            make("span", "", { dir: "auto" }, name),
          ),
        );
      });
    }
    element.replaceChildren(...parts);
    element.classList.toggle("stage-singled", group !== null);
    this.place();
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
