// @ts-check
/* Questions to the rows of a map: a column as colours, and which rows hold a text. The rules are those of
 * embeddings_core/tables/questions.py, which tests hold them to. */

const MOST_CATEGORIES = 20; // colours of a key; the others share "other"
const OTHER = "other";
const PATIENCE = 2000; // milliseconds for a regular expression: some patterns never end

/** A column as the twenty most frequent of its values, and "other": names, how many rows each has, and the group of every row, −1
 * where a cell is empty.
 * @param {MapRows} table @param {number} at */
function categoriesOf(table, at) {
  const { n } = table,
    /** @type {Map<string, number>} */
    counts = new Map();
  for (let row = 0; row < n; row++) {
    const text = table.text(at, row);
    if (text) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const ordered = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([text]) => text),
    shown = ordered.length === MOST_CATEGORIES + 1 ? ordered : ordered.slice(0, MOST_CATEGORIES), // "other" with one value would only hide its name
    rest = ordered.length > shown.length;
  if (!rest && shown.every((text) => /^-*\d+$/.test(text))) shown.sort((a, b) => Number(a) - Number(b)); // digits, stars: in their own order
  const place = new Map(shown.map((text, g) => [text, g])),
    groups = new Int16Array(n);
  for (let row = 0; row < n; row++) {
    const text = table.text(at, row);
    groups[row] = text ? (place.get(text) ?? shown.length) : -1;
  }
  const numbers = shown.map((text) => counts.get(text) ?? 0);
  if (rest) numbers.push(ordered.slice(shown.length).reduce((sum, text) => sum + (counts.get(text) ?? 0), 0));
  return { names: rest ? [...shown, OTHER] : shown, counts: numbers, groups };
}

/** Numbers as places on a ramp from 0 to 1, and the ends of the ramp: the 1st and 99th percentile, so that one outlier does not take
 * all the colour; logarithmic where they are positive, span three powers of ten and are no dates. NaN where a cell is empty.
 * @param {ArrayLike<number>} numbers @param {boolean} [dates] */
function rampOf(numbers, dates = false) {
  const real = Float64Array.from(numbers).filter(Number.isFinite).sort(),
    places = new Float32Array(numbers.length).fill(NaN);
  if (!real.length) return { places, low: 0, high: 0, logarithmic: false };
  const [low, high] = real.length > 100 ? [percentile(real, 0.01), percentile(real, 0.99)] : [real[0], real[real.length - 1]],
    logarithmic = !dates && real[0] > 0 && high / low >= 1000,
    scale = logarithmic ? Math.log10 : (/** @type {number} */ x) => x,
    begin = scale(low),
    width = scale(high) - begin;
  for (let row = 0; row < places.length; row++)
    if (Number.isFinite(numbers[row])) places[row] = width > 0 ? clamp((scale(numbers[row]) - begin) / width, 0, 1) : 0.5;
  return { places, low, high, logarithmic };
}

/** The value below which a share of sorted numbers lies.
 * @param {Float64Array} sorted @param {number} share */
function percentile(sorted, share) {
  const at = share * (sorted.length - 1),
    low = Math.floor(at);
  return mix(sorted[low], sorted[Math.min(low + 1, sorted.length - 1)], at - low);
}

/** Which rows hold a text in a column of text, capitals aside; between slashes it is a regular expression. `told` says why there is
 * no answer.
 * @param {MapRows} table @param {string} asked @returns {{ hits: Uint8Array | null, told: string }} */
function searchRows(table, asked) {
  const wanted = asked.trim().toLowerCase();
  if (!wanted) return { hits: null, told: "" };
  const texts = searchable(table),
    hits = new Uint8Array(table.n),
    pattern = /^\/(.+)\/$/.exec(asked.trim())?.[1];
  if (pattern === undefined) {
    for (let row = 0; row < table.n; row++) hits[row] = texts[row].includes(wanted) ? 1 : 0;
    return { hits, told: "" };
  }
  let test;
  try {
    test = expression(pattern);
  } catch {
    return {
      hits: null,
      told: `/${pattern.slice(0, 40)}/ is no regular expression; without the slashes it is searched for as it is.`,
    };
  }
  const until = performance.now() + PATIENCE;
  for (let row = 0; row < table.n; row++) {
    hits[row] = table.columns.some(({ kind }, at) => kind === "text" && test.test(table.text(at, row))) ? 1 : 0;
    if (row % 64 === 0 && performance.now() > until)
      return { hits, told: `This expression takes too long: only the first ${(row + 1).toLocaleString("en")} rows were asked.` };
  }
  return { hits, told: "" };
}

/** @param {string} pattern */
function expression(pattern) {
  try {
    return new RegExp(pattern, "iu");
  } catch {
    return new RegExp(pattern, "i"); // more is allowed without letters of all scripts
  }
}

/** What every row says in its columns of text, in small letters.
 * @param {MapRows} table */
function searchable(table) {
  const columns = table.columns.flatMap(({ kind }, at) => (kind === "text" ? [at] : []));
  return (table.searched ??= Array.from({ length: table.n }, (_, row) =>
    columns
      .map((at) => table.text(at, row))
      .join("\n")
      .toLowerCase(),
  ));
}

/** Rows in the order of a column: numbers as numbers, texts as their readers sort them, empty cells last.
 * @param {MapRows} table @param {number[]} rows @param {number} at @param {boolean} falling */
function sortedRows(table, rows, at, falling) {
  const sign = falling ? -1 : 1,
    { kind } = table.columns[at];
  if (kind === "number" || kind === "date") {
    const numbers = table.numbers(at);
    return [...rows].sort((a, b) => {
      const [x, y] = [numbers[a], numbers[b]],
        empty = Number(Number.isNaN(x)) - Number(Number.isNaN(y));
      return empty || sign * (x - y) || a - b;
    });
  }
  const { compare } = new Intl.Collator(undefined, { numeric: true }),
    texts = new Map(rows.map((row) => [row, table.text(at, row).slice(0, 200)])),
    of = (/** @type {number} */ row) => texts.get(row) ?? "";
  return [...rows].sort((a, b) => Number(!of(a)) - Number(!of(b)) || sign * compare(of(a), of(b)) || a - b);
}
