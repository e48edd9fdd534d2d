"""Write the pages that follow from the code: settings, commands and ``.env.example`` (``make docs``)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main
from pydantic import AliasChoices
from pydantic.fields import FieldInfo

from pacesetter.settings import Settings

ROOT = Path(__file__).resolve().parents[1]


def environment_names(name: str, field: FieldInfo) -> list[str]:
    """Names of the variables that set a field, the one to prefer first."""
    alias = field.validation_alias
    if isinstance(alias, AliasChoices):
        return [str(choice) for choice in alias.choices]
    return [f"{Settings.model_config['env_prefix']}{name.upper()}"]


def default_text(field: FieldInfo) -> str:
    """A default as it would be written into ``.env``."""
    value = field.get_default(call_default_factory=True)
    if value is None:
        return ""
    if isinstance(value, Path):
        return f"~/{value.relative_to(Path.home())}" if value.is_relative_to(Path.home()) else str(value)
    if isinstance(value, list):
        return "[" + ", ".join(f'"{part}"' for part in value) + "]"
    return str(value)


def described() -> Iterator[tuple[list[str], str, str]]:
    """(variables, default, description) of every setting, in the order of the code."""
    for name, field in Settings.model_fields.items():
        yield environment_names(name, field), default_text(field), field.description or ""


def env_example() -> str:
    """The text of ``.env.example``."""
    lines = [
        "# Every setting of Pacesetter with its default. Copy this file to .env beside the place you start",
        "# it from, and remove the # before what you change. A variable of the environment wins over .env,",
        "# an option of the command line over both.",
    ]
    for names, default, description in described():
        also = f" Also read: {', '.join(names[1:])}." if names[1:] else ""
        lines += ["", f"# {description}{also}", f"#{names[0]}={default}"]
    return "\n".join(lines) + "\n"


def settings_page() -> str:
    """The text of ``docs/reference/settings.md``."""
    lines = [
        "# Settings",
        "",
        "A command-line option wins over a variable of the environment, which wins over `.env` in the folder",
        "you start from, which wins over the default. `pacesetter config show` prints what is in force.",
        "",
        "| variable | default | meaning |",
        "|---|---|---|",
    ]
    for names, default, description in described():
        variable = " or ".join(f"`{name}`" for name in names)
        lines.append(f"| {variable} | {f'`{default}`' if default else 'unset'} | {description} |")
    return "\n".join(lines) + "\n"


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every command that can be called, as (name with its groups, command), sorted."""
    for name, command in sorted(group.commands.items()):
        if command.hidden:
            continue
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


def cli_root() -> Any:
    """The command line as one tree of click commands."""
    from pacesetter.cli.main import app

    return typer.main.get_command(app)


def parameter_row(parameter: Any) -> str:
    """One table row of an option or argument."""
    if parameter.param_type_name == "argument":
        name = f"`{parameter.name.upper()}`"
    else:
        name = ", ".join(f"`{option}`" for option in (*parameter.opts, *parameter.secondary_opts))
    said = " ".join((getattr(parameter, "help", None) or "").split()).replace("|", "\\|")
    return f"| {name} | {said} |"


def cli_page() -> str:
    """The text of ``docs/reference/cli.md``."""
    root = cli_root()
    lines = [
        "# Commands",
        "",
        "Options before the command hold for all of them:",
        "",
        "| option | meaning |",
        "|---|---|",
    ]
    lines += [parameter_row(p) for p in root.params if p.name != "help"]
    for name, command in commands(root):
        summary = (command.help or "").split("\n\n")[0]
        lines += ["", f"## `pacesetter {name}`", "", " ".join(summary.split())]
        rows = [
            parameter_row(p) for p in command.params if p.name != "help" and not getattr(p, "hidden", False)
        ]
        if rows:
            lines += ["", "| argument | meaning |", "|---|---|", *rows]
    return "\n".join(lines) + "\n"


PAGES = {
    ".env.example": env_example,
    "docs/reference/settings.md": settings_page,
    "docs/reference/cli.md": cli_page,
}


def main() -> None:
    """Write every generated page."""
    for name, render in PAGES.items():
        (ROOT / name).write_text(render(), "utf-8")


if __name__ == "__main__":
    main()
