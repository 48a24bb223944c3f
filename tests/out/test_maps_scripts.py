"""The map's scripts share one scope: a name declared in two files would silently be the later one, or stop the page."""

from __future__ import annotations

import re
from collections import Counter
from importlib.resources import files

from blankspot.out.maps import page

DECLARED = re.compile(r"^(?:async )?(?:function\*?|const|let|var|class) +(?P<names>[A-Za-z_$][\w$]*)", re.MULTILINE)
ALSO = re.compile(r"^(?:const|let|var) (?P<list>[^;\n]*);", re.MULTILINE)
INNER = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}")


def declared(script):
    """Return the names that a script declares at its top, where nothing is indented."""
    names = [found["names"] for found in DECLARED.finditer(script)]
    for found in ALSO.finditer(script):
        text = found["list"]
        while INNER.search(text):
            text = INNER.sub("", text)
        names += [part.split("=")[0].strip() for part in text.split(",")[1:] if "=" in part]
    return names


def test_names_are_found():
    script = "const A = 1, B = f(2, c = 3);\nasync function g() {\n  const inner = 1;\n}\nlet h = 0;\nclass K {}\n"
    assert sorted(declared(script)) == ["A", "B", "K", "g", "h"]


def test_no_name_is_declared_twice():
    assets = files("blankspot.out.maps") / "assets"
    names = [name for file in (*page._ENGINE, *page._SCRIPTS) for name in declared((assets / file).read_text("utf-8"))]
    assert len(names) > 100
    assert [name for name, times in Counter(names).items() if times > 1] == []
