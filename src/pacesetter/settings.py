"""The only reader of the environment and of ``.env``."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from dotenv import dotenv_values
from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

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
    box_sources: Annotated[list[str], NoDecode] = Field(
        [
            "tcgplayer_scraper",
            "listings_scraper",
            "apify_tcgplayer",
            "spreadsheet_import",
            "screenshot_capture",
        ],
        description="Whose figure of a box counts where several sources give one, behind entries by hand; "
        "others follow by name. Names with commas between them will do.",
    )
    inbox_folder: Path | None = Field(
        None, description="Folder that is watched for files (unset: inbox in the home folder)."
    )
    inbox_max_mb: int = Field(
        100, ge=1, le=2000, description="A larger file in the inbox is refused, in megabytes."
    )
    inbox_settle_s: float = Field(
        3.0, ge=0, le=60, description="Seconds in which a file of the inbox must not change to be taken up."
    )
    simulated_seed: int = Field(20240101, description="Seed of the simulated market.")
    plugins: list[str] = Field([], description="Names of installed plug-ins that may be loaded.")
    llm_url: str | None = Field(
        None,
        description="https://host/v1 of a language model's endpoint that speaks OpenAI's protocol, or "
        "http://127.0.0.1:11434/v1 of one at home; unset: the desk works by its rules alone.",
    )
    llm_model: str | None = Field(None, description="Name of the model, as its endpoint calls it.")
    llm_key: SecretStr | None = Field(None, description="Key of that endpoint, where it wants one.")
    llm_mode: Literal["record", "replay", "off"] = Field(
        "record", description="record: ask, and keep every answer; replay: kept answers only; off: no texts."
    )
    llm_budget_per_night: int = Field(
        200_000, ge=0, description="Tokens, sent and answered, that one night may take."
    )
    llm_price_per_million_tokens: float | None = Field(
        None, ge=0, description="Price of a million tokens, for the costs that are shown."
    )
    llm_timeout_seconds: float = Field(60.0, gt=0, le=600, description="Longest wait for one answer.")
    llm_minutes_per_night: float = Field(
        30.0, gt=0, description="Longest time of a night that answers of the model may take, all together."
    )
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
    notify_urls: Annotated[list[SecretStr], NoDecode] = Field(
        [],
        description="Where the morning report goes: addresses as Apprise writes them, such as "
        "mailtos://user:password@example.org or json://host/path, with spaces between them. Never shown.",
    )
    notify_quiet: bool = Field(
        False, description="Send the morning report on nights on which nothing material changed, too."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Log level.")

    @field_validator("box_sources", mode="before")
    @classmethod
    def split_names(cls, value: object) -> object:
        """Names from a JSON list, or with commas between them."""
        if not isinstance(value, str):
            return value
        names = json.loads(value) if value.lstrip().startswith("[") else value.split(",")
        return [str(name).strip().lower() for name in names if str(name).strip()]

    @field_validator("notify_urls", mode="before")
    @classmethod
    def split_addresses(cls, value: object) -> object:
        """Addresses from a JSON list, or with white space between them: they may hold commas."""
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value.lstrip().startswith("[") else value.split()
        except ValueError:
            raise ValueError("write addresses with spaces between them, or a JSON list") from None


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
    if isinstance(value, SecretStr):
        return "***" if value.get_secret_value() else ""
    if isinstance(value, list) and any(isinstance(one, SecretStr) for one in value):
        return [shown(name, one) for one in value]
    if name.endswith("_url") and value:
        value = re.sub(r"(?<=://)([^:/]*):.*@", r"\1:***@", value)
        value = re.sub(r"(?i)(password=)[^&]*", r"\1***", value)
    return str(value) if isinstance(value, Path) else value
