// @ts-check
/* Labels: which items are named, where, and how they are painted. Words are painted as text, never parsed. */

const LEADING = 1.15; // of a label of two lines

const RESTS = 600; // milliseconds before a label that gave way comes back: it must not flicker
const CLEARANCE = 14; // pixels around a label among many points at rest: every label with so much room is shown, and the points stay seen
const LOOKED_AT = 5000; // points of a large map that are asked at rest whether they have room for a label
const AHEAD = 0.2; // seconds that are looked ahead: who will be run over fades in time

/** How far below the middle of a line its letters stand, in pixels.
 * @param {CanvasRenderingContext2D} ruler @param {string} font */
function baseline(ruler, font) {
  Object.assign(ruler, { font, textBaseline: "middle" });
  return -(ruler.measureText("x").alphabeticBaseline ?? -0.3 * parseFloat(font.replace(/^\d+ /, "")));
}

/** Labels that take free room, the most important first, keep their side, give way before another would lie on them, and fade
 * instead of flickering. Items are known by row, the names of groups by -1 and down. */
class Labels {
  /** The labels by row.
   * @type {Map<number, ShownLabel>} */
  shown = new Map();
  /** @type {Map<string, LabelShape>} */
  sprites = new Map();
  /** When to choose anew, in milliseconds. */
  next = 0;
  /** What was painted last, for the pointer: row and box.
   * @type {[number, number[]][]} */
  boxes = [];
  /** All that was painted last, names of groups and what fades included.
   * @type {[number, number[]][]} */
  painted = [];
  /** Until when a label that gave way stays away, in milliseconds.
   * @type {Map<number, number>} */
  waits = new Map();
  /** Where groups are now.
   * @type {ReturnType<GroupNames["places"]>} */
  groups = new Map();
  ruler = contextOf(document.createElement("canvas"));

  /** Labels of points that stay keep their place in the next scene.
   * @param {Film | null} old @param {Film} film */
  carry(old, film) {
    const rows = new Map(film.keys.map((key, row) => [key, row]));
    const kept = this.shown;
    this.shown = new Map();
    this.waits.clear();
    for (const [before, label] of kept) {
      const row = old && rows.get(old.keys[before]);
      if (row !== null && row !== undefined) this.shown.set(row, label);
    }
    this.next = 0;
  }

  /** The same points with other looks: names of groups that are gone go at once, for nothing holds their text any more.
   * @param {Film} old @param {Film} film */
  regroup(old, film) {
    for (const id of this.shown.keys()) if (id < 0 && groupName(old, -1 - id) !== groupName(film, -1 - id)) this.shown.delete(id);
  }

  /** How large a label is, with a rim of 5 px, and what has been painted of it.
   * @param {string[]} lines @param {boolean} strong @param {{ theme: Theme, textSize: number, ratio: number }} stage @returns {LabelShape} */
  shape(lines, strong, { theme, textSize: size, ratio }) {
    const id = `${strong ? 1 : 0}|${size}|${ratio}|${theme.dark ? 1 : 0}|${theme.text}|${lines.join("\n")}`;
    const known = this.sprites.get(id);
    if (known) return known;
    if (this.sprites.size > 1500) this.sprites.clear();
    const letters = strong ? size + 2 : size,
      font = `${strong ? 650 : 450} ${letters}px ${theme.font}`,
      leading = letters * LEADING;
    this.ruler.font = font;
    const widths = lines.map((line) => this.ruler.measureText(line).width);
    const made = {
      font,
      widths,
      leading,
      width: Math.ceil(Math.max(...widths)) + 10,
      height: Math.ceil(size * 1.25 + (lines.length - 1) * leading) + 10,
      line: Math.ceil(size * 1.25) + 2,
      painted: new Map(),
    };
    this.sprites.set(id, made);
    return made;
  }

