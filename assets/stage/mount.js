// @ts-check
/* What pages and exported files call. */

/** Put a stage into an element, or give the one that lives there the next scene.
 * @param {Element & { __stage?: Stage }} element @param {Payload} data @param {StageOptions} options */
function mountStage(element, data, options = {}) {
  const stage = element.__stage ?? (element.__stage = new Stage(element, options));
  stage.onClick = options.onClick;
  stage.onSelect = options.onSelect;
  stage.saveFilm = options.saveFilm;
  stage.show(data);
  return stage;
}

/** @param {Element & { __stage?: Stage }} element */
function unmountStage(element) {
  element.__stage?.dispose();
  delete element.__stage;
}

globalThis.embeddingStage = { mount: mountStage, unmount: unmountStage, project, make, column, labelForms };
globalThis.dispatchEvent(new Event("embedding-stage"));
