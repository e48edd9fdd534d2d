"""The form in which a list is answered: JSON, or its rows as CSV or Parquet; whole rows, or some fields."""

from __future__ import annotations

import io
from collections.abc import Sequence
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


def present(
    request: Request, body: BaseModel, fields: str | None = None, *, told: Response | None = None
) -> Any:
    """The body as it is, or as Accept and ``fields`` ask for it. ``told``: what else its headers say, such as
    that nobody keeps it."""
    form = preferred(request.headers.get("accept", ""))
    if form is None and fields is None:
        return body
    rows: list[dict[str, Any]] = body.model_dump(mode="json", include={"rows"})["rows"]
    headers = None if told is None else dict(told.headers)
    chosen = None if fields is None else choose(body, fields)
    if chosen is not None:
        rows = [{name: row[name] for name in chosen} for row in rows]
    if form is None:
        head = body.model_dump(mode="json", exclude={"rows"})
        whole = encode({**head, "fields": chosen, "rows": rows})
        return Response(whole, headers=headers, media_type="application/json")
    names = chosen or known_fields(body)
    return Response(write_table(rows, form, names), headers=headers, media_type=form)


def preferred(accept: str) -> str | None:
    """CSV or Parquet where Accept asks for it before JSON and anything else."""
    for part in accept.split(","):
        form, _, more = part.partition(";")
        if form.strip().lower() in (CSV, PARQUET) and more.replace(" ", "") != "q=0":
            return form.strip().lower()
        if form.strip().lower() in ("application/json", "application/*", "*/*"):
            return None
    return None


def known_fields(body: BaseModel) -> list[str]:
    """The fields of a row."""
    (kind,) = type(body).model_fields["rows"].annotation.__args__  # type: ignore[union-attr]
    return list(kind.model_fields)


def choose(body: BaseModel, fields: str) -> list[str]:
    """The fields asked for, in the rows' own order; ``BadParameter`` for one that rows do not have."""
    known = known_fields(body)
    asked = [name.strip() for name in fields.split(",") if name.strip()]
    wrong = [name for name in asked if name not in known]
    if wrong or not asked:
        raise BadParameter(
            f"rows have no {wrong[0]!r}" if wrong else "no field is named",
            where="fields",
            mend=f"choose from {', '.join(known)}",
        )
    return [name for name in known if name in asked]


def write_table(rows: list[dict[str, Any]], form: str, names: Sequence[str] = ()) -> bytes:
    """Rows as a table: what lies inside a field becomes columns of its own, named with a dot. ``names``: the
    columns of a table without any row."""
    import polars as pl

    flat = [{name: plain(value) for name, value in flatten(row).items()} for row in rows]
    frame = pl.DataFrame(flat, infer_schema_length=None) if flat else pl.DataFrame({n: [] for n in names})
    inside = {name.partition(".")[0] for name in frame.columns if "." in name}
    frame = frame.drop(inside & set(frame.columns))  # null in some rows, and columns of its own in others
    if form == PARQUET:
        out = io.BytesIO()
        frame.write_parquet(out)
        return out.getvalue()
    # a spreadsheet would run such text as a formula: a leading quote keeps it text; a number is none
    text = pl.col(pl.String)
    safe = text.str.replace(r"^([=+\-@\t\r])", "'${1}")
    number = text.str.contains(r"^-\d+(\.\d+)?$")
    return frame.with_columns(pl.when(number).then(text).otherwise(safe)).write_csv().encode()


def plain(value: Any) -> Any:
    """A list as one cell; of what has fields, these with their names."""
    if not isinstance(value, list):
        return value
    return "; ".join(
        ", ".join(f"{k}={v}" for k, v in one.items()) if isinstance(one, dict) else str(one) for one in value
    )
