// @ts-check
// Runs before the page does (embeddings_core/first_page.py): until assets/history.js can tell what the visitor did, a change of
// the address belongs to the entry that the browser made itself. Streamlit adds an entry for each, up to nine for one page.
{
  const { pushState } = globalThis.history;
  /** @type {typeof pushState} */
  const written = (state, title, url) => {
    const { history } = globalThis,
      to = new URL(url ?? location.href, location.href),
      step = globalThis.embeddingSteps || to.pathname !== location.pathname;
    (step ? pushState : history.replaceState).call(history, state, title, url);
  };
  globalThis.history.pushState = written;
}
