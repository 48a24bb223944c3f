"""The invented kabupaten that examples and tests run on: values only, written by `blankspot.out.workspace`.

Everything in it is made up. It lies in the sea, under the province code 99, which is not in use.
"""

from __future__ import annotations

from blankspot.demo.world import Truth, World, invent

__all__ = ["Truth", "World", "invent"]
