"""SQL is read token by token: nothing inside texts or comments matters, and latitude comes first."""

from __future__ import annotations

import json

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, box

from blankspot.errors import SourceError
from blankspot.sources.boundaries import read_boundaries
from blankspot.sources.cahyadsn_sql import read_boundary_sql, read_inserts
from blankspot.sources.files import Member

SQUARE = [[-7.0, 107.0], [-7.0, 107.1], [-6.9, 107.1], [-6.9, 107.0], [-7.0, 107.0]]
FAR = [[lat, lon + 1] for lat, lon in SQUARE]
INSIDE = [[-6.98, 107.02], [-6.98, 107.04], [-6.96, 107.04], [-6.98, 107.02]]
AWKWARD = "Ba''u; (x), \\'y\\'"
HEAD = "INSERT INTO wilayah_boundaries(kode,nama,lat,lng,path) VALUES"


def member(folder, text) -> Member:
    path = folder / "desa.sql"
    path.write_text(text, encoding="utf-8")
    return Member(name="desa.sql", path=path, suffix=".sql")


def row(path, code="32.04.05.2001", name="A"):
    return f"('{code}','{name}',-6.95,107.05,'{json.dumps(path)}')"


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        (SQUARE, box(107, -7, 107.1, -6.9)),
        ([SQUARE], box(107, -7, 107.1, -6.9)),
        ([[SQUARE]], box(107, -7, 107.1, -6.9)),
        ([[SQUARE], [FAR]], MultiPolygon([box(107, -7, 107.1, -6.9), box(108, -7, 108.1, -6.9)])),
        ([SQUARE, FAR], MultiPolygon([box(107, -7, 107.1, -6.9), box(108, -7, 108.1, -6.9)])),
        ([SQUARE, INSIDE], box(107, -7, 107.1, -6.9) - shapely.Polygon([one[::-1] for one in INSIDE])),
        ([SQUARE[:-1]], box(107, -7, 107.1, -6.9)),
    ],
)
def test_paths_of_every_depth(tmp_path, path, shape):
    raw = read_boundary_sql(member(tmp_path, f"{HEAD} {row(path)};"))
    assert raw.frame.geometry.iloc[0].equals(shape)
    assert raw.closed.tolist() == [path == [SQUARE[:-1]]]


def test_comments_quotes_and_other_statements_do_not_matter(tmp_path):
    text = f"""/* INSERT INTO x VALUES (1); */ -- a note; 'with a quote
# another
SET NAMES utf8mb4; DROP TABLE IF EXISTS `wilayah_boundaries`;
CREATE TABLE `wilayah_boundaries` (`kode` VARCHAR(13) NOT NULL DEFAULT '', PRIMARY KEY (`kode`)) ENGINE=MyISAM;
insert ignore into `db`.`wilayah_boundaries` (`kode`, `nama`, `lat`, `lng`, `path`) values
  {row([SQUARE], name=AWKWARD)},
  ('32.04.05.2002',NULL,NULL,NULL,NULL);
{HEAD} {row("junk", code="32.04.05.2003")}, {row([SQUARE], code="32.04.05.2004")};"""  # noqa: S608 - text for our own parser
    raw = read_boundary_sql(member(tmp_path, text))
    assert raw.frame["kode"].tolist() == [f"32.04.05.200{n}" for n in (1, 2, 3, 4)]
    assert raw.frame["nama"].iloc[0] == "Ba'u; (x), 'y'"
    assert raw.frame["nama"].isna().tolist() == [False, True, False, False]
    assert raw.frame.geometry.isna().tolist() == [False, True, True, False]
    assert raw.broken.notna().tolist() == [False, False, True, False]


def test_columns_may_be_left_out_as_mysqldump_does(tmp_path):
    raw = read_boundary_sql(member(tmp_path, f"INSERT INTO wilayah_boundaries VALUES {row([SQUARE])};"))  # noqa: S608 - as above
    assert raw.frame["kode"].tolist() == ["32.04.05.2001"]


@pytest.mark.parametrize("text", [f"{HEAD} ('32.04.05.2001','A',1,2,'[[[-7,", "SELECT 1;", "-- nothing\n"])
def test_what_is_cut_off_or_holds_no_rows_is_refused(tmp_path, text):
    with pytest.raises(SourceError, match=r"desa\.sql"):
        read_boundary_sql(member(tmp_path, text))


def test_text_in_another_encoding_is_refused(tmp_path):
    (tmp_path / "desa.sql").write_bytes(f"{HEAD} {row([SQUARE], name='Kaf')};".encode("utf-16"))
    with pytest.raises(SourceError, match="UTF-8"):
        read_boundaries(tmp_path / "desa.sql")


@given(
    st.lists(
        st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=20), min_size=1, max_size=5
    )
)
@settings(deadline=None, max_examples=60)
def test_any_text_comes_back_as_written(tmp_path_factory, names):
    quoted = [name.replace("\\", "\\\\").replace("'", "''") for name in names]
    rows = ",\n".join(f"('{at}','{name}')" for at, name in enumerate(quoted))
    found = read_inserts(member(tmp_path_factory.mktemp("sql"), f"INSERT INTO t(kode,nama) VALUES {rows};"))  # noqa: S608 - as above
    assert [one["nama"] for one in found] == names


def test_the_reader_knows_the_order_of_its_positions(tmp_path):
    member(tmp_path, f"{HEAD} {row([SQUARE])};")
    checked = read_boundaries(tmp_path / "desa.sql")
    assert checked.accepted.geometry.iloc[0].equals(box(107, -7, 107.1, -6.9))
    assert checked.counts().empty
    assert checked.measures["label_points_outside"] == 0
