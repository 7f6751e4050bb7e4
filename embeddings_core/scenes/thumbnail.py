"""A scene as a thumbnail: its last state in a few strokes, to be recognised in a list. No words, so nothing can hide in it."""

from base64 import b64encode

import numpy as np

from embeddings_core.scenes.scene import Link, Scene
from embeddings_core.scenes.theme import SEQUENTIAL, STAGE_COLOURS

WIDTH, HEIGHT, MARGIN = 128, 80, 9
POINTS, PICTURES, LINES = 400, 6, 40  # more would only be a smear, and a picture takes 4 kB
PLAIN, BACKGROUND = (
    "#5B6EDB",
    "#8A9099",
)  # the accent and points that stand back, between their light and their dark form
PALETTE = tuple(
    BACKGROUND if colour == "#3D3D3D" else colour for colour in STAGE_COLOURS["light"][:8]
)  # seen on both


def thumbnail(scene: Scene) -> str:
    """Return a scene's last state as a data: URL of an SVG picture, 128 by 80, on no ground."""
    spots = positions(scene)
    rows = np.arange(len(spots))
    if len(rows) > POINTS:
        rows = np.unique(np.linspace(0, len(spots) - 1, POINTS).astype(int))
    images = scene.pictures.at(-1) or ("",) * len(spots)
    radius = 3.4 if len(rows) <= 30 else 2.4 if len(rows) <= 120 else 1.6
    parts = [stroke(link, spots) for link in scene.links[:LINES]]
    pictured = [row for row in rows.tolist() if images[row]][:PICTURES]
    parts += dots(scene, spots, [row for row in rows.tolist() if row not in set(pictured)], radius)
    parts += [picture(spots[row], images[row]) for row in pictured]
    if scene.points.selected is not None:
        x, y = spots[scene.points.selected]
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="none" stroke="{PLAIN}" stroke-width="1.6"/>'
        )
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">{"".join(parts)}</svg>'
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode('ascii')}"


def positions(scene: Scene) -> np.ndarray:
    """Return where the items of the last state stand on the thumbnail, (items, 2); both axes have one scale."""
    last = np.asarray(scene.motion.frames[-1, :, :2], dtype=np.float64)
    if scene.motion.dimensions == 3:  # seen a little from above, as the stage does
        depth = np.asarray(scene.motion.frames[-1, :, 2], dtype=np.float64)
        last = last + depth[:, None] * np.array([0.35, 0.25])
    if not len(last):
        return last
    low, high = last.min(axis=0), last.max(axis=0)
    room = np.array([WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN])
    scale = float((room / np.maximum(high - low, 1e-9)).min())
    spots = (last - (low + high) / 2) * min(scale, 1e6) * np.array([1, -1]) + np.array([WIDTH, HEIGHT]) / 2
    placed: np.ndarray = spots
    return placed


def colour(scene: Scene, row: int) -> str:
    """Return the colour of one item, as the stage would paint it."""
    if scene.points.values is not None:
        return SEQUENTIAL[round(float(np.clip(scene.points.values[row], 0, 1)) * (len(SEQUENTIAL) - 1))]
    groups = scene.points.groups if scene.motion.frame_groups is None else scene.motion.frame_groups[-1]
    if groups is None:
        return PLAIN
    return PALETTE[int(groups[row]) % len(PALETTE)] if groups[row] >= 0 else BACKGROUND


def dots(scene: Scene, spots: np.ndarray, rows: list[int], radius: float) -> list[str]:
    """Draw items as dots: one stroke a colour, a tenth of the text that as many circles take."""
    painted: dict[str, list[int]] = {}
    for row in rows:
        painted.setdefault(colour(scene, row), []).append(row)
    strokes = []
    for fill, own in painted.items():
        path = "".join(f"M{x:.1f} {y:.1f}h0" for x, y in spots[own].tolist())
        strokes.append(
            f'<path d="{path}" stroke="{fill}" stroke-width="{2 * radius}" stroke-linecap="round" fill="none"/>'
        )
    return strokes


def line(start: np.ndarray, end: np.ndarray) -> str:
    """Draw one link."""
    ends = f'x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}"'
    return f'<line {ends} stroke="{PLAIN}" stroke-width="1" opacity=".55"/>'


def stroke(link: Link, spots: np.ndarray) -> str:
    """Draw one link: an arc in its colour and about as thick as its weight."""
    start, end = spots[link.start], spots[link.end]
    if link.style != "arc":
        return line(start, end)
    (x, y), (far, high) = start, np.abs(end - start).sum() / 2 * np.array([1, 2 * link.bend])
    weight = link.weights[-1] if link.weights else link.weight  # a thumbnail shows the end
    way = f"M{x:.1f} {y:.1f}A{far:.1f} {high:.1f} 0 0 1 {end[0]:.1f} {end[1]:.1f}"
    ink = PALETTE[link.group % len(PALETTE)]
    return f'<path d="{way}" stroke="{ink}" stroke-width="{max(0.6, 3 * weight):.1f}" fill="none"/>'


def picture(spot: np.ndarray, source: str) -> str:
    """Draw one item that is a picture; only base64 can stand in its address, nothing else is drawn."""
    head, _, body = source.partition(";base64,")
    kind = head.removeprefix("data:image/")
    if not kind.isalnum() or not all(letter.isalnum() or letter in "+/=" for letter in body):
        return ""
    at = f'x="{spot[0] - 7:.1f}" y="{spot[1] - 7:.1f}" width="14" height="14"'
    return f'<image {at} preserveAspectRatio="xMidYMid slice" href="data:image/{kind};base64,{body}"/>'
