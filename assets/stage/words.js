// @ts-check
/* Long labels in two lines: where they break, the same here and in files (embeddings_core/scenes/labels.py). */

const JOINS = /[\p{M}\p{Cf}]/u;

/** How much room letters take: a wide one (Chinese, Japanese, Korean, pictures) two columns, a mark on another letter none.
 * @param {Iterable<string>} letters */
function columns(letters) {
  let sum = 0;
  for (const letter of letters) sum += JOINS.test(letter) ? 0 : WIDE.test(letter) ? 2 : 1;
  return sum;
}

/** Text in `most` columns; an ellipsis says where it was shortened.
 * @param {string} text */
function cutTo(text, most = LINE) {
  const kept = [...text];
  if (columns(kept) <= most) return text;
  while (columns(kept) > most - 1) kept.pop();
  return `${kept.join("").trimEnd()}…`;
}

/** The lines of a text: two where it is long, as even as its blanks allow.
 * @param {string} text @returns {string[]} */
function folded(text) {
  if (columns(text) <= LINE) return [text];
  const whole = cutTo(text, 2 * WIDEST),
    letters = [...whole],
    breaks = letters.map((_, at) => at);
  const blanks = breaks.filter((at) => letters[at] === " "),
    anywhere = breaks.slice(1).filter((at) => !JOINS.test(letters[at]) && letters[at - 1] !== "\u200d");
  for (const way of [blanks, anywhere]) {
    /** @type {string[] | null} */
    let best = null;
    let least = Infinity;
    for (const at of way) {
      const pair = [letters.slice(0, at), letters.slice(at)].map((part) => part.join("").trim()),
        wide = Math.max(...pair.map(columns));
      if (wide < least) [best, least] = [pair, wide];
    }
    if (best && least <= WIDEST) return best;
  }
  return [cutTo(whole, WIDEST)];
}

/** @type {Map<string, string[][]>} */
const knownForms = new Map();

/** What may stand for a text, the best first, as lines: whole in two lines, or cut to one where there is no room; in a
 * list (`listed`) one line of what there is room for.
 * @param {string} text @returns {string[][]} */
function labelForms(text, listed = false) {
  const id = `${listed ? 1 : 0}${text}`;
  let forms = knownForms.get(id);
  if (forms) return forms;
  if (knownForms.size > 4000) knownForms.clear();
  const whole = listed ? [cutTo(text, LISTED[0])] : folded(text),
    cuts = (listed ? LISTED.slice(1) : [LINE]).map((most) => cutTo(text, most));
  forms = [whole, ...[...new Set(cuts)].filter((cut) => cut !== whole[0]).map((cut) => [cut])];
  knownForms.set(id, forms);
  return forms;
}
