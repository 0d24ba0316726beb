"""The address of every page and view, for what goes through all of them."""

from __future__ import annotations

from pages.registry import TOPICS

# Beside each page's views: other modes that change what stands where.
_SHAPES = ("one_to_many", "encoder_decoder&step=9", "tagging&step=3", "language_model&step=8")
_LECTURE = "mode=hand&step=3&query=1&key=2&talk=by-hand&stop=4"  # its bar in the title's place
MORE = {
    "lstm": tuple(f"view=shapes&task_shape={shape}" for shape in _SHAPES),
    "heads": ("layer=77",),  # with a notice
    "memory": ("view=exploding&nonlinearity=relu&step=21", "view=clipping&gain=0.75"),
    "scores": ("step=1", "step=2", "step=3", "step=4", "step=7", "step=8", "mode=hand", _LECTURE),
    "positions": ("view=ways&way=rope", "view=ways&way=rope&stored=neighbours&query=4&key=1"),
    "translator": ("stage=encoder_feed", "beams=3", "phase=writing&slip=4", "phase=unmasked"),
    "cost": (
        *("layer_type=2&quantity=2", "view=tiles&step=3", "view=quantisation&quantised=bits"),
        "view=lora&adapter=training",
    ),
}


def states() -> list[str]:
    """Addresses without a language."""
    found = []
    for topic in TOPICS:
        page = f"/{topic.slug}".replace("/home", "/")
        more = [f"view={view}" for view in topic.views] or [""]
        found += [f"{page}?v=2&{one}" for one in [*more, *MORE.get(topic.slug, ())]]
    return found