  /** A label painted once, with a halo; drawn as an image from then on (strokes are slow). Its lines begin (0), stand in the middle (0.5) or end (1) below each other.
   * @param {string[]} lines @param {boolean} strong @param {{ theme: Theme, textSize: number, ratio: number }} stage @param {Colour} [ink] @returns {Sprite} */
  sprite(lines, strong, stage, align = 0, ink = undefined) {
    const made = this.shape(lines, strong, stage),
      { font, widths, leading, width, height, painted } = made,
      { theme, ratio } = stage,
      look = `${align}|${ink ?? ""}`;
    const known = painted.get(look);
    if (known) return known;
    const canvas = document.createElement("canvas"),
      rows = lines.map((text, i) => ({
        text,
        x: 5 + (width - 10 - widths[i]) * align,
        y: height / 2 + (i - (lines.length - 1) / 2) * leading,
        drop: baseline(this.ruler, font),
      }));
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    const context = contextOf(canvas);
    context.scale(ratio, ratio);
    Object.assign(context, {
      font,
      textBaseline: "middle",
      lineJoin: "round",
      lineWidth: 4,
      strokeStyle: css(theme.ground, 0.88),
      fillStyle: css(ink ?? theme.text, strong ? 1 : 0.86),
    });
    for (const { text, x, y } of rows) context.strokeText(text, x, y);
    for (const { text, x, y } of rows) context.fillText(text, x, y);
    const sprite = { canvas, width, height, rows, strong, ink };
    painted.set(look, sprite);
    return sprite;
  }

  /** Choose anew shortly: the view moves. */
  soon() {
    this.next = Math.min(this.next, performance.now() + 180);
  }

  /** The text of a label in its forms, the best first.
   * @param {Stage} stage @param {number} id */
  forms({ film }, id) {
    return id < 0 ? [[cutTo(groupName(film, -1 - id) ?? "")]] : labelForms(film.name(id), film.listed);
  }

  /** Whether a label is printed larger.
   * @param {Stage} stage @param {number} id */
  strong({ film, selected }, id) {
    return id < 0 || id === selected || film.highlighted.includes(id);
  }

  /** The boxes in which a label may stand, by side; none where its group has no place.
   * @param {Stage} stage @param {number} id @param {LabelShape} shape @returns {number[][]} */
  places(stage, id, shape) {
    if (id < 0) {
      const place = this.groups.get(-1 - id);
      return place ? stage.names.seats(place, shape) : [];
    }
    const { film, screen } = stage,
      [x, y, depth] = screen.at(id);
    return seatsRound(x, y, shape, screen.radius(id, depth) + 1, Boolean(film.images?.[id]), film.inRow);
  }

