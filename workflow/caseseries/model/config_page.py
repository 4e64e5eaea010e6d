"""`config/README.md`, written from the configuration's models so that the page cannot fall behind them.

`python -m caseseries.model.config_page` writes it again; a test holds it in step.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo

from caseseries.model.cohort import Cohort, Covariate, Disclosure
from caseseries.model.config import Config, Member, Pool

OPENING = """# Configuration

This page is made from the code by `python -m caseseries.model.config_page`; change the models, not the page.

- `config.yaml`: what is analysed (below).
- `definitions/`: one file per source document; see [how to add one](../docs/add-a-definition.md).
- `drugs/`: one profile per drug.

An overlay replaces keys of `config.yaml`; its lists replace the shipped ones whole:
`./run -- --configfile my.yaml`. Unknown keys are refused, all at once.
"""
SECTIONS = (
    ("config.yaml", Config),
    ("config.yaml: each of pools", Pool),
    ("config.yaml: each of members", Member),
    ("data/COHORT/cohort.yaml", Cohort),
    ("cohort.yaml: disclosure", Disclosure),
    ("cohort.yaml: each of covariates", Covariate),
)


def write_config_page() -> str:
    """The whole page as Markdown."""
    parts = [OPENING]
    for title, model in SECTIONS:
        about = (model.__doc__ or "").strip().split("\n\n")
        lines = [
            f"\n## {title}\n",
            "\n\n".join(" ".join(part.split()) for part in about),
            "",
            "| Key | Value | Default | Meaning |",
            "|---|---|---|---|",
        ]
        properties = model.model_json_schema()["properties"]
        lines += [_line(name, field, properties[name]) for name, field in model.model_fields.items()]
        parts.append("\n".join(lines) + "\n")
    return "".join(parts)


def _line(name: str, field: FieldInfo, schema: dict[str, Any]) -> str:
    default = "required" if field.is_required() else _shown(field.get_default(call_default_factory=True))
    return f"| `{name}` | {_kind(schema)} | {default} | {field.description or ''} |"


def _shown(value: object) -> str:
    return "none" if value in (None, "", [], {}) else f"`{value}`"


def _kind(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        kind = "one of " + ", ".join(f"`{value}`" for value in schema["enum"])
    elif "const" in schema:
        kind = f"`{schema['const']}`"
    elif "anyOf" in schema:
        kind = " or ".join(_kind(part) for part in schema["anyOf"] if part.get("type") != "null")
    elif "$ref" in schema:
        kind = schema["$ref"].rsplit("/", 1)[-1].lower()
    elif schema.get("type") == "array":
        kind = "list of " + _kind(schema["items"])
    else:
        words = {"string": "text", "boolean": "true or false", "object": "keys and values"}
        kind = words.get(schema.get("type", ""), schema.get("type", "anything"))
    return kind


def main() -> None:
    """Write config/README.md of the folder in which the command is called."""
    Path("config/README.md").write_text(write_config_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
