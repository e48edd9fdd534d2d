"""Files of boxes: whatever columns are called and however cells are written, every row has a fate."""

from __future__ import annotations

import csv
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pacesetter.kernel.errors import BadFile, InputError
from pacesetter.market.box import FIELDS
from pacesetter.providers.files.boxes import BoxFile, read_boxes

TODAY = date(2026, 3, 1)
DAY = date(2026, 2, 20)


def read(path: Path, **more: Any) -> BoxFile:
    return read_boxes(path, latest=TODAY, **more)


def write(folder: Path, text: str | bytes, name: str = "boxes.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def fates(file: BoxFile) -> dict[int, str]:
    """Refused rows: number → reason."""
    return dict(file.rejections.select("row", "reason").iter_rows())


def test_the_shape_that_scrapers_write(tmp_path: Path) -> None:
    text = (
        "box_id,product_name,date,source,floor_price_usd,active_listings_count,boxes_sold_today,"
        "boxes_sold_per_day,boxes_added_today,unified_volume_usd\n"
        "b-1,Skyfarers - SF-03 Storm Court,2026-02-20,Scraper,449.98,12,0.5,9,2,10462.73\n"
        "b-1,,2026-02-21,,450,12.0,,1.37,,\n"
        "b-2,,2026-02-21,,,,,,,77.5\n"
    )
    file = read(write(tmp_path, text))
    assert file.rejections.is_empty()
    assert file.rows.select("row", "box_id", "date", "source", *FIELDS).rows() == [
        (1, "b-1", DAY, "scraper", 449.98, 12.0, 0.5, 2.0),  # today's sales go before the mean of a day
        (2, "b-1", date(2026, 2, 21), "unknown", 450.0, 12.0, 1.37, None),
        (3, "b-2", date(2026, 2, 21), "unknown", None, None, None, None),  # observed, though of no use here
    ]
    assert file.rows["name"].to_list() == ["Skyfarers - SF-03 Storm Court", None, None]
    assert json.loads(file.rows["original"][0]) == dict(
        zip(text.splitlines()[0].split(","), text.splitlines()[1].split(","), strict=True)
    )
    assert json.loads(file.rows["original"][2])["unified_volume_usd"] == "77.5"


def test_the_same_in_other_dialects(tmp_path: Path) -> None:
    plain = write(tmp_path, "id,date,floor,listings,sold,added\nb-1,2026-02-20,1449.5,12,0.5,2\n", "a.csv")
    others = [
        write(tmp_path, '\ufeffSymbol;Metric Date;Floor Price\nb-1;20.02.2026;"1.449,50"\n', "b.csv"),
        write(tmp_path, "External ID\tDay\tfloor_price_usd\nb-1\t02/20/2026\t$1,449.50\n", "c.tsv"),
        write(
            tmp_path, '{"boxes": [{"box_id": "b-1", "metric_date": "2026-02-20", "floor": 1449.5}]}', "d.json"
        ),
        write(tmp_path, '[{"id": "b-1", "date": "2026-02-20T23:59:00Z", "floor_price": "1449.5"}]', "e.json"),
    ]
    wanted = read(plain).rows.select("box_id", "date", "floor_price_usd").row(0)
    assert wanted == ("b-1", DAY, 1449.5)
    for path in others:
        file = read(path)
        assert file.rows.select("box_id", "date", "floor_price_usd").rows() == [wanted], path.name
    frame = pl.DataFrame({"box_id": ["b-1"], "date": [DAY], "floor": [1449.5]})
    frame.write_parquet(tmp_path / "f.parquet")
    assert read(tmp_path / "f.parquet").rows.select("box_id", "date", "floor_price_usd").rows() == [wanted]


def test_windows_letters_and_nothing_that_a_database_refuses(tmp_path: Path) -> None:
    latin = write(tmp_path, "id,name,variant\nb-1,Étoile,Größe\n".encode("cp1252"))
    assert read(latin).rows.select("name", "variant").row(0) == ("Étoile", "Größe")
    odd = write(
        tmp_path, '[{"id": "b-\\u0000", "name": "a\\ud800b", "deep": [{"x": "\\u0000"}], "n": NaN}]', "x.json"
    )
    row = read(odd).rows.row(0, named=True)
    written = f"{row['box_id']}{row['name']}{row['original']}"
    assert "\x00" not in written
    assert "\\u0000" not in written
    assert written.encode()
    assert json.loads(row["original"])["n"] == "NaN"


REFUSED = {
    "no_box_id": {"id": None},
    "unreadable_date": {"date": "last Friday"},
    "future_date": {"date": "2026-03-02"},
    "date_too_early": {"date": "1989-12-31"},
    "reserved_source": {"source": "Manual"},
    "no_date": {"date": None},
    "not_a_number": {"listings": "many"},
    "negative_number": {"added": "-1"},
    "infinite_number": {"sold": "inf"},
    "number_too_large": {"floor": "1000000001"},
    "floor_below_a_cent": {"floor": "0"},
    "fractional_listings": {"listings": "11.5"},
    "text_too_long": {"game": "g" * 81},
    "image_not_https": {"image_url": "http://pictures.example.org/b.png"},
    "unknown_reprint_risk": {"reprint_risk": "certain"},
    "unreadable_release_date": {"released_on": "soon"},
    "no_figures": {"floor": None, "listings": None, "sold": None, "added": None},
}
GOOD: dict[str, str | None] = {
    "id": "b-1",
    "date": "2026-02-20",
    "floor": "99.5",
    "listings": "12",
    "sold": "0",
    "added": "0",
    "source": "shop",
    "game": "Skyfarers",
    "image_url": "https://pictures.example.org/b.png",
    "reprint_risk": "Low",
    "released_on": "2027-01-01",
}


@pytest.mark.parametrize("kind", ["csv", "json"])
@pytest.mark.parametrize("reason", REFUSED)
def test_one_bad_cell_costs_its_own_row(tmp_path: Path, reason: str, kind: str) -> None:
    rows = [GOOD, {**GOOD, **REFUSED[reason]}, {**GOOD, "date": "2026-02-21"}]
    if kind == "json":
        path = write(tmp_path, json.dumps(rows), "boxes.json")
    else:
        path = tmp_path / "boxes.csv"
        pl.DataFrame(rows, schema=dict.fromkeys(GOOD, pl.String)).write_csv(path)
    file = read(path)
    assert fates(file) == {2: reason}
    assert file.rows["row"].to_list() == [1, 3]
    detail = file.rejections["detail"][0]
    changed = [value for value in REFUSED[reason].values() if value is not None]
    assert all(str(value)[:80] in detail for value in changed), detail


def test_zero_sales_and_listings_are_figures_and_blanks_are_not(tmp_path: Path) -> None:
    file = read(write(tmp_path, "id,date,floor,listings,sold,added\nb,2026-02-20,n/a,0,0,-\n"))
    assert file.rows.select(FIELDS).rows() == [(None, 0.0, 0.0, None)]


def test_a_day_that_may_be_two_costs_only_its_row(tmp_path: Path) -> None:
    def days(*cells: str) -> tuple[list[date], dict[int, str]]:
        file = read(write(tmp_path, "id,date,floor\n" + "".join(f"b,{cell},5\n" for cell in cells)))
        return file.rows["date"].to_list(), fates(file)

    assert days("03/01/2026", "2026-02-20") == ([DAY], {1: "ambiguous_date"})
    assert days("01/03/2025", "20/02/2026") == ([date(2025, 3, 1), DAY], {}), "the other row settles it"
    assert days("01/03/2025", "02/20/2026") == ([date(2025, 1, 3), DAY], {})
    assert days("01/03/2025", "20/02/2026", "02/20/2026") == ([DAY, DAY], {1: "ambiguous_date"})
    assert days("02/02/2026", "30/02/2026") == ([date(2026, 2, 2)], {2: "unreadable_date"})
    assert days("2026-02-20 and so on", "2026-02-20x") == (
        [], {1: "unreadable_date", 2: "unreadable_date"}
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-02-20T23:30:00", 20),  # nobody says where: as it is written
        ("2026-02-20 23:30", 20),
        ("2026-02-20 00:00:00.000000", 20),
        ("2026-02-20T23:30:00Z", 20),
        ("2026-02-20T23:30:00.123456+00:00", 20),
        ("2026-02-20T23:30:00-08:00", 21),
        ("2026-02-20 23:30:00-0030", 21),
        ("2026-02-20 23:29:59-0030", 20),
        ("2026-02-20 01:30:00+02", 19),
        ("2026-02-20T02:00:00+02:00", 20),
        ("2026-02-20 23:30:00 UTC", 20),
        ("2026-02-20T24:30:00Z", None),
        ("2026-02-20T23:60:00Z", None),
        ("2026-02-20T23:30:61Z", None),
        ("2026-02-20T23:30:00+19:00", None),
        ("2026-02-20T23:30:00 somewhere", None),
        ("2026-02-20 rubbish", None),
        ("2026-02-20 ", 20),
    ],
)
def test_an_instant_is_of_its_day_in_utc_and_rubbish_is_of_none(
    tmp_path: Path, cell: str, day: int | None
) -> None:
    file = read(write(tmp_path, f'id,date,floor\nb,"{cell}",5\n'))
    assert file.rows["date"].to_list() == ([] if day is None else [date(2026, 2, day)])
    assert fates(file) == ({1: "unreadable_date"} if day is None else {})


