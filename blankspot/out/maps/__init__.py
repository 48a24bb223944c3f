"""The offline map: one HTML file that opens from a USB stick on a cheap phone and asks no network for anything.

`draw_map` gives a `folium.Map` for a notebook, `write_map` a file. Underneath, `tables` turns frames into columns,
`shapes` turns polygons into bytes, `payload` packs both, and `page` puts them with Leaflet and our own scripts
(`assets/`) into one page whose Content-Security-Policy forbids every request.
"""

from blankspot.out.maps.draw import draw_map, write_map
from blankspot.out.maps.history import History
from blankspot.out.maps.legends import Classes, Ramp
from blankspot.out.maps.mercator import Picture
from blankspot.out.maps.rasters import Overlay, Plan

__all__ = ["Classes", "History", "Overlay", "Picture", "Plan", "Ramp", "draw_map", "write_map"]
