"""The only reader of the environment and of ``.env``."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

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
    source: Source = Field("auto", description="Where prices come from: auto, yahoo, files, simulated or none.")
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
    simulated_seed: int = Field(20240101, description="Seed of the simulated market.")
    plugins: list[str] = Field([], description="Names of installed plug-ins that may be loaded.")
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
