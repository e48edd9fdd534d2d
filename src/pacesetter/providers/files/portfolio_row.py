"""One line of a portfolio file: its cells read as numbers, days, symbols; its mistakes kept."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from pacesetter.kernel.errors import InputError
from pacesetter.market.symbol import normalise_symbol
from pacesetter.providers.files.portfolio_cells import Fault, Mark, Mistake, is_blank, read_day, read_number

TRADE_DECIMALS = 8
ONE = Decimal(1)


@dataclass
class Row:
    """One line being read; ``fail`` keeps its mistakes, ``cell`` is empty where there is no such column."""

    line: int
    row: int
    cells: dict[str, str]
    names: dict[str, str]
    mark: Mark | None
    sure: bool
    latest: date
    faults: list[Fault] = field(default_factory=list)

    def cell(self, name: str) -> str:
        """The text of a field, without blanks around it."""
        text = self.cells.get(name, "").strip()
        return "" if is_blank(text) else text

    def fail(self, name: str | None, reason: str, mend: str) -> None:
        """Keep a mistake."""
        value = None if name is None else self.cells.get(name, "")
        self.faults.append(Fault(self.line, self.row, self.names.get(name or "", name), value, reason, mend))

    def number(self, name: str, *, decimals: int, needed: bool = True) -> Decimal | None:
        """A number, or None: with a mistake kept where it had to be there."""
        text = self.cell(name)
        if not text:
            if needed:
                self.fail(name, "it is empty", "give a number")
            return None
        try:
            return read_number(text, self.mark, decimals=decimals, sure=self.sure)
        except Mistake as mistake:
            self.fail(name, mistake.reason, mistake.mend)
            return None

    def price(self, name: str, *, needed: bool = True) -> Decimal | None:
        """A price of a position: above zero, at most 2 decimals, 4 below 1.00, as exchanges quote."""
        found = self.number(name, decimals=TRADE_DECIMALS, needed=needed)
        if found is None:
            return None
        if found <= 0:
            self.fail(
                name, "it must be above zero", "give the price of one share; a short has a quantity < 0"
            )
            return None
        most = 2 if found >= ONE else 4
        if round(found, most) != found:
            self.fail(name, f"it has more than {most} decimals", f"round it to {most}; trades may have 8")
            return None
        return found

    def day(self, name: str, *, needed: bool = True) -> date | None:
        """A date that has been, or None."""
        text = self.cell(name)
        if not text:
            if needed:
                self.fail(name, "it is empty", "give a date as YYYY-MM-DD")
            return None
        try:
            return read_day(text, latest=self.latest)
        except Mistake as mistake:
            self.fail(name, mistake.reason, mistake.mend)
            return None

    def symbol(self, name: str) -> str | None:
        """A symbol in its one spelling, or None."""
        text = self.cell(name)
        if not text:
            self.fail(name, "it is empty", "give a symbol such as AAPL, BRK-B or VOD.L")
            return None
        try:
            return normalise_symbol(text)
        except InputError as error:
            self.fail(name, "it cannot be a symbol", error.mend)
            return None

    def currency(self) -> tuple[str | None, Decimal]:
        """The currency that is stated, and how many quote units make one of it (100 pence a pound)."""
        text = self.cell("currency")
        if not text:
            return None, ONE
        if text in ("GBX", "GBp") or text.upper() == "GBX":
            return "GBP", Decimal(100)
        if not re.fullmatch(r"[A-Z]{3}", text.upper(), re.ASCII):
            self.fail("currency", "it is no currency", "give three letters such as USD")
            return None, ONE
        return text.upper(), ONE

    def commission(self, units: Decimal) -> Decimal:
        """What was paid to trade, in the major unit; nothing where the file says nothing."""
        exact = TRADE_DECIMALS if units == 1 else TRADE_DECIMALS - 2
        found = self.number("commission", decimals=exact, needed=False) or Decimal(0)
        if found < 0:
            self.fail("commission", "it is below zero", "write what was paid, without a sign")
        return found / units
