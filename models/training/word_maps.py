"""Computes the places of t-SNE for each table of words: `python -m models.training.word_maps`.

It leaves them beside the skip-gram vectors, for every table that is here (a minute on one core).
"""

from __future__ import annotations

from safetensors.numpy import save_file

from models.catalog import CATALOG, card_folder
from models.words import maps, vector_sets


def main() -> None:
    """Every table that is here, each seed."""
    import torch

    torch.set_num_threads(1)
    places = {}
    for name in vector_sets.present():
        space = vector_sets.space(name)
        vectors = space.vectors[list(maps.rows_of(space))]
        for projection, seed in maps.SEEDS.items():
            places[maps.key(name, projection)] = maps.tsne(vectors, seed)
    save_file(places, card_folder(CATALOG[vector_sets.SKIPGRAM]) / maps.FILE)


if __name__ == "__main__":
    main()