  /** Decide what is named, and on which side.
   * @param {Stage} stage @param {number} now milliseconds */
  choose(stage, now) {
    const { film, width, height, names } = stage,
      moving = stage.travelling,
      small = film.n <= SMALL_MAP,
      stressed = film.emphasised(stage.selected),
      room = new Room(width, height);
    const most = small || !moving ? Infinity : clamp(Math.round((width * height) / 9500), 14, 80);
    /** @type {Map<number, ShownLabel>} */
    const next = new Map();
    const spots = film.n <= CROWD ? stage.screen.all().slice() : null,
      marks = small ? spots : null,
      lines =
        marks && !moving
          ? film.links
              .filter(([, , style]) => style !== "arc")
              .map(([start, end]) => [stage.screen.at(start).slice(), stage.screen.at(end).slice()])
          : [];
    this.groups = names.places();
    /** @type {number[]} */
    const first = [];
    if (stage.selected !== null) first.push(stage.selected);
    if (stage.hovered !== null) first.push(stage.hovered);
    first.push(...film.highlighted);
    if (stressed) first.push(...stressed);
    /** @type {(id: number, form: number) => Seat[]} */
    const seats = (id, form) => {
      const boxes = this.places(stage, id, this.shape(this.forms(stage, id)[form], this.strong(stage, id), stage)),
        before = this.shown.get(id);
      return boxes.map((box, side) => {
        let cost = id < 0 ? side * 0.01 : 0;
        if (id < 0 && spots && !small) cost += 0.1 * Labels.covers(box, spots, id, stage, stressed);
        if (film.listed && id >= 0) {
          // beside its point, or over the list, never in it
          if (side === 0) return { box, cost };
          if (side !== 2 || (marks && Labels.covers(box, marks, id, stage, stressed))) return { box, cost: Infinity };
        } else if (marks) {
          const covered = Labels.covers(box, marks, id, stage, stressed);
          if (covered >= 1 && !first.includes(id)) return { box, cost: Infinity }; // only what is asked about lies on points
          if (film.images && covered >= (this.strong(stage, id) ? 10 : 1) && id !== stage.hovered && id !== stage.selected)
            return { box, cost: Infinity }; // words never lie on pictures that matter
          cost += covered + lines.filter(([start, end]) => crosses(box, start, end)).length;
        }
        return { box, cost: cost - (before && side === before.side && !film.listed ? 0.3 : 0) };
      });
    };
    /** @type {(id: number, form: number) => boolean} */
    const fits = (id, form) => {
      const before = this.shown.get(id),
        all = seats(id, form),
        covering = (/** @type {Seat} */ seat) => !first.includes(id) && !film.listed && seat.cost >= 0.5, // in motion it gives way to points
        stays = moving && before && before.alpha > 0.02;
      if (stays)
        all.forEach((seat, side) => {
          if (side !== before.side)
            seat.cost = Infinity; // in motion a label keeps its side
          else if (id >= 0) seat.cost = covering(seat) ? Infinity : 0;
        });
      else if (moving && id >= 0) for (const seat of all) if (covering(seat)) seat.cost = Infinity;
      const around = small || id < 0 || first.includes(id) ? 0 : CLEARANCE;
      const side = room.take(id, all, moving ? (stays ? 0 : 8) : around);
      if (side < 0) return false;
      next.set(id, { side, strong: this.strong(stage, id), form, alpha: before ? before.alpha : 0, target: 1 });
      return true;
    };
    /** @type {[number, number][]} */
    let without = []; // words that found no room, with the form to try next
    /** @type {number[]} */
    const failed = [];
    /** @type {(id: number, form: number) => void} */
    const attempt = (id, form) => {
      if (fits(id, form)) return;
      if (moving && this.shown.has(id)) return void failed.push(id); // it fades whole, and is not cut on the way
      if (form + 1 >= this.forms(stage, id).length || !(small || moving || first.includes(id))) failed.push(id);
      else if (first.includes(id)) attempt(id, form + 1);
      else without.push([id, form + 1]); // what matters need not wait
    };
    const own = [...this.groups.keys()].map((g) => -1 - g),
      rest = film.order.slice(0, moving ? 160 : LOOKED_AT),
      kept = moving ? [...this.shown.keys()].filter((id) => id >= 0) : [],
      done = new Set();
    for (const id of small ? [...first, ...kept, ...rest, ...own] : [...first, ...own, ...kept, ...rest]) {
      if (next.size >= most) break;
      if (done.has(id) || id >= film.n || (id >= 0 && !film.name(id).trim())) continue;
      done.add(id);
      if (moving && (this.waits.get(id) ?? 0) > now) continue;
      if (id >= 0) {
        if (stage.screen.aside(id) && id !== stage.selected) continue;
        const [x, y, depth] = stage.screen.at(id);
        if (!(depth > 0.02) || x < -20 || y < -20 || x > width + 20 || y > height + 20) continue;
      }
      attempt(id, moving ? Math.min(this.shown.get(id)?.form ?? 0, this.forms(stage, id).length - 1) : 0); // what was cut stays so until the film rests
    }
    while (without.length) {
      const again = without;
      without = [];
      for (const [id, form] of again) if (next.size < most) attempt(id, form);
    }
    if (!moving && small && !film.listed && !film.inRow) for (const id of failed) this.squeeze(stage, room, next, id, seats);
    for (const [id, label] of this.shown)
      if (!next.has(id) && label.alpha > 0.02 && id < film.n) {
        next.set(id, { ...label, target: 0 });
        if (label.target) this.waits.set(id, now + RESTS);
      }
    this.shown = next;
  }

  /** A label that found no room gets it where one other can move aside.
   * @param {Stage} stage @param {Room} room @param {Map<number, ShownLabel>} next @param {number} id @param {(id: number, form: number) => Seat[]} seats */
  squeeze(stage, room, next, id, seats) {
    if (id < 0) return;
    for (let form = 0; form < this.forms(stage, id).length; form++) {
      const made = room.squeeze(id, seats(id, form), (other) => (other < 0 ? [] : seats(other, next.get(other)?.form ?? 0)));
      if (!made) continue;
      const [side, other, there] = made,
        moved = next.get(other);
      if (moved) moved.side = there;
      next.set(id, { side, strong: this.strong(stage, id), form, alpha: this.shown.get(id)?.alpha ?? 0, target: 1 });
      return;
    }
  }

