"""A table as a talk: six scenes in one press, each of which can then be edited like any other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from embeddings_core.scenes.scene import Scene
from embeddings_core.scenes.tables import Look, short_name, table_scene
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.tables.embedding import TableSpace, row_names
from embeddings_core.tables.filters import Filter, Mask, kept, values_of
from embeddings_core.tables.health import Finding
from embeddings_core.tables.opened import DrawnMap
from embeddings_core.tables.questions import Categories, categories, holding, near, stand_out_in
from embeddings_core.tables.table import Table
from embeddings_core.talks.own_talk import OwnScene, questions_about
from embeddings_core.talks.slides import Slide

ASKED = 120  # rows of the scene with a question: more nobody guesses among
NEAREST = 8
SHORT = 60  # characters of a name in a caption


@dataclass(frozen=True, eq=False)
class TableTalk:
    """What the scenes are made of: a table, its space and map, the groups that were found in it, and what is odd about it."""

    table: Table
    space: TableSpace
    drawn: DrawnMap
    groups: Categories
    odd: Sequence[Finding]
    page_link: str = ""

    def scenes(self) -> tuple[OwnScene, ...]:
        """Return the six scenes: all rows, the groups named, a search, duplicates, the odd ones, a question."""
        return (
            self._all(),
            self._grouped(),
            self._search(),
            self._copies(),
            self._outliers(),
            self._question(),
        )

    def _own(self, scene: Scene, sentence: str, notes: str = "") -> OwnScene:
        return OwnScene(Slide(scene, sentence, notes, page_link=self.page_link))

    def _look(self, *, chosen: Mask | None = None, found: Categories | None = None, title: str = "") -> Look:
        names = row_names(self.table, self.space.basis)
        return Look(names, found, None, title, chosen, None, None, named=False)

    @property
    def _still(self) -> DrawnMap:
        """The end of the map's film: it plays once, in the first scene."""
        projection = self.drawn.projection
        end = replace(
            projection, frames=projection.frames[-1:], frame_names=projection.frame_names[-1:], kind="still"
        )
        return replace(self.drawn, projection=end, id=f"{self.drawn.id} end")

    def _coloured(self) -> tuple[Categories, str]:
        label = self.table.label()
        return (categories(self.table, label), label) if label else (self.groups, "groups found by k-means")

    def _all(self) -> OwnScene:
        found, title = self._coloured()
        scene = table_scene(self.table, self.space, self.drawn, self._look(found=found, title=title))
        n = len(self.drawn.rows)
        kept_share = "" if self.drawn.trust is None else (
            f" Trust {self.drawn.trust:.2f}: {round(100 * self.drawn.trust)} of 100 true neighbours are kept in this picture."
        )  # fmt: skip
        return self._own(
            scene,
            f"{n:,} rows of {self.table.title}: what is alike sits together.",
            f"Coloured by {title}.{kept_share}",
        )

    def _grouped(self) -> OwnScene:
        found = self.groups
        scene = table_scene(
            self.table, self.space, self._still, self._look(found=found, title="groups found by k-means")
        )
        largest = int(np.argmax(found.counts))
        name, count = found.names[largest][:SHORT], found.counts[largest]
        told = f"{len(found.names)} groups stand out; the largest, {name}, has {count:,} rows."
        return self._own(
            scene, told, "The groups are found by k-means in the original space and named by their words."
        )

    def _search(self) -> OwnScene:
        """Light up the rows that hold a word of the largest group; in a table without text, those with its first label."""
        column = self.space.basis.column if self.space.basis.kind == "text" else next(
            (each.name for each in self.table.of_role("text")), ""
        )  # fmt: skip
        chosen, told = None, ""
        if column:
            words = stand_out_in(self.table, column, self.groups.groups == 0, count=1)
            if words:
                chosen = holding(self.table, words[0].word, columns=[column])
                told = f'{int(chosen.sum()):,} rows hold "{words[0].word}".'
        if chosen is None and (label := self.table.label()):
            value = values_of(self.table, label)[0]
            chosen = kept(self.table, [Filter(label, (value,))])
            told = f"{int(chosen.sum()):,} rows have {value[:SHORT]} as their {label[:SHORT]}."
        if chosen is None:
            chosen = self.groups.groups == 0
            told = f"{int(chosen.sum()):,} rows are in the largest group."
        return self._own(
            table_scene(self.table, self.space, self._still, self._look(chosen=chosen)),
            told,
            "Where do they lie: together, or everywhere?",
        )

    def _rows(self, finding: Finding | None, otherwise: str) -> OwnScene:
        mask = np.zeros(len(self.table), dtype=bool)
        if finding is not None:
            mask[list(finding.rows)] = True
        scene = table_scene(
            self.table, self.space, self._still, self._look(chosen=mask if mask.any() else None)
        )
        return self._own(scene, otherwise if finding is None else finding.told)

    def _finding(self, *titles: str) -> Finding | None:
        """Return the first of these findings that found something, else the first that was looked for."""
        known = [found for title in titles for found in self.odd if found.title == title]
        return next((found for found in known if found.count), known[0] if known else None)

    def _copies(self) -> OwnScene:
        return self._rows(self._finding("Copies", "Near copies"), "No two rows are the same.")

    def _outliers(self) -> OwnScene:
        return self._rows(self._finding("Outliers", "Hubs"), "No row is far from all others.")

    def _question(self) -> OwnScene:
        """Ask among an even sample of rows with different names, as far as they have names, round one of them."""
        names = row_names(self.table, self.space.basis)
        called = names.at(self.drawn.rows)
        places: dict[str, int] = {}
        for place, row in enumerate(self.drawn.rows.tolist()):
            places.setdefault(short_name(called[place], row), place)
        every = np.array(list(places.values()), dtype=np.int64)
        some = (
            every
            if len(every) <= ASKED
            else every[np.linspace(0, len(every) - 1, ASKED).round().astype(np.int64)]
        )
        still = self._still
        rows = still.rows[some]
        part = replace(
            still,
            rows=rows,
            projection=replace(still.projection, frames=still.projection.frames[:, some]),
            id=f"{still.id} asked",
        )
        row = int(rows[len(rows) // 2])
        around = near(self.space, row, k=len(self.space.rows))[0]
        look = replace(self._look(), picked=row, near=around[np.isin(around, rows)][:NEAREST])
        scene = table_scene(self.table, self.space, part, look)
        inside = {int(each): at for at, each in enumerate(self.space.rows.tolist())}
        vectors = self.space.vectors[np.array([inside[each] for each in rows.tolist()], dtype=np.int64)]
        questions = questions_about(
            scene, EmbeddingSet(scene.points.items, vectors, self.space.basis.model or "own")
        )
        told = f"What is nearest to {short_name(names[row], row)}?"
        slide = Slide(scene, told, f"{len(rows)} rows of {len(self.drawn.rows):,}.", page_link=self.page_link)
        return OwnScene(slide, questions=questions, ask=0 if questions else None)
