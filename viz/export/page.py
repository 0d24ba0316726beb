"""Figures as one HTML file that opens offline: Plotly itself, the numbers and the words in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from viz.board.markup import Safe, template
from viz.board.theme import FONT, Theme
from viz.export.layers import Layered

_PAGE = template("""<!doctype html>
<html lang="{{ language }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>{{ title }}</title>
<style>{{ style }}</style>
<script>{{ plotly }}</script>
</head>
<body>
<main>
<h1>{{ title }}</h1>
{% if now %}<p class="now">{{ now }}</p>{% endif %}
{% for key, caption, wide, high in figures %}<figure>
<div class="room"><div class="layers" id="{{ key }}" style="width:{{ wide }}px;height:{{ high }}px">
</div></div>
{% if caption %}<figcaption>{{ caption }}</figcaption>{% endif %}
</figure>
{% endfor %}<footer>
{% for line in lines %}<p>{{ line }}</p>
{% endfor %}{% if link %}<p><a href="{{ link }}">{{ link }}</a></p>{% endif %}
</footer>
</main>
<script>
const figures = {{ drawn }};
for (const [key, layers] of Object.entries(figures)) {
  layers.forEach(({ data, layout }) => {
    const layer = document.createElement("div");
    document.getElementById(key).append(layer);
    Plotly.newPlot(layer, data, layout, { displayModeBar: false, staticPlot: false });
  });
}
</script>
</body>
</html>
""")
# Colours and lengths; a layer above lets the mouse through to the one that answers.
_STYLE = template(
    "{{ face }}:root{color-scheme:{{ scheme }};"
    "--page:{{ page }};--ink:{{ ink }};--muted:{{ muted }}}"
    "body{margin:0;background:var(--page);color:var(--ink);font:18px/1.4 {{ font }}}"
    "main{max-width:80rem;margin:auto;padding:2rem}"
    "h1{font-size:1.6rem;margin:0 0 .6rem}.now{margin:0 0 1rem}"
    "figure{margin:0 0 1.4rem}.room{overflow-x:auto}"
    ".layers{position:relative}.layers>div{position:absolute;inset:0}"
    "figcaption,footer{color:var(--muted);font-size:.9rem}footer p{margin:.2rem 0}"
    "a{color:inherit;overflow-wrap:anywhere}"
)
_FACE = template(
    "@font-face{font-family:'Source Sans';font-weight:200 900;"
    "src:url(data:font/woff2;base64,{{ font }}) format('woff2')}"
)


def standalone(
    figures: Sequence[Layered],
    names: Mapping[str, str],
    theme: Theme,
    *,
    language: str,
    title: str,
    now: str = "",
    lines: Sequence[str] = (),
    link: str = "",
    font: str = "",
) -> str:
    """HTML of some 5 MB: nearly all of it is Plotly.

    names: key → what the figure is, its caption. now: the sentence of what is on screen. lines:
    where the numbers come from. link: of the page. font: base64 of the app's own, as WOFF2.
    """
    from plotly.offline import get_plotlyjs  # nobody needs it before it is asked for

    places = [(one.key, names.get(one.key, ""), one.width, one.height) for one in figures]
    colours = {"page": Safe(theme.page), "ink": Safe(theme.ink), "muted": Safe(theme.muted)}
    face = _FACE(font=Safe(font)) if font else ""
    style = _STYLE(**colours, face=Safe(face), font=Safe(FONT), scheme=Safe(theme.name))
    return _PAGE(
        **{"language": language, "title": title, "now": now, "lines": lines, "link": link},
        **{"figures": places, "style": Safe(style), "plotly": Safe(get_plotlyjs())},
        drawn=Safe(_json({one.key: list(one.layers) for one in figures})),
    )


def _json(value: object) -> str:
    """JSON inside a script element: no letter of it can end that."""
    from plotly.io.json import to_json_plotly

    written: str = to_json_plotly(value)
    return written.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
