"""``import boxes``, ``boxes enter`` and ``boxes edit`` on homes of their own."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Call


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "boxes.csv"
    path.write_text(
        "box_id,product_name,date,source,floor_price_usd,active_listings_count,boxes_sold_today\n"
        "b-1,Skyfarers - SF-03 Storm Court,2026-01-05,shop,100,20,2\n"
        "b-2,,2026-01-05,,50,10,1\n"
        "b-2,,2026-01-06,,51,10,-1\n"
    )
    return path


def test_import_again_and_undo(pace: Call, tmp_path: Path, file: Path) -> None:
    home = tmp_path / "home"
    dry = pace("--home", home, "import", "boxes", file, "--dry-run", "--json")
    assert dry.code == 0, dry.err
    assert (dry.json["read"], dry.json["stored"], dry.json["refused"]) == (3, 2, 1)
    assert "dry run: nothing was kept" in dry.err
    assert pace("--home", home, "import", "list", "--json").json == {"imports": []}
    done = pace("--home", home, "import", "boxes", file, "--source", "notes", "--json")
    assert done.json["reasons"] == {"negative_number": 1}
    assert "2 new boxes: BOX-" in done.err
    assert "1 of them has no name: `pacesetter boxes edit BOX-B-2 --name" in done.err
    assert (
        Path(done.json["report_path"]).read_text().splitlines()[1].startswith("4,3,b-2,2026-01-06,negative")
    )
    for told in (dry, done):  # the header is line 1
        said = "refused line 4 · b-2 · 2026-01-06 · boxes_sold_today: -1 (the number is below zero)"
        assert said in told.err and "more" not in told.err
    again = pace("--home", home, "import", "boxes", file, "--source", "notes", "--json")
    assert (again.json["inserted"], again.json["unchanged"]) == (0, 2)
    assert "nothing is ranked again" in again.err
    board = pace("--home", home, "rank", "boxes", "--json").json
    assert [(row["symbol"], row["rank"]) for row in board["rows"]] == [("BOX-SF03", 1), ("BOX-B-2", 2)]
    undone = pace("--home", home, "import", "undo", done.json["import_id"], "--json")
    assert (undone.code, undone.json["removed"]) == (0, 2)
    assert "measured and ranked again" in undone.err
    assert pace("--home", home, "rank", "boxes", "--json").code != 0


def test_far_floors_of_a_file_are_taken_and_said(pace: Call, tmp_path: Path) -> None:
    home, path = tmp_path / "home", tmp_path / "far.csv"
    path.write_text("id,date,floor\nb-1,2026-01-05,10\nb-1,2026-01-07,50\n")
    first = pace("--home", home, "import", "boxes", path)
    assert "floor price" not in first.err and "1 new box: BOX-B-1" in first.err
    assert "it has no name" in first.err
    path.write_text("id,date,floor\nb-1,2026-01-08,9.99\nb-1,2026-01-04,1000\nb-1,2026-01-09,49.9\n")
    dry = pace("--home", home, "import", "boxes", path, "--dry-run")
    assert "1 floor price is more than 5 times" in dry.err and "import undo" not in dry.err
    done = pace("--home", home, "import", "boxes", path, "--json")
    assert done.code == 0 and done.json["inserted"] == 3
    assert "BOX-B-1: $9.99 on 2026-01-08, after $50.00 on 2026-01-07" in done.err
    assert f"import undo {done.json['import_id']}" in done.err


def test_ranks_of_boxes_are_behind_by_days_and_only_ranked_ones_can_stay(pace: Call, tmp_path: Path) -> None:
    home, path = tmp_path / "home", tmp_path / "two.csv"
    path.write_text(
        "id,date,floor,sold\nb-1,2026-01-05,10,3\nb-2,2026-01-05,10,2\nb-3,2026-01-05,10,\n"
        "b-1,2026-01-06,10,3\nb-2,2026-01-06,10,2\nb-3,2026-01-06,10,\n"
    )
    pace("--home", home, "import", "boxes", path)
    ranked = pace("--home", home, "rank", "boxes")
    assert "completed days are newer than these ranks" in ranked.err and "session" not in ranked.err
    moved = pace("--home", home, "changes", "--board", "boxes")
    assert "2 of 2 ranked on both dates did not move" in moved.out


def test_the_first_refused_rows_are_shown_by_their_lines(pace: Call, tmp_path: Path) -> None:
    home, path = tmp_path / "home", tmp_path / "bad.csv"
    good = 'id,date,floor,name\nb-1,2026-01-05,10,"Two\nlines"\nb-1,2026-01-05,11,\n'
    path.write_text(good + "".join(f"b-2,2026-01-{n:02},-{n},\n" for n in range(1, 13)))
    dry = pace("--home", home, "import", "boxes", path, "--dry-run")
    lines = [line for line in dry.err.splitlines() if "refused line" in line]
    assert len(lines) == 10 and "… and 3 more; an import keeps them" in dry.err
    assert "line 4 · b-1 · 2026-01-05 · line 2 has other figures of that day and source" in lines[0]
    assert "line 5 · b-2 · 2026-01-01 · floor_price_usd: -1 (the number is below zero)" in lines[1]
    done = pace("--home", home, "import", "boxes", path, "--json")
    assert f"… and 3 more in {done.json['report_path']}" in done.err


def test_a_file_without_a_column_that_it_needs_names_those_that_it_has(pace: Call, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("id,when,price\nb-1,2026-01-05,10\n")
    odd = pace("--home", tmp_path / "home", "import", "boxes", path)
    assert odd.code == 2 and "neither a date nor a fact about the boxes" in odd.error
    assert (
        "metric date" in odd.error and "set_code" in odd.error and "the file has id, when, price" in odd.error
    )
    path.write_text("thing,date,floor\nb-1,2026-01-05,10\n")
    odd = pace("--home", tmp_path / "home", "import", "boxes", path)
    assert odd.code == 2 and "no column that names the boxes" in odd.error
    assert "box id" in odd.error and "the file has thing, date, floor" in odd.error


def test_a_missing_file_makes_no_home(pace: Call, tmp_path: Path) -> None:
    missing = pace("--home", tmp_path / "home", "import", "boxes", tmp_path / "none.csv")
    assert missing.code == 2
    assert "no such file" in missing.error
    assert not (tmp_path / "home").exists()


def test_real_boxes_never_enter_the_simulated_database(
    pace: Call, tmp_path: Path, simulated: Path, file: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(simulated, home)
    before = (home / "simulated.db").read_bytes()
    done = pace("--home", home, "import", "boxes", file)
    assert done.code == 0, done.err
    assert "real data from now on" in done.err
    assert (home / "pacesetter.db").exists()
    assert (home / "simulated.db").read_bytes() == before


def test_enter_and_edit(pace: Call, tmp_path: Path, file: Path) -> None:
    home = tmp_path / "home"
    early = pace("--home", home, "boxes", "enter", "B", "--on", "2026-01-05", "--sold", 1)
    assert "no box is known yet" in early.error
    pace("--home", home, "import", "boxes", file)
    enter = ("--home", home, "boxes", "enter", "BOX-SF03", "--on", "2026-01-06")
    assert "no figure" in pace(*enter).error
    far = pace(*enter, "--floor", 1000)
    assert far.code == 2
    assert "$1,000.00" in far.error
    assert "$100.00 of 2026-01-05" in far.error and "confirm it: --confirm" in far.error
    done = pace(*enter, "--floor", 1000, "--sold", 3, "--note", "sold out", "--confirm", "--json")
    assert done.code == 0, done.err
    assert (done.json["fate"], done.json["floor_price_usd"], done.json["boxes_sold"]) == ("inserted", 1000, 3)
    assert f"import undo {done.json['import_id']}" in done.err
    assert pace(*enter, "--floor", 1000, "--sold", 3, "--confirm", "--json").json["fate"] == "unchanged"
    edit = ("--home", home, "boxes", "edit", "b-2")
    assert "https" in pace(*edit, "--image", "http://pictures.example.org/b.png").error
    done = pace(*edit, "--name", "Dawn", "--reprint", "low", "--released", "2024-05-06", "--json")
    assert done.json["before"] == {"name": None, "reprint_risk": None, "released_on": None}
    assert done.json["after"] == {"name": "Dawn", "reprint_risk": "low", "released_on": "2024-05-06"}
    shown = pace(*edit, "--game", "Skyfarers")
    assert shown.code == 0
    assert "Skyfarers" in shown.out
    listed = json.loads(pace("--home", home, "import", "list", "--json").out)["imports"]
    assert [row["kind"] for row in listed] == ["box_facts", "box_facts", "boxes", "boxes"]


def test_join_twins_and_undo(pace: Call, tmp_path: Path) -> None:
    home, path = tmp_path / "home", tmp_path / "two.csv"
    path.write_text(
        "box_id,product_name,date,source,floor_price_usd,active_listings_count,boxes_sold_today\n"
        "b-1,Skyfarers - SF-03 Storm Court,2026-01-05,shop,100,20,2\n"
        "b-2,,2026-01-06,shop,101,19,1\n"
    )
    pace("--home", home, "import", "boxes", path)
    listed = pace("--home", home, "boxes")
    assert "1 box has no name: `pacesetter boxes edit" in listed.out and "`boxes join`" in listed.out
    twins = pace("--home", home, "boxes", "twins", "--json")
    assert "guess by price alone" in twins.err
    (pair,) = twins.json["rows"]
    assert (pair["unnamed"], pair["named"], pair["gap_days"]) == ("BOX-B-2", "BOX-SF03", 1)
    assert (pair["ended_on"], pair["ended_usd"], pair["begins_on"], pair["begins_usd"]) == (
        "2026-01-05", 100.0, "2026-01-06", 101.0,
    )  # fmt: skip
    assert "+1.0 %" in pace("--home", home, "boxes", "twins").out
    before = pace("--home", home, "boxes", "--json").json
    join = ("--home", home, "boxes", "join", "b-2", "BOX-SF03")
    dry = pace(*join, "--dry-run", "--json")
    assert (dry.code, dry.json["dry_run"], dry.json["import_id"], dry.json["moved"]) == (0, True, None, 1)
    assert "dry run: nothing was kept" in dry.err
    assert pace("--home", home, "boxes", "--json").json == before
    done = pace(*join, "--json")
    assert (done.json["symbol"], done.json["into"], done.json["ranked"]) == ("BOX-B-2", "BOX-SF03", 1)
    assert f"import undo {done.json['import_id']}" in done.err
    shown = pace("--home", home, "boxes", "show", "BOX-B-2", "--json")
    assert (shown.json["box"]["symbol"], shown.json["asked_for"]) == ("BOX-SF03", "BOX-B-2")
    assert "BOX-B-2 is joined into BOX-SF03" in shown.err
    assert "no box ends where" in pace("--home", home, "boxes", "twins").out
    assert "circle" in pace("--home", home, "boxes", "join", "BOX-SF03", "b-2").error
    undone = pace("--home", home, "import", "undo", done.json["import_id"], "--json")
    assert (undone.json["kind"], undone.json["ranked"]) == ("box_join", 1)
    assert "measured and ranked again" in undone.err
    assert pace("--home", home, "boxes", "--json").json == before
