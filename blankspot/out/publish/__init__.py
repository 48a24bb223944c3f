"""Open data: what of a workspace may leave, written so that others can use it, without exposing people.

`selection` decides what leaves (by the classification in `schema`, rule by rule in `columns`, in squares in `cells`) and notes what
stays. `package` writes it: tables (`files`), rasters (`rasters`), and what is said about them (`datapackage`, `dcat`, `iso`, `stac`,
`bps`, `dictionary`, `readme`). `ckan` brings a written package to a portal. Bases: Perpres 39/2019 (Satu Data Indonesia),
Peraturan BPS 4/2020 and 5/2020, UU 14/2008 and UU 27/2022.
"""
