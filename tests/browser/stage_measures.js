// What the eye asks of a stage, measured from the stage's own geometry: at rest, and at moments of its film.
() => {
  const stage = document.querySelector(".stage").__stage,
    { film, labels, screen } = stage,
    rows = [...Array(film.n).keys()];
  // boxes that lie on each other by more than half a pixel, which is rounding; a place is free where they do not at all
  const meet = (a, b, by = 0.5) => a[0] < b[2] - by && a[2] > b[0] + by && a[1] < b[3] - by && a[3] > b[1] + by;
  const spots = () => rows.map((row) => [...screen.at(row)]);
  const corners = () =>
    stage.view.dim === 3
      ? stage.view.corners().map((corner) => embeddingStage.project(stage.matrix, corner, stage.width, stage.height, [0, 0, 0]))
      : [];
  // points and pictures under the key to the colours
  const covered = (at) => {
    const area = stage.area.getBoundingClientRect(),
      key = stage.legend.element.getBoundingClientRect();
    return rows.filter((row) => {
      const [x, y, depth] = at[row],
        r = screen.radius(row, depth);
      return (
        key.width > 0 &&
        area.left + x + r > key.left &&
        area.left + x - r < key.right &&
        area.top + y + r > key.top &&
        area.top + y - r < key.bottom
      );
    }).length;
  };
  const now = () => {
    const at = spots(),
      wide = [0, 1].map((axis) => Math.max(...at.map((spot) => spot[axis])) - Math.min(...at.map((spot) => spot[axis]))),
      boxes = labels.painted.map(([, box]) => box);
    return {
      fill: Math.max(...wide) / Math.min(stage.width, stage.height),
      overlaps: boxes.reduce((sum, box, i) => sum + boxes.slice(0, i).filter((other) => meet(box, other)).length, 0),
      outside: boxes.filter((box) => box[0] < -0.5 || box[1] < -0.5 || box[2] > stage.width + 0.5 || box[3] > stage.height + 0.5).length,
      covered: covered(at),
      cut: [...at, ...corners()].filter(([x, y]) => x < 0 || y < 0 || x > stage.width || y > stage.height).length,
    };
  };
  stage.draw(performance.now(), 1);
  const rest = now();

  // a point without its label for which one of the places round it is free of all labels and points, and inside the stage
  const named = new Set(labels.boxes.map(([row]) => row)),
    boxes = labels.painted.map(([, box]) => box),
    singled = !film.images && !film.listed && !film.inRow && film.n <= 160,
    places = spots(),
    // the middles of other points on which a box lies
    onPoints = (box, self) =>
      places.filter(
        ([x, y], row) => row !== self && x > box[0] - 3 && x < box[2] + 3 && y > box[1] && y < box[3],
      ).length;
  // labels of points that nobody asks about
  const asked = new Set([stage.selected, ...film.highlighted, ...(film.emphasised(stage.selected) ?? [])]);
  rest.onPoints = !singled
    ? []
    : labels.boxes.filter(([row, box]) => row >= 0 && !asked.has(row) && onPoints(box, row)).map(([row]) => film.items[row]);
  rest.roomy = !singled
    ? []
    : rows.filter((row) => {
        const forms = embeddingStage.labelForms(film.items[row]),
          depth = screen.at(row)[2];
        if (named.has(row) || screen.aside(row) || !film.items[row].trim() || !(depth > 0.02)) return false;
        return labels.places(stage, row, labels.shape(forms.at(-1), false, stage)).some(
          (box) =>
            box[0] >= 0 && box[1] >= 0 && box[2] <= stage.width && box[3] <= stage.height && !boxes.some((other) => meet(box, other, 0)) && !onPoints(box, row),
        );
      });

  // pictures of which half or more is seen, by samples, in the order in which they are painted
  if (film.images && stage.atlas && stage.view.dim === 2) {
    const stressed = film.emphasised(stage.selected),
      weight = (row) => (row === stage.selected ? 2 : stressed?.has(row) ? 1 : 0),
      painted = film
        .labelOrder()
        .reverse()
        .filter((row) => film.images[row])
        .sort((a, b) => weight(a) - weight(b))
        .map((row) => {
          const [x, y, depth] = screen.at(row),
            half = screen.radius(row, depth),
            [across, tall] = stage.atlas.shape(row, stage.frame);
          return [x - half * across, y - half * tall, x + half * across, y + half * tall];
        });
    const seen = painted.filter((box, i) => {
      let free = 0;
      for (let a = 0; a < 12; a++)
        for (let b = 0; b < 12; b++) {
          const x = box[0] + ((box[2] - box[0]) * (a + 0.5)) / 12,
            y = box[1] + ((box[3] - box[1]) * (b + 0.5)) / 12,
            hidden = painted.slice(i + 1).some((other) => x > other[0] && x < other[2] && y > other[1] && y < other[3]);
          if (x > 0 && y > 0 && x < stage.width && y < stage.height && !hidden) free++;
        }
      return free >= 72;
    });
    rest.pictures = seen.length / painted.length;
  }

  // the film, played in sixty steps
  const moments = [],
    p = stage.clock.p;
  let back = 0; // labels that went and came again within half a second
  if (film.last) {
    const gone = new Map();
    let before = new Set(),
      time = performance.now() + 1e4;
    stage.clock.playing = true;
    labels.next = 0;
    for (let i = 0; i <= 60; i++) {
      stage.clock.p = (film.last * i) / 60;
      time += 66;
      stage.camera.advance(0.066);
      stage.draw(time, 0.066);
      moments.push(now());
      const shown = new Set(labels.boxes.map(([row]) => row));
      for (const row of shown) if (!before.has(row) && i - (gone.get(row) ?? -99) < 7) back++;
      for (const row of before) if (!shown.has(row)) gone.set(row, i);
      before = shown;
    }
    stage.clock.playing = false;
    stage.clock.p = p;
    labels.next = 0;
    stage.draw(time + 1e3, 1);
  }
  rest.asked = singled ? film.n : 0; // of so many points it was asked whether there is room for their label
  return { rest, moments, back, groups: film.groupNames.length, lines: film.links.length, n: film.n, letters: stage.textSize };
}
