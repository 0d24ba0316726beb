"""What the words page's map shows now, in a sentence."""

from __future__ import annotations

from models.words.map import NEAREST
from viz.board.sentence import Now, now, number
from viz.board.style import Style
from viz.words.map import Scene
from viz.words.now import word


def sentence(scene: Scene, style: Style) -> Now:
    """The chosen neighbour in the table and on the map; how many of the nearest stay near."""
    found = scene.found
    rank = found.rank(scene.word, scene.other)
    return now(
        style,
        "map_kept" if rank <= NEAREST else "map_torn",
        "neighbours_last" if scene.rank == NEAREST - 1 else "map_then",
        word=word(found.space, found.rows[scene.word], "q"),
        other=word(found.space, found.rows[scene.other], "k"),
        place=scene.rank + 1,
        rank=rank,
        distance=number(style, found.distance(scene.word, scene.other), "k"),
        kept=len(found.kept(scene.word)),
        all=NEAREST,
    )
