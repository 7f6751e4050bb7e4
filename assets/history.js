// @ts-check
// One step of the visitor is one entry of the browser's history: Back undoes it, Forward redoes it.
// Streamlit replaces the entry when a widget changes the address and adds one whenever the server does, so that a step is
// now none and now three. Here the first change of the address after something that the visitor did adds an entry; the
// changes that follow from it belong to that entry. What Python restores then: `came_back` in pages/_ui/state.py.
const CONTROL = "button, a, input, textarea, label, summary, [role], .stage";
const COOKIE = "embeddings_visit",
  SECONDS = 24 * 3600; // the server forgets sooner
const MENU = '[data-testid="stPopoverBody"]',
  OPEN_MENU = '[data-testid="stPopover"] button[aria-expanded="true"]',
  CLOSING = 200; // milliseconds until a menu that was closed has said so
const TAKES_OVER = ".st-key-show button"; // takes over what is typed, as the box itself does when it is left: both are one step
const PLAYER = ".stage-player, .stage-bar"; // a film that plays changes no address

/** The token of this browser's own pictures, as long as there are some: pages/_ui/own_pictures.py.
 * @param {string | null} token */
function remember(token) {
  if (token || (token === "" && document.cookie.includes(COOKIE)))
    document.cookie = `${COOKIE}=${token}; path=/; SameSite=Strict; max-age=${token ? SECONDS : 0}`;
}

/** The path of the page that a link leads to; Streamlit leaves the link to the first page empty.
 * @param {HTMLAnchorElement} link */
const pathOf = (link) => (link.getAttribute("href") ? link.pathname : new URL("./", location.href).pathname);

/** Draw the page again when it turns dark or light: charts have the colours of the run that made them.
 * @param {Component<{ visit: string | null }>} component */
function followTheme({ setTriggerValue }) {
  const page = document.querySelector(".stApp");
  if (!page) return;
  const look = () => {
    const ground = getComputedStyle(page).backgroundColor;
    if (globalThis.embeddingGround && globalThis.embeddingGround !== ground) setTriggerValue("theme", ground);
    globalThis.embeddingGround = ground;
  };
  look();
  const observer = new MutationObserver(look); // Streamlit gives it another class then
  observer.observe(page, { attributeFilter: ["class"] });
  return () => observer.disconnect();
}

/** @param {Component<{ visit: string | null }>} component */
export default function (component) {
  const { data } = component;
  remember(data.visit);
  const unfollow = followTheme(component);
  keepSteps();
  return unfollow;
}

function keepSteps() {
  if (globalThis.embeddingSteps) return;
  globalThis.embeddingSteps = true;
  const { pushState, replaceState } = globalThis.history;
  let stepped = false; // there is an entry since the pointer went down
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
    if (event.type === "pointerdown") stepped = false;
    if (event.type === "click" && stepped && event.target.closest(TAKES_OVER)) return;
    did = true;
    const link = /** @type {HTMLAnchorElement | null} */ (event.target.closest("a[href]"));
    leaving = event.type === "click" && link?.origin === location.origin && pathOf(link) !== location.pathname;
    const path = event.composedPath().filter((one) => one instanceof Element), // also within a component of its own
      control = path.some((one) => one.matches(CONTROL)) && !path.some((one) => one.matches(PLAYER));
    if (event.type === "drop" || (control && (key === "Enter" || key === " "))) asked = true;
  };
  // A menu that closes because a link to another page was clicked tells the server so after the page has been asked for,
  // and names the page it stood on: the server goes back there and shows nothing. So the link waits until it has said so.
  let open = false; // a menu was open when the pointer went down
  const openMenu = () => /** @type {HTMLElement | null} */ (document.querySelector(OPEN_MENU));
  const notes = () => (open = openMenu() !== null);
  /** @param {Event} event */
  const waits = (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    const { ctrlKey, metaKey, shiftKey } = /** @type {MouseEvent} */ (event);
    const menu = openMenu();
    const closes = open || menu !== null;
    open = false;
    if (!leaving || !closes || !(link instanceof HTMLElement) || link.closest(MENU)) return;
    if (ctrlKey || metaKey || shiftKey) return; // it opens elsewhere
    event.preventDefault();
    event.stopImmediatePropagation();
    menu?.click(); // the keyboard leaves it open
    globalThis.setTimeout(() => {
      did = leaving = true;
      link.click();
    }, CLOSING);
  };
  globalThis.addEventListener("pointerdown", notes, true);
  for (const kind of ["pointerdown", "click", "keydown", "change", "drop"]) globalThis.addEventListener(kind, acts, true);
  globalThis.addEventListener("click", waits, true);
  globalThis.addEventListener("popstate", still, true);
  /** @param {boolean} byServer @returns {typeof pushState} */
  const written = (byServer) => (state, title, url) => {
    const to = new URL(url ?? location.href, location.href),
      here = to.pathname === location.pathname;
    if (here && leaving) return; // this entry keeps what it said
    const step = !here || (to.search !== location.search && (byServer ? asked : did));
    if (step) {
      still();
      stepped = true;
    }
    (step ? pushState : replaceState).call(globalThis.history, state, title, url);
  };
  Object.assign(globalThis.history, { pushState: written(true), replaceState: written(false) });
}