@pytest.mark.parametrize(("zone", "day"), [(None, 20), ("UTC", 20), ("America/Los_Angeles", 21)])
def test_instants_of_a_typed_file(tmp_path: Path, zone: str | None, day: int) -> None:
    at = pl.Series([datetime(2026, 2, 20, 23, 30)]).dt.replace_time_zone(zone)
    pl.DataFrame({"box_id": ["b"], "date": at, "floor": [5.0]}).write_parquet(tmp_path / "b.parquet")
    assert read(tmp_path / "b.parquet").rows["date"].to_list() == [date(2026, 2, day)]


def test_an_id_is_one_however_its_hexadecimals_are_written(tmp_path: Path) -> None:
    own = "3f2a77b1-90cd-4e11-8a55-0123456789ab"
    file = read(write(tmp_path, f"id,name\n{own},a\n{own.upper()},b\nAb3,c\naB3,d\n"))
    assert file.rows["box_id"].to_list() == [own, own, "Ab3", "aB3"], "of other ids, letters may differ"
    assert json.loads(file.rows["original"][1])["id"] == own.upper()


def test_a_row_without_a_day_describes_the_product(tmp_path: Path) -> None:
    text = (
        "id,name,game,set_code,set_name,variant,image_url,reprint_risk,released_on,colour\n"
        "b-1,Storm Court,Skyfarers,SF-03,Storm,Blue,https://pictures.example.org/b.png,HIGH,2024-05-06,\n"
        "b-2,,,,,,,,,red\n"
    )
    file = read(write(tmp_path, text))
    assert file.rows.drop("original", *FIELDS).row(0) == (
        *(1, "b-1", None, "unknown", "Storm Court", "Skyfarers", "SF-03", "Storm", "Blue"),
        *("https://pictures.example.org/b.png", "high", date(2024, 5, 6)),
    )
    assert fates(file) == {2: "nothing_in_it"}


