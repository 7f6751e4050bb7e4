// @ts-check
// The scenes of a talk in their order: choose one, drag it to another place. Words are set as text, never as HTML.

/** @param {Component<Filmstrip>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const list = /** @type {HTMLElement} */ (parentElement.querySelector("ol"));
  /** @template {keyof HTMLElementTagNameMap} K @param {K} tag @param {string} kind @param {string} [text] */
  const make = (tag, kind, text) => {
    const element = document.createElement(tag);
    element.className = kind;
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const focused = list.querySelector("button:focus")?.closest("li")?.dataset.key;
  /** @type {string | null} */
  let dragged = null;
  const clear = () => list.querySelectorAll("li").forEach((item) => item.classList.remove("before", "after", "dragged"));
  /** 1 below the middle of an item, 0 above it.
   * @type {(event: DragEvent, item: HTMLElement) => number} */
  const place = (event, item) => (event.clientY > item.getBoundingClientRect().top + item.offsetHeight / 2 ? 1 : 0);
  /** @type {(key: string, to: number) => void} */
  const move = (key, to) => setTriggerValue("moved", { key, to });
  list.replaceChildren(
    ...data.scenes.map((scene, at) => {
      const item = make("li", "");
      item.dataset.key = scene.key;
      item.draggable = true;
      if (scene.key === data.chosen) item.setAttribute("aria-current", "true");
      const button = make("button", "choose");
      button.type = "button";
      button.title = "Edit this scene; drag it, or press Alt and an arrow key, to move it";
      button.onclick = () => setTriggerValue("chosen", scene.key);
      const thumbnail = make("img", "thumbnail");
      thumbnail.alt = "";
      thumbnail.draggable = false;
      if (scene.thumbnail.startsWith("data:image/svg+xml;base64,")) thumbnail.src = scene.thumbnail;
      const words = make("span", "words");
      words.append(make("span", "caption", scene.caption), make("span", "about", scene.about));
      button.append(make("span", "number", String(at + 1)), thumbnail, words);
      item.append(button);
      item.onkeydown = (event) => {
        const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0,
          next = by ? list.children[at + by] : null;
        if (!next) return;
        event.preventDefault();
        event.stopPropagation();
        if (event.altKey) move(scene.key, at + by);
        else next.querySelector("button")?.focus();
      };
      item.ondragstart = (event) => {
        dragged = scene.key;
        if (event.dataTransfer) {
          event.dataTransfer.effectAllowed = "move";
          event.dataTransfer.setData("text/plain", scene.caption);
        }
        item.classList.add("dragged");
      };
      item.ondragend = () => {
        dragged = null;
        clear();
      };
      item.ondragover = (event) => {
        if (dragged === null) return;
        event.preventDefault();
        list.querySelectorAll(".before, .after").forEach((other) => other.classList.remove("before", "after"));
        item.classList.add(place(event, item) ? "after" : "before");
      };
      item.ondrop = (event) => {
        if (dragged === null) return;
        event.preventDefault();
        const from = data.scenes.findIndex(({ key }) => key === dragged),
          to = at + place(event, item);
        const target = to > from ? to - 1 : to;
        if (target !== from) move(dragged, target);
        clear();
      };
      return item;
    }),
  );
  const chosen = list.querySelector('[aria-current="true"]');
  if (chosen && list.dataset.chosen !== data.chosen) chosen.scrollIntoView({ block: "nearest" });
  list.dataset.chosen = data.chosen;
  if (focused) /** @type {HTMLElement | null} */ (list.querySelector(`[data-key="${CSS.escape(focused)}"] button`))?.focus();
}
