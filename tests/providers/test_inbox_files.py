"""Lists, picks, reports and tables that people write: what is read, and what is wrong in words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pacesetter.kernel.errors import BadDate, BadFile
from pacesetter.providers.files.delimited import read_number
from pacesetter.providers.files.event_table import read_earnings, read_insiders
from pacesetter.providers.files.html_text import html_text
from pacesetter.providers.files.manual_stocks import read_manual_stocks
from pacesetter.providers.files.pdf_text import pdf_text
from pacesetter.providers.files.plain_text import clean_line, clean_text
from pacesetter.providers.files.research_report import ReportName, read_name
from pacesetter.providers.files.table import read_table
from pacesetter.providers.files.ticker_list import read_ticker_list

TODAY = date(2025, 7, 24)


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_list_in_any_dialect(code: str, mark: str) -> None:
    text = f'# mine\r\nReason{mark}Symbol\r\n"fällt{mark} bald"{mark}brk.b\r\n\r\nx{mark}VOD.L\n'.encode(code)
    picks, flaws = read_ticker_list(text, "a.csv")
    assert [(p.at, p.symbol, p.reason) for p in picks] == [
        ("line 3", "BRK-B", f"fällt{mark} bald".replace("\t", " ").replace("  ", " ")),
        ("line 5", "VOD.L", "x"),
    ]
    assert flaws == []


def test_a_list_without_a_header_and_its_flaws() -> None:
    picks, flaws = read_ticker_list(b"AAPL\n,why\nAAPL,again\n", "a.txt")
    assert [p.symbol for p in picks] == ["AAPL"]
    assert [(f.at, f.what) for f in flaws] == [
        ("line 2", "no symbol is named"),
        ("line 3", "AAPL stands on line 1 already"),
    ]
    with pytest.raises(BadFile, match="empty"):
        read_ticker_list(b"# nothing\n\n", "a.txt")


def test_picks_as_json() -> None:
    picks, flaws = read_manual_stocks(
        b'[{"Ticker":" nvda ","urgency":"Medium"},{"ticker":"A","reason":3},[],{"symbol":"NVDA"}]', "a.json"
    )
    assert [(p.symbol, p.urgency, p.reason, p.source) for p in picks] == [("NVDA", "normal", "", "")]
    assert [(f.at, f.what) for f in flaws] == [
        ("entry 2", "its reason is no text"),
        ("entry 3", "it is no object"),
        ("entry 4", "NVDA is entry 1 already"),
    ]
    for bad in (b"[]", b"[NaN]", b"{", b"[" * 10**5, b"1" * 10**5):
        with pytest.raises(BadFile):
            read_manual_stocks(bad, "a.json")


@pytest.mark.parametrize(
    ("name", "of", "expected"),
    [
        ("AAPL_20250301_insider-purchase.csv", "", ("insider", "AAPL", date(2025, 3, 1), "insider purchase")),
        ("brk.b_20250301_News_plant.md", "", ("news", "BRK-B", date(2025, 3, 1), "News plant")),
        ("VOD.L_20250301.pdf", "", ("research", "VOD.L", date(2025, 3, 1), "research")),
        ("AAPL_20250301_newsworthy.md", "", ("research", "AAPL", date(2025, 3, 1), "newsworthy")),
        ("20250301_fed-cuts.md", "macro", ("macro", None, date(2025, 3, 1), "fed cuts")),
        ("fed.md", "general", ("general", None, TODAY, "fed")),
    ],
)
def test_names_of_reports(name: str, of: str, expected: tuple[str, str | None, date, str]) -> None:
    assert read_name(name, of=of, today=TODAY) == ReportName(*expected)


def test_wrong_names_of_reports() -> None:
    for name in ("AAPL.md", "AAPL_2025_x.md", "?_20250301_x.md", "AAPL_٢٠٢٥٠٣٠١_x.md"):
        with pytest.raises(BadFile):
            read_name(name, of="", today=TODAY)
    for name in ("AAPL_20250725_x.md", "AAPL_20250230_x.md", "AAPL_00010101_x.md"):
        with pytest.raises(BadDate):
            read_name(name, of="", today=TODAY)


def test_numbers_as_people_write_them() -> None:
    given = {"1,234.5": 1234.5, "1.234,5": 1234.5, "$12": 12, "12,5": 12.5, "1,234": 1234, "−3": -3}
    assert {text: read_number(text) for text in given} == given
    assert [read_number(text) for text in ("", "x", "nan", "inf", "1_0", "1e999")] == [None] * 6


def test_earnings_by_hand() -> None:
    data, flaws = read_earnings(
        b"date;reported;expected\n2025-01-30;-0,5;-1\n2024-10-30;1;0\nx;1;1\n2025-02-01;n/a;2\n", "e"
    )
    assert (data["reported"], data["expected"], data["surprise_pct"]) == (-0.5, -1.0, 50.0)
    assert "surprise_pct" not in data["quarters"][1]
    assert [f.at for f in flaws] == ["line 4", "line 5"]


def test_insiders_by_hand() -> None:
    rows = b"Date,Name,Type,Shares,Price\n20250227,Ann,P - Purchase,10,2\n"
    rows += b"2025-02-28,Bob,Sold,5,\n2025-02-28,Cy,Gift,1,1\n"
    data, flaws = read_insiders(rows, "i")
    assert [t["action"] for t in data["trades"]] == ["buy", "sell", "other"] and flaws == []
    assert (data["bought"], data["sold"], data["trades"][1]["price"]) == (20, 0, None)


def test_html_is_text_and_nothing_more() -> None:
    page = "<head><title>t</title><p>no</head><body onload=x()><p>A &lt;b&gt;<script>evil()</script>B<br/>C"
    page += "<style>p{}</style><td>1<td>2<iframe src=http://x>z</iframe></p><svg><text>s</svg></html>"
    assert html_text(page, 100) == "A <b>B\nC 1 2"
    assert html_text("<script>" * 5000 + "x", 100) == ""
    assert html_text("a" * 1000, 10) == "a" * 10


def test_what_cannot_be_seen_is_taken_out() -> None:
    assert clean_text("a\x00b\x1b[0m\r\nc\u202ed\U000e0041\ud800\te", 100) == "ab[0m\ncd\te"
    assert clean_text("x" * 50, 10) == "x" * 10 and clean_line(" a \n b ", 10) == "a b"


def make_pdf(path: Path, text: str) -> Path:
    from pypdf import PdfWriter
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    writer = PdfWriter()
    page = writer.add_blank_page(300, 300)
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    stream = DecodedStreamObject()
    stream.set_data(f"BT /F1 12 Tf 20 200 Td ({text}) Tj ET".encode())
    page[NameObject("/Contents")] = writer._add_object(stream)
    writer.write(path)
    return path


def test_the_text_of_a_pdf(tmp_path: Path) -> None:
    found = pdf_text(make_pdf(tmp_path / "a.pdf", "Revenue grew 12 percent"), 1000)
    assert found.text.strip() == "Revenue grew 12 percent" and (found.pages, found.read) == (1, 1)
    assert pdf_text(tmp_path / "a.pdf", 7).text == "Revenue"
    with pytest.raises(BadFile, match="pictures"):
        pdf_text(make_pdf(tmp_path / "b.pdf", ""), 1000)
    (tmp_path / "c.pdf").write_bytes(b"%PDF-1.7\nno")
    with pytest.raises(BadFile, match="cannot be read"):
        pdf_text(tmp_path / "c.pdf", 1000)
    with pytest.raises(BadFile, match="within 0 seconds"):
        pdf_text(tmp_path / "a.pdf", 1000, deadline_s=0.01)


def test_no_csv_at_all_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"Date,Close\ra\rb\r\xe9\r1\r" + bytes(range(128, 200)) + b'"' * 99)
    with pytest.raises(BadFile):
        read_table(tmp_path / "a.csv")
