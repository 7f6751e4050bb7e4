// @ts-check
/* Room for labels, over boxes alone [left, top, right, bottom]: who gets which place, and who gives way. */

/** A place that a label may take, and what it would cost (what it would lie on); infinite where it may not.
 * @typedef {{ box: number[], cost: number }} Seat */

/** Whether two boxes lie on each other, or are nearer than `apart` pixels.
 * @param {number[]} a @param {number[]} b */
const meet = (a, b, apart = 0) => a[0] < b[2] + apart && a[2] > b[0] - apart && a[1] < b[3] + apart && a[3] > b[1] - apart;

/** Whether a box lies whole within a stage.
 * @param {number[]} box @param {number} width @param {number} height */
const wholly = (box, width, height) => box[0] >= 0 && box[1] >= 0 && box[2] <= width && box[3] <= height;

/** Boxes to the right, left, above and below, then between those; at a row of points in two lines below and above; the rim of 5 px may overlap.
 * @param {number} x @param {number} y @param {LabelShape} shape @param {number} gap @param {boolean} below */
function seatsRound(x, y, { width, height, line }, gap, below, row = false) {
  const w = width - 6,
    h = height - 8,
    half = h / 2;
  const right = [x + gap, y - half, x + gap + w, y + half],
    left = [x - gap - w, y - half, x - gap, y + half];
  const away = Math.max(gap, line / 2 + 1); // clear of the labels at the sides
  const over = [x - w / 2, y - away - h, x + w / 2, y - away],
    under = [x - w / 2, y + away, x + w / 2, y + away + h];
  if (row) return [under, over, under.map((at, i) => (i % 2 ? at + h : at)), over.map((at, i) => (i % 2 ? at - h : at))]; // never on the row
  /** @type {(boxes: number[][], along: number, shifts: number[]) => number[][]} */
  const shifted = (boxes, along, shifts) =>
    boxes.flatMap((box) => shifts.map((by) => box.map((at, i) => (i % 2 === along ? at + by : at))));
  return [
    ...(below ? [under, over, right, left] : [right, left, over, under]),
    ...shifted([over, under], 0, [w / 2 - 8, 8 - w / 2]),
    ...shifted([right, left], 1, [5 - half, half - 5]),
    ...shifted([over, under], 0, [w / 4, -w / 4]),
  ];
}

/** Does a line run through a box?
 * @param {number[]} box @param {Point} start @param {Point} end */
function crosses([left, top, right, bottom], [x0, y0], [x1, y1]) {
  let from = 0,
    to = 1;
  for (const [way, room] of [
    [x0 - x1, x0 - left],
    [x1 - x0, right - x0],
    [y0 - y1, y0 - top],
    [y1 - y0, bottom - y0],
  ]) {
    if (way === 0 && room < 0) return false;
    if (way < 0) from = Math.max(from, room / way);
    else if (way > 0) to = Math.min(to, room / way);
  }
  return from <= to;
}

/** The room of a stage and who has which part of it. */
class Room {
  /** @type {Map<number, number[]>} */
  boxes = new Map();

  /** @param {number} width @param {number} height @param {number[][]} taken room that is nobody's */
  constructor(width, height, taken = []) {
    this.width = width;
    this.height = height;
    this.taken = taken;
  }

  /** Whether a box is free, with `apart` pixels round it; `but` does not count.
   * @param {number[]} box @param {number} [but] */
  free(box, apart = 0, but = undefined) {
    if (!wholly(box, this.width, this.height) || this.taken.some((other) => meet(box, other, apart))) return false;
    for (const [id, other] of this.boxes) if (id !== but && meet(box, other, apart)) return false;
    return true;
  }

  /** Take the cheapest free seat, of equal ones the first; returns its number, -1 where none is free.
   * @param {number} id @param {Seat[]} seats */
  take(id, seats, apart = 0) {
    let best = -1;
    for (let i = 0; i < seats.length; i++) {
      if (seats[i].cost < (best < 0 ? Infinity : seats[best].cost) && this.free(seats[i].box, apart, id)) best = i;
      if (best >= 0 && seats[best].cost <= 0) break;
    }
    if (best >= 0) this.boxes.set(id, seats[best].box);
    return best;
  }

  /** Make room where there was none: one other label moves to another of its seats. Returns [own seat, other, its seat], null where
   * that does not help either.
   * @param {number} id @param {Seat[]} seats @param {(other: number) => Seat[]} seatsOf @returns {[number, number, number] | null} */
  squeeze(id, seats, seatsOf) {
    for (let i = 0; i < seats.length; i++) {
      const { box, cost } = seats[i];
      if (cost === Infinity || !wholly(box, this.width, this.height) || this.taken.some((other) => meet(box, other))) continue;
      const others = [...this.boxes].filter(([other, held]) => other !== id && meet(box, held)).map(([other]) => other);
      if (others.length !== 1) continue;
      const [other] = others,
        choices = seatsOf(other);
      for (let j = 0; j < choices.length; j++) {
        const there = choices[j];
        if (there.cost === Infinity || meet(there.box, box) || !this.free(there.box, 0, other)) continue;
        this.boxes.set(other, there.box);
        this.boxes.set(id, box);
        return [i, other, j];
      }
    }
    return null;
  }
}

/** Which of some boxes may be painted, in order of importance: none lies on an earlier one or leaves the stage.
 * @param {number[][]} boxes @param {number} width @param {number} height @returns {boolean[]} */
function standing(boxes, width, height) {
  /** @type {number[][]} */
  const kept = [];
  return boxes.map((box) => {
    const stands = wholly(box, width, height) && !kept.some((other) => meet(box, other));
    if (stands) kept.push(box);
    return stands;
  });
}