  /** What a label here would lie on: 1 for a point's middle or a picture in the background, 0.4 for a point's edge, 10 for a picture that matters.
   * @param {number[]} box @param {Float32Array} positions @param {number} self @param {Stage} stage @param {Set<number> | null} stressed */
  static covers(box, positions, self, { film, atlas, frame }, stressed) {
    const half = film.markRadius() * 0.9;
    let cost = 0;
    for (let row = 0, i = 0; i < positions.length; row++, i += 3) {
      if (row === self) continue;
      const across = film.images?.[row] ? (atlas?.shape(row, frame) ?? [1, 1]) : null,
        aside = Math.max(box[0] - positions[i], positions[i] - box[2]), // below zero within
        above = Math.max(box[1] - positions[i + 1], positions[i + 1] - box[3]);
      if (across) {
        if (aside < half * across[0] && above < half * across[1]) cost += stressed?.has(row) ? 10 : 1;
      } else if (aside < 3 && above < 0) cost += 1;
      else if (Math.hypot(Math.max(aside, 0), Math.max(above + 3, 0)) < film.diameter(row) / 2 - 1) cost += 0.4;
    }
    return cost;
  }

  /** Paint; returns true while a label is still fading. No label is painted on another: the less important one gives way, in time where
   * that could be foreseen.
   * @param {Stage} stage @param {number} dt seconds @param {number} [now] milliseconds */
  draw(stage, dt, now = performance.now()) {
    const still = !stage.travelling && !stage.input.busy;
    /** @type {(x: number) => number} crisp at rest */
    const snap = (x) => (still ? Math.round(x * stage.ratio) / stage.ratio : x);
    let fading = false;
    this.boxes = [];
    this.painted = [];
    if (!stage.labelsOn) return false;
    if (!still) this.groups = stage.names.places();
    const all = [...this.shown].map(([id, label]) => {
      const forms = this.forms(stage, id),
        lines = forms[Math.min(label.form, forms.length - 1)],
        box = this.places(stage, id, this.shape(lines, label.strong, stage))[label.side],
        before = label.box;
      label.box = box;
      const way =
        before && box && dt > 0 && !still ? [box[0] - before[0], box[1] - before[1]].map((by) => (by * AHEAD) / dt) : [0, 0];
      return { id, label, lines, box: box ?? [-9, -9, -9, -9], then: (box ?? []).map((edge, i) => edge + way[i % 2]) };
    });
    const { width, height } = stage,
      allowed = standing(
        all.map(({ box }) => box),
        width,
        height,
      ),
      staying = all.filter(({ label }, i) => label.target && allowed[i]),
      foreseen = standing(
        staying.map(({ then }) => then),
        width,
        height,
      );
    all.forEach(({ id, label }, i) => {
      if (allowed[i]) return;
      if (label.target) this.waits.set(id, now + RESTS);
      this.shown.delete(id);
    });
    staying.forEach(({ id, label }, i) => {
      if (foreseen[i] || still) return;
      label.target = 0;
      this.waits.set(id, now + RESTS);
    });
    for (const [i, { id, label, lines, box }] of all.entries()) {
      if (!allowed[i]) continue;
      const step = stage.calm ? 1 : dt / 0.22;
      label.alpha = label.target ? Math.min(1, label.alpha + step) : Math.max(0, label.alpha - step);
      if (label.alpha !== label.target) fading = true;
      if (!label.alpha && !label.target) {
        this.shown.delete(id);
        continue;
      }
      if (label.alpha) this.painted.push([id, box]);
      if (id < 0) {
        stage.renderer.sprite(
          this.sprite(lines, true, stage, 0.5, stage.names.ink(-1 - id)),
          snap(box[0] - 3),
          snap(box[1] - 4),
          label.alpha,
        );
        continue;
      }
      const [x, , depth] = stage.screen.at(id),
        part = (x - box[0]) / (box[2] - box[0]),
        align = part < 0.25 ? 0 : part > 0.75 ? 1 : 0.5;
      stage.renderer.sprite(
        this.sprite(lines, label.strong, stage, align),
        snap(box[0] - 3),
        snap(box[1] - 4),
        label.alpha * stage.screen.arrival(id) * (label.strong ? 1 : stage.screen.mist(depth)),
      );
      if (label.target) this.boxes.push([id, box]);
    }
    return fading;
  }
}
