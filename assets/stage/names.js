// @ts-check
/* Names of groups on the map: each stands where its group does. */

const NAMED = 24; // groups at most
const SAMPLED = 60; // of a group's points: its middle is found well enough
const TOGETHER = 0.75; // of the spread of all points: a group that is scattered wider has no place to be named at
const CLOSE = 1.7; // times as near as the whole map: the finer groups are named in place of the others
const SMALL_MAP = 160; // items up to which every label may be placed, and points are kept free
const ASKED = 600; // points at most that are asked whose they are, where a group stands
const OWN = 0.6; // of the points where a group stands: with fewer of its own the place is not its place; two that are mixed have half
const FOUND = 0.5; // of as many points as the group has, the nearest to where it stands: with fewer its own a few met by chance
const CROWD = 1000; // items from which names of groups stand in their midst, for no place beside them is free

class GroupNames {
  /** The rows that stand for each group, and what they were chosen for.
   * @type {number[][]} */
  members = [];
  /** The group that each finer one lies in.
   * @type {number[]} */
  parents = [];
  sampledFor = "";
  /** The groups whose place is shared with others, and the key state for which that was found.
   * @type {Set<number>} */
  mixed = new Set();
  mixedFor = "";

  /** @param {Stage} stage */
  constructor(stage) {
    this.stage = stage;
  }

  /** Whether this film's groups may be named on the map. */
  get wanted() {
    const { film } = this.stage,
      { groupNames: names } = film;
    if (film.values || film.question || film.inRow || film.listed || !(film.groups || film.frameGroups)) return false;
    return (
      names.length > 1 &&
      names.length <= NAMED &&
      !film.items.some((item) => item.startsWith("centre ") && names.includes(item.slice(7)))
    );
  }

  /** Whether the view is so near that the finer groups are named, which are numbered after the others. */
  get close() {
    const { film, view, camera } = this.stage;
    if (!film.finer || !film.finerNames.length || !view) return false;
    const home = camera.home(film, film.last);
    if (view.dim === 2) return home.dim === 2 && view.k > CLOSE * home.k;
    return home.dim === 3 && view.distance * CLOSE < home.distance;
  }

  /** The group that has the colour: the one a finer one lies in.
   * @param {number} group */
  parent(group) {
    const first = this.stage.film.groupNames.length;
    return group < first ? group : (this.parents[group - first] ?? 0);
  }

  /** The colour in which a group's name is written: its own, as dark or light as reading needs.
   * @param {number} group */
  ink(group) {
    const { theme } = this.stage;
    return between(groupColour(theme, this.parent(group)), theme.text, 0.5);
  }

  /** Some rows of each group that stand together, where the film ends or, where groups change on the way, now: a group whose points
   * lie in two places is named at the larger one, never between them. */
  sample() {
    const { film, frame } = this.stage,
      { close } = this,
      state = film.frameGroups ? Math.round(clamp(frame, 0, film.last)) : film.last,
      now = `${film.id}|${film.n}|${state}|${close}`;
    if (now === this.sampledFor) return;
    this.sampledFor = now;
    /** @type {number[][]} */
    const rows = (close ? [...film.groupNames, ...film.finerNames] : film.groupNames).map(() => []),
      { presence } = this.stage,
      first = film.groupNames.length;
    for (const row of film.sample()) {
      if (presence && !presence[row]) continue;
      const group = this.named(row, frame);
      rows[group]?.push(row);
      if (group >= first) this.parents[group - first] = film.groupAt(row, frame);
    }
    this.members = rows.map((all) => {
      const some = all.filter((_, i) => i % Math.ceil(all.length / SAMPLED) === 0);
      return together(some.map((row) => [...film.placeIn(row, state)])).map((i) => some[i]);
    });
  }

  /** The group that a row is named with: its own, or the finer one in it.
   * @param {number} row @param {number} state */
  named(row, state) {
    const { film } = this.stage;
    if (!this.close || !film.finer) return film.groupAt(row, state);
    return film.finer[row] < 0 ? -1 : film.groupNames.length + film.finer[row];
  }

  /** Find the groups that stand among others in the key state that is nearest: no place there is theirs. */
  look() {
    const { film, frame, presence } = this.stage,
      state = Math.round(clamp(frame, 0, film.last)),
      now = `${this.sampledFor}|${state}`;
    if (now === this.mixedFor) return;
    this.mixedFor = now;
    const every = Math.ceil(film.n / ASKED),
      asked = [...film.sample()].filter((row, i) => i % every === 0 && (!presence || presence[row])),
      places = asked.map((row) => [...film.placeIn(row, state)]),
      whose = asked.map((row) => this.named(row, state));
    this.mixed = new Set(
      [...this.members.keys()].filter((g) => {
        const own = this.members[g].map((row) => [...film.placeIn(row, state)]);
        return own.length > 0 && amongOthers(g, own, places, whose);
      }),
    );
  }

