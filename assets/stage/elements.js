// @ts-check
/* Elements of the page. Words are set as text, never parsed as HTML. */

/** What must be there: throws where it is missing.
 * @template T @param {T} found @returns {NonNullable<T>} */
function need(found) {
  if (found === null || found === undefined) throw new Error("the browser lacks what the stage needs");
  return found;
}

/** An element with properties (names with a dash become attributes) and children.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag @param {string} className @param {Record<string, unknown>} properties @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[K]} */
function make(tag, className, properties = {}, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role") element.setAttribute(name, String(value));
    else Object.assign(element, { [name]: value });
  }
  element.append(...children);
  return element;
}

/** The drawing context of a canvas.
 * @param {HTMLCanvasElement} canvas */
const contextOf = (canvas) => need(canvas.getContext("2d"));

/** Pictures come as data: URLs of these types only, never from a network address.
 * @param {string | undefined} source */
const isPicture = (source) => /^data:image\/(png|jpeg|webp|gif|avif);base64,/.test(source ?? "");

/** A way to listen that ends with the signal.
 * @param {AbortSignal} signal
 * @returns {(target: EventTarget, event: string, run: (event: any) => void, more?: AddEventListenerOptions) => void} */
const listener =
  (signal) =>
  (target, event, run, more = {}) =>
    target.addEventListener(event, run, { signal, ...more });
