"""The only reader of the environment and of ``.env``."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from dotenv import dotenv_values
from pydantic import AliasChoices, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from pacesetter.kernel.errors import ConfigError

Source = Literal["auto", "yahoo", "files", "simulated", "none"]


class Settings(BaseSettings):
    """Every setting, with its default; ``.env.example`` lists the same names."""

    model_config = SettingsConfigDict(
        env_prefix="PACESETTER_", env_file=".env", extra="ignore", populate_by_name=True
    )

    home: Path = Field(Path.home() / ".pacesetter", description="Folder that holds all state.")
    database_url: str | None = Field(
        None,
        validation_alias=AliasChoices("PACESETTER_DATABASE_URL", "DATABASE_URL"),
        description="postgresql://user:password@host/name; unset: SQLite files in the home folder.",
    )
    host: str = Field("127.0.0.1", description="Address the server binds to.")
    port: int = Field(8000, ge=0, le=65535, description="Port the server listens on.")
    server_names: list[str] = Field(
        [], description="Names that others reach the server by, such as ranks.example.org."
    )
    owner_password_file: Path | None = Field(
        None,
        description="File with the password of a first user, `owner`; a missing one is made, at random.",
    )
    source: Source = Field(
        "auto", description="Where prices come from: auto, yahoo, files, simulated or none."
    )
    providers: list[str] = Field(["yahoo"], description="Providers tried by `auto`, in this order.")
    fetch_interval_minutes: int = Field(
        60,
        ge=1,
        validation_alias=AliasChoices("PACESETTER_FETCH_INTERVAL_MINUTES", "FETCH_INTERVAL_MINUTES"),
        description="Minutes between ticks on trading days.",
    )
    final_delay_minutes: int = Field(20, ge=0, description="A day's bar is final this long after the close.")
    files_folder: Path | None = Field(None, description="Folder of price files that `--source files` reads.")
    benchmark: str = Field("SPY", description="Benchmark of relative strength, where its bars are stored.")
    calendar: str = Field("XNYS", description="Exchange calendar (MIC) that dates and ticks follow.")
    yahoo_url: str | None = Field(None, description="Another base address for Yahoo's API (tests).")
    yahoo_requests_per_minute: int = Field(60, ge=1, description="Upper bound of requests to Yahoo.")
    batch_at: str = Field(
        "21:00",
        pattern=r"^([01]\d|2[0-3]):[0-5]\d$",
        description="Time of day at which the nightly batch of symbols runs, on trading days.",
    )
    batch_zone: str = Field("America/New_York", description="Time zone of that time.")
    dask_scheduler: str | None = Field(
        None, description="tcp://host:8786 of a Dask scheduler that does batch work; unset: local threads."
    )
    onboarding_at_once: int = Field(
        2,
        ge=0,
        le=16,
        description="Symbols that are brought in at the same time (0: a server leaves the queue to others).",
    )
    simulated_seed: int = Field(20240101, description="Seed of the simulated market.")
    plugins: list[str] = Field([], description="Names of installed plug-ins that may be loaded.")
    redis_url: str | None = Field(
        None, description="redis://user:password@host:6379/0; unset: answers are kept in the process only."
    )
    cache_mb: int = Field(64, ge=0, description="Megabytes of answers kept in the process (0: none).")
    reads_per_minute: int = Field(
        6000, ge=0, description="Requests that read the API, a minute, of one user or address (0: no limit)."
    )
    writes_per_minute: int = Field(
        120,
        ge=0,
        description="Requests that change something, a minute, of one user or address (0: no limit).",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Log level.")


def load_settings(**over: object) -> Settings:
    """Read the settings; ``over`` (command-line options) wins, ``None`` leaves a setting alone."""
    given = {name: value for name, value in over.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise ConfigError(
            f"setting {name!r} is wrong: {first['msg']}",
            mend="`pacesetter config show` lists every setting; see .env.example",
        ) from None


@dataclass(frozen=True)
class SettingInForce:
    """A setting as it holds now: its value (without a password), and whether it comes from an
    ``option``, the ``environment``, ``.env`` or is the ``default``; ``variable`` would set it."""

    name: str
    value: Any
    origin: str
    variable: str


def describe_settings(**over: object) -> list[SettingInForce]:
    """Every setting in force, in the order of the code; ``over`` as for ``load_settings``."""
    settings = load_settings(**over)
    environment = {name.upper() for name in os.environ}
    written = {name.upper() for name in dotenv_values(".env")}
    rows = []
    for name, field in Settings.model_fields.items():
        alias = field.validation_alias
        choices = alias.choices if isinstance(alias, AliasChoices) else [f"PACESETTER_{name.upper()}"]
        variables = [str(choice) for choice in choices]
        places = (("environment", environment), (".env", written))
        found = [(place, v) for place, names in places for v in variables if v in names]
        origin, variable = found[0] if found else ("default", variables[0])
        if over.get(name) is not None:
            origin = "option"
        rows.append(SettingInForce(name, shown(name, getattr(settings, name)), origin, variable))
    return rows


def shown(name: str, value: Any) -> Any:
    """A value that may be shown to anyone: no password."""
    if name.endswith("_url") and value:
        value = re.sub(r"(?<=://)([^:/]*):.*@", r"\1:***@", value)
        value = re.sub(r"(?i)(password=)[^&]*", r"\1***", value)
    return str(value) if isinstance(value, Path) else value