@pytest.mark.parametrize(
    "url",
    [
        "https://",
        "https:///b.png",
        "//pictures.example.org/b.png",
        "javascript:alert(1)",
        "https://a:b@pictures.example.org/b.png",
        "https://pictures.example.org/b c.png",
        'https://pictures.example.org/"onerror=x',
        "https://[::1/b.png",
        "https://pictures.example.org:99999/b.png",
    ],
)
def test_a_picture_is_loaded_over_https_or_not_at_all(tmp_path: Path, url: str) -> None:
    path = write(tmp_path, json.dumps([{"id": "b", "name": "n", "image_url": url}]), "b.json")
    assert fates(read(path)) == {1: "image_not_https"}


def test_rows_name_their_columns_differently_and_the_first_spelling_counts(tmp_path: Path) -> None:
    records = [
        {"id": 7, "box_id": "b-1", "date": "2026-02-20", "floor": 5, "floor_price_usd": 6},
        {"symbol": "b-2", "metric_date": "2026-02-20", "floor_price": 7},
        "no record",
    ]
    file = read(write(tmp_path, json.dumps(records), "b.json"))
    assert file.rows.select("box_id", "floor_price_usd").rows() == [("b-1", 6.0), ("b-2", 7.0)]
    assert fates(file) == {3: "no_box_id"}


