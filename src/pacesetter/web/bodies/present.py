"""The form in which a list is answered: JSON, or its rows as CSV or Parquet; whole rows, or some fields."""

from __future__ import annotations

import io
from typing import Annotated, Any

from fastapi import Query, Request, Response
from pydantic import BaseModel

from pacesetter.kernel.errors import BadParameter
from pacesetter.kernel.nesting import flatten
from pacesetter.web.bodies.body import encode

CSV, PARQUET = "text/csv", "application/vnd.apache.parquet"
FORMS: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            CSV: {"schema": {"type": "string"}},
            PARQUET: {"schema": {"type": "string", "format": "binary"}},
        }
    }
}
Fields = Annotated[
    str | None,
    Query(max_length=400, description="Only these fields of each row, such as symbol,rank,score."),
]


def present(request: Request, body: BaseModel, fields: str | None = None) -> Any:
    """The body as it is, or as Accept and ``fields`` ask for it."""
    form = preferred(request.headers.get("accept", ""))
    if form is None and fields is None:
        return body
    rows: list[dict[str, Any]] = body.model_dump(mode="json", include={"rows"})["rows"]
    chosen = None if fields is None else choose(body, fields)
    if chosen is not None:
        rows = [{name: row[name] for name in chosen} for row in rows]
    if form is None:
        head = body.model_dump(mode="json", exclude={"rows"})
        return Response(encode({**head, "fields": chosen, "rows": rows}), media_type="application/json")
    return Response(write_table(rows, form), media_type=form)


def preferred(accept: str) -> str | None:
    """CSV or Parquet where Accept asks for it before JSON and anything else."""
    for part in accept.split(","):
        form, _, more = part.partition(";")
        if form.strip().lower() in (CSV, PARQUET) and more.replace(" ", "") != "q=0":
            return form.strip().lower()
        if form.strip().lower() in ("application/json", "application/*", "*/*"):
            return None
    return None


def choose(body: BaseModel, fields: str) -> list[str]:
    """The fields asked for, in the rows' own order; ``BadParameter`` for one that rows do not have."""
    (kind,) = type(body).model_fields["rows"].annotation.__args__  # type: ignore[union-attr]
    known = list(kind.model_fields)
    asked = [name.strip() for name in fields.split(",") if name.strip()]
    wrong = [name for name in asked if name not in known]
    if wrong or not asked:
        raise BadParameter(
            f"rows have no {wrong[0]!r}" if wrong else "no field is named",
            where="fields",
            mend=f"choose from {', '.join(known)}",
        )
    return [name for name in known if name in asked]


def write_table(rows: list[dict[str, Any]], form: str) -> bytes:
    """Rows as a table: what lies inside a field becomes columns of its own, named with a dot."""
    import polars as pl

    flat = [{name: plain(value) for name, value in flatten(row).items()} for row in rows]
    frame = pl.DataFrame(flat, infer_schema_length=None)
    if form == PARQUET:
        out = io.BytesIO()
        frame.write_parquet(out)
        return out.getvalue()
    # a spreadsheet would run such text as a formula: a leading quote keeps it text
    safe = pl.col(pl.String).str.replace(r"^([=+\-@\t\r])", "'${1}")
    return frame.with_columns(safe).write_csv().encode()


def plain(value: Any) -> Any:
    """A list as one cell."""
    return "; ".join(map(str, value)) if isinstance(value, list) else value
