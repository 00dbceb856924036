"""The JSON Schema and the starter file, both read off the vocabulary. Default tier."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from simulator.cli import main
from simulator.files.loading import load
from simulator.files.strict_yaml import parse
from simulator.files.template import EXAMPLES, starter
from simulator.levers import KINDS
from simulator.levers.driver import Driver
from simulator.scenario import Outlook, Scenario
from simulator.scenario.schema import schema
from simulator.values import limits

SHIPPED = sorted((Path(__file__).parent.parent.parent / "scenarios").glob("*.yaml"))
VALIDATOR = jsonschema.Draft202012Validator(schema())
LEAST = """
title: Least
as_of: 2018-10-31
target: {measure: turnover, period: 2020, at_least: 1000}
observations: [{measure: turnover, period: 2017, value: 690.8, growth: 64.8%}]
"""


def plain(text: str) -> Any:
    """What an editor's YAML gives its validator."""

    def of_json(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: of_json(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [of_json(item) for item in value]
        return (
            float(value)
            if isinstance(value, Decimal)
            else str(value)
            if isinstance(value, dt.date)
            else value
        )

    node = parse(text.encode(), "x.yaml")
    return of_json((node[0] if isinstance(node, tuple) else node).plain())


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


def test_an_editor_knows_the_limits() -> None:
    least = plain(LEAST)
    assert not list(VALIDATOR.iter_errors(least | {"notes": "x" * limits.LETTERS.most}))
    year = {"measure": "turnover", "period": 2017, "value": 690.8}
    too_much: dict[str, Any] = {
        "notes": "x" * (limits.LETTERS.most + 1),
        "target": [least["target"]] * (limits.TARGETS.most + 1),
        "observations": [year] * (limits.FIGURES.most + 1),
        "alternatives": {f"a{n}": [year] for n in range(limits.READINGS.most + 1)},
        "shocks": {f"a{n}": {"period": "2015"} for n in range(limits.SHOCKS.most + 1)},
    }
    for section, value in too_much.items():
        assert not VALIDATOR.is_valid(least | {section: value}), section
        one = value[:1] if isinstance(value, str | list) else dict([*value.items()][:1])
        assert VALIDATOR.is_valid(least | {section: one}), section


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_an_editor_accepts_every_shipped_file(path: Path) -> None:
    errors = [
        f"{list(e.absolute_path)}: {e.message[:200]}" for e in VALIDATOR.iter_errors(plain(path.read_text()))
    ]
    assert not errors


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: Least", "titel: Least"),
        ("title: Least\n", ""),
        ("2018-10-31", "October"),
        ("at_least: 1000", "at_least: 1000%"),
        ("period: 2020", "period: 2020-13"),
        ("growth: 64.8%", "growth: 64.8"),
        ("value: 690.8", "value: -3"),
        ("value: 690.8", "value: 690.8, colour: red"),
        ("title: Least", "title: Least\nlevers: {a: {kind: custm}}"),
        ("title: Least", "title: Least\nlevers: {a: {kind: custom, percent: 5}}"),
        (
            "title: Least",
            "title: Least\nlevers: {a: {kind: joint_ventures, count: 2.5, planned_exports_each: 3}}",
        ),
        ("title: Least", "title: Least\nlevers: {a: {kind: custom, percent: {low: 1%, high: 2%}}}"),
        ("title: Least", "title: Least\noutlook: {world: gloom}"),
        ("title: Least", "title: Least\nstreams: {x: {direction: east}}"),
    ],
)
def test_an_editor_rejects_bad_files(old: str, new: str) -> None:
    assert VALIDATOR.is_valid(plain(LEAST))
    assert old in LEAST
    assert not VALIDATOR.is_valid(plain(LEAST.replace(old, new)))


def test_an_overlay_may_leave_out_and_remove() -> None:
    assert VALIDATOR.is_valid({"extends": "a.yaml", "levers": None, "outlook": {"trend": 0.02}})
    assert VALIDATOR.is_valid({"extends": "a.yaml", "levers": {"rules": {"percent": "3%"}, "corridor": None}})
    assert not VALIDATOR.is_valid(
        {"extends": "a.yaml", "levers": {"rules": {"percent": 3, "kind": "custom"}}}
    )


def test_the_template_is_what_new_writes_and_it_runs(tmp_path: Path) -> None:
    template = next(path for path in SHIPPED if path.stem == "template")
    assert template.read_text() == starter()
    path = tmp_path / "mine.yaml"
    assert CliRunner().invoke(main, ["new", str(path)]).exit_code == 0
    assert load(path).scenario == load(template).scenario
    again = CliRunner().invoke(main, ["new", str(path)])
    assert again.exit_code == 2
    assert "--force" in again.output
    assert CliRunner().invoke(main, ["run", str(path), "--points", "64"]).exit_code == 0


def test_the_template_documents_every_field() -> None:
    text = starter()
    models = [Scenario, Outlook, Driver, *(kind.model for kind in KINDS.values())]
    for model in models:
        for name, field in model.model_fields.items():
            assert f"{name}:" in text, (model.__name__, name)
            assert field.description or name == "kind", (model.__name__, name)
    assert set(EXAMPLES) == set(KINDS)


def test_schema_is_printed() -> None:
    assert '"$schema"' in CliRunner().invoke(main, ["schema"]).stdout