  /** Where groups stand now: the middle of their points and the box round most of them, by group.
   * @returns {Map<number, { centre: number[], box: number[] }>} */
  places() {
    const found = new Map();
    if (!this.wanted) return found;
    this.sample();
    this.look();
    const { stage } = this,
      spots = this.members.map((rows) => rows.map((row) => stage.screen.at(row).slice())),
      whole = spreadOf(spots.flat());
    for (const [g, own] of spots.entries()) {
      if (
        own.length < 2 ||
        this.mixed.has(g) ||
        (stage.group !== null && stage.group !== this.parent(g)) ||
        own.some(([, , depth]) => !(depth > 0.02))
      )
        continue;
      const { centre, box, wide } = spreadOf(own);
      if (wide <= TOGETHER * whole.wide) found.set(g, { centre, box });
    }
    return found;
  }

  /** The boxes in which a name may stand, the best first: in the middle of a large group, round a small one.
   * @param {{ centre: number[], box: number[] }} place @param {LabelShape} shape @returns {number[][]} */
  seats({ centre: [x, y], box: [left, top, right, bottom] }, shape) {
    const w = shape.width - 6,
      h = shape.height - 8,
      gap = 10;
    /** @type {(x: number, y: number) => number[]} */
    const at = (cx, cy) => [cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2];
    if (this.stage.film.n > CROWD)
      return [0, -1, 1, -2, 2, -3, 3].flatMap((down) => [0, -0.5, 0.5].map((aside) => at(x + aside * w, y + down * h)));
    const over = top - gap - h / 2,
      under = bottom + gap + h / 2;
    return [
      at(x, over),
      at(x, under),
      at(right + gap + w / 2, y),
      at(left - gap - w / 2, y),
      at(x, y),
      ...[over, under, over - h - 4, under + h + 4].flatMap((cy) => [at(left, cy), at(right, cy), at(x, cy)]),
      ...[right + gap + w / 2, left - gap - w / 2].flatMap((cx) => [at(cx, top), at(cx, bottom), at(cx, over), at(cx, under)]),
    ];
  }
}

/** What a group is called, or a finer one.
 * @param {Film} film @param {number} group @returns {string | undefined} */
const groupName = ({ groupNames, finerNames }, group) =>
  group < groupNames.length ? groupNames[group] : finerNames?.[group - groupNames.length];

/** Whether a group stands among others: `own` are the places of some rows that stand for it, `places` those of rows of every
 * group, `whose` their groups.
 * @param {number} g @param {number[][]} own @param {number[][]} places @param {number[]} whose */
function amongOthers(g, own, places, whose) {
  const centre = own[0].map((_, axis) => own.map((place) => place[axis]).sort((a, b) => a - b)[own.length >> 1]);
  /** @type {(place: number[]) => number} */
  const far = (place) => Math.hypot(...place.map((x, axis) => x - centre[axis]));
  const reach = own.map(far).sort((a, b) => a - b)[Math.floor(0.8 * (own.length - 1))],
    nearest = places.map((place, i) => ({ distance: far(place), its: whose[i] === g })).sort((a, b) => a.distance - b.distance);
  /** @type {(count: number) => number} */
  const share = (count) => nearest.slice(0, count).filter(({ its }) => its).length / count;
  return (
    share(nearest.filter(({ distance }) => distance <= reach).length) < OWN ||
    share(whose.filter((group) => group === g).length) < FOUND
  );
}

/** Which spots stand together: the one that has half of the others nearest, and that half.
 * @param {number[][]} spots @returns {number[]} */
function together(spots) {
  const half = Math.max(2, Math.ceil(spots.length / 2));
  let best = Infinity,
    core = [...spots.keys()];
  for (const one of spots) {
    const far = spots.map((other, i) => ({ i, distance: Math.hypot(...other.map((x, axis) => x - one[axis])) }));
    far.sort((a, b) => a.distance - b.distance);
    const reach = far[Math.min(half, far.length) - 1].distance;
    if (reach < best) [best, core] = [reach, far.slice(0, half).map(({ i }) => i)];
  }
  return core;
}

/** The middle of some spots, the box round most of them, and how far the median one is from the middle.
 * @param {number[][]} spots */
function spreadOf(spots) {
  const [xs, ys] = [0, 1].map((axis) => spots.map((spot) => spot[axis]).sort((a, b) => a - b));
  /** @type {(sorted: number[], share: number) => number} */
  const at = (sorted, share) => sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)];
  /** @type {(sorted: number[]) => number} */
  const median = (sorted) => (at(sorted, 0.5) + at([...sorted].reverse(), 0.5)) / 2;
  const centre = [median(xs), median(ys)],
    far = spots.map(([x, y]) => Math.hypot(x - centre[0], y - centre[1])).sort((a, b) => a - b);
  return { centre, box: [at(xs, 0.2), at(ys, 0.2), at(xs, 0.8), at(ys, 0.8)], wide: at(far, 0.5) };
}