def test_sources_are_named_one_way(tmp_path: Path) -> None:
    path = write(tmp_path, "id,date,source,floor\na,2026-02-20, Shop ,5\nb,2026-02-20,,5\n")
    assert read(path).rows["source"].to_list() == ["shop", "unknown"]
    assert read(path, source="My Notes").rows["source"].to_list() == ["shop", "my notes"]
    with pytest.raises(InputError, match="enter by hand"):
        read(path, source=" Manual")
    for name in ("", " ", "s" * 41):
        with pytest.raises(InputError, match="1 to 40"):
            read(path, source=name)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("b.json", "{", "cannot be read as JSON"),
        ("b.json", "[" * 100_000, "JSON"),
        ("b.json", "[" + "9" * 5000 + "]", "JSON"),
        ("b.json", '{"cards": []}', "no list of boxes"),
        ("b.json", '{"boxes": 5}', "no list of boxes"),
        ("b.csv", "date,floor\n2026-02-20,5\n", "no column that names the boxes"),
        ("b.csv", "id,date\nb,2026-02-20,5\n", "3 fields"),
        ("b.csv", b"PK\x00\x01", "no text file"),
        ("b.xls", "x", "cannot be read"),
    ],
)
def test_a_file_that_is_wrong_as_a_whole_is_one_error(
    tmp_path: Path, name: str, content: str | bytes, says: str
) -> None:
    with pytest.raises(BadFile, match=says):
        read(write(tmp_path, content, name))
    with pytest.raises(BadFile, match="no such file"):
        read(tmp_path / f"missing{Path(name).suffix}")


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(["2026-02-20", "12", "1,5", "inf", "-0", "1e999", "3/4/2026", "https://a.example"]),
    st.lists(st.integers(), max_size=2),
)
NAMES = st.sampled_from([*GOOD, "box_id", "boxes_sold_per_day", "original", "row", "more", "x"])


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=st.lists(st.dictionaries(NAMES, CELLS, max_size=8), min_size=1, max_size=6))
def test_whatever_the_cells_every_row_is_read_or_refused(
    tmp_path: Path, records: list[dict[str, object]]
) -> None:
    path = write(tmp_path, json.dumps(records), "any.json")
    if not any({"id", "box_id"} & set(record) for record in records):
        with pytest.raises(BadFile, match="names the boxes"):
            read(path)
        return
    if not set().union(*records) - {"id", "box_id", "date", "source", "original", "row", "more", "x"}:
        with pytest.raises(BadFile, match="neither a figure nor a fact of boxes"):
            read(path)
        return
    file = read(path)
    assert sorted([*file.rows["row"], *file.rejections["row"]]) == list(range(1, len(records) + 1))
    figures = file.rows.select(FIELDS).unpivot()["value"].drop_nulls()
    assert (figures.is_finite() & (figures >= 0) & (figures <= 1e9)).all()
    assert file.rows.filter(pl.col("date") > TODAY).is_empty()
    assert file.rejections["reason"].null_count() == file.rejections["detail"].null_count() == 0


def test_the_real_file_is_read_whole(shared_data: Path) -> None:
    file = read(shared_data / "boxes" / "boosterbox_daily.csv")
    assert (file.rows.height, file.rejections.height) == (548, 0)
    assert (file.rows["box_id"].n_unique(), file.rows["date"].n_unique()) == (39, 34)
    with (shared_data / "boxes" / "boosterbox_daily.csv").open() as stream:
        lines = list(csv.DictReader(stream))
    sold = [line["boxes_sold_today"] or line["boxes_sold_per_day"] for line in lines]
    assert file.rows["boxes_sold"].to_list() == [float(cell) if cell else None for cell in sold]
    columns = {"floor_price_usd": "floor_price_usd", "active_listings_count": "active_listings_count"}
    for name, column in (columns | {"boxes_added": "boxes_added_today"}).items():
        cells = [line[column] for line in lines]
        assert file.rows[name].to_list() == [float(cell) if cell else None for cell in cells]
    assert [json.loads(one) for one in file.rows["original"]] == [
        {name: cell or None for name, cell in line.items()} for line in lines
    ]
