// @ts-check
// One step of the visitor is one entry of the browser's history: Back undoes it, Forward redoes it.
// Streamlit replaces the entry when a widget changes the address and adds one whenever the server does, so that a step is
// now none and now three. Here the first change of the address after something that the visitor did adds an entry; the
// changes that follow from it belong to that entry. What Python restores then: `came_back` in pages/_ui/state.py.
const CONTROL = "button, a, input, textarea, label, summary, [role], .stage";
const COOKIE = "embeddings_visit",
  SECONDS = 24 * 3600; // the server forgets sooner
const PLAYER = ".stage-player, .stage-bar"; // a film that plays changes no address

/** The token of this browser's own pictures, as long as there are some: pages/_ui/own_pictures.py.
 * @param {string | null} token */
function remember(token) {
  if (token || (token === "" && document.cookie.includes(COOKIE)))
    document.cookie = `${COOKIE}=${token}; path=/; SameSite=Strict; max-age=${token ? SECONDS : 0}`;
}

/** @param {Component<{ visit: string | null }>} component */
export default function ({ data }) {
  remember(data.visit);
  if (globalThis.embeddingSteps) return;
  globalThis.embeddingSteps = true;
  const { pushState, replaceState } = globalThis.history;
  let did = false, // the visitor did something since the last entry
    asked = false, // it was something that the server may answer with another address
    leaving = false; // it was a link to another page: Streamlit empties the address before it goes there
  const still = () => {
    did = asked = leaving = false;
  };
  /** @param {Event} event */
  const acts = (event) => {
    const key = /** @type {KeyboardEvent} */ (event).key ?? "Enter";
    if (!event.isTrusted || /** @type {MouseEvent} */ (event).altKey || !(event.target instanceof Element)) return;
    did = true;
    const link = /** @type {HTMLAnchorElement | null} */ (event.target.closest("a[href]"));
    leaving = event.type === "click" && link?.origin === location.origin && link.pathname !== location.pathname;
    const control = event.target.closest(CONTROL) && !event.target.closest(PLAYER);
    if (control && (key === "Enter" || key === " ")) asked = true;
  };
  for (const kind of ["pointerdown", "click", "keydown", "change", "drop"]) globalThis.addEventListener(kind, acts, true);
  globalThis.addEventListener("popstate", still, true);
  /** @param {boolean} byServer @returns {typeof pushState} */
  const written = (byServer) => (state, title, url) => {
    const to = new URL(url ?? location.href, location.href),
      here = to.pathname === location.pathname;
    if (here && leaving) return; // this entry keeps what it said
    const step = !here || (to.search !== location.search && (byServer ? asked : did));
    if (step) still();
    (step ? pushState : replaceState).call(globalThis.history, state, title, url);
  };
  Object.assign(globalThis.history, { pushState: written(true), replaceState: written(false) });
}
