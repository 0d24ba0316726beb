"""Components whose code is sent once a visit.

Streamlit sends an element that is as before by its hash, but a component's code goes with its data:
a few words that change with every step would bring 20 KB of JavaScript along. Here the code is an
element of its own, and the one with the data hands everything on to it.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from json import dumps
from pathlib import Path
from typing import Any

import streamlit as st

_EXPORT = "export default function"

# Both wait for one another: either may be there first. Of several versions each has its own.
_BOTH = """
function coded(name) {
  const all = (window.dikkatCode ??= {});
  if (!all[name]) {
    all[name] = {};
    all[name].run = new Promise((given) => { all[name].give = given; });
  }
  return all[name];
}
"""
_CODE = """
const styles = new CSSStyleSheet();
styles.replaceSync(%(css)s);
coded(%(name)s).give((props) => {
  const root = props.parentElement.getRootNode();
  if (!root.adoptedStyleSheets.includes(styles)) root.adoptedStyleSheets.push(styles);
  return run(props);
});
export default function () {}
"""
_DATA = """
export default function (props) {
  let open = true;
  let close;
  coded(%(name)s).run.then((run) => { if (open) close = run(props); });
  return () => { open = false; close?.(); };
}
"""


def read(folder: Path, *names: str) -> str:
    """The files of these names as one text: a component is one script, and one style sheet."""
    return "".join((folder / name).read_text(encoding="utf-8") for name in names)


def component(name: str, js: str, css: str = "") -> Callable[..., Any]:
    """Like `st.components.v2.component`. js: one module with one function as its default export.

    What comes back puts it on the page: key, data and callbacks as for Streamlit's own.

    Raises:
        ValueError: the script has no function as its default export.
    """
    if js.count(_EXPORT) != 1:
        raise ValueError(f"{name}: one `{_EXPORT}` is needed")
    own = js.replace(_EXPORT, "const run = function")
    given = {"name": dumps(version(name, js, css)), "css": dumps(css)}
    code = st.components.v2.component(f"{name}_code", js=own + ";" + _BOTH + _CODE % given)
    data = st.components.v2.component(name, js=_BOTH + _DATA % given)

    def mounted(*, key: str, **props: Any) -> Any:
        with st.container(key=f"code-{key}"):
            code(key=f"{key}-code")
        return data(key=key, **props)

    return mounted


def version(name: str, js: str, css: str) -> str:
    """What a script is known by in the browser: another one after the app was renewed."""
    return f"{name} {sha256((js + css).encode()).hexdigest()[:8]}"
