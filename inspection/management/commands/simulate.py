"""Simulate a job: an AI and people of given error rates, through the real steps, with the naive rule beside them."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from inspection.refused import Refused
from inspection.simulation.many import empty_database, many
from inspection.simulation.outcome import Outcome, summary
from inspection.simulation.plan import Drift, Plan, Rates, check

ROWS = {
    "false_promotions": "runs with a climb that the AI did not deserve",
    "assistance": "runs that reached assistance",
    "assistance_after_parts": "  after so many parts (median)",
    "assistance_after_days": "  after so many days (median)",
    "partial": "runs that reached partial automation",
    "partial_after_parts": "  after so many parts (median)",
    "partial_after_days": "  after so many days (median)",
    "stepped_down": "runs that stepped down after the drift",
    "delay_in_parts": "  parts between drift and step down (median)",
    "escapes_until_then": "  bad parts that the AI passed in between (mean)",
    "needless_step_downs": "steps down of an AI that deserved its level",
    "level_changes_a_run": "changes of level in one run (mean)",
}


class Command(BaseCommand):
    help = (
        "Run a job with an AI and inspectors of given error rates through the real steps, in a database that is thrown "
        "away, and compare its climbs and steps down with those of the naive rule (95 % agreement in the last 200)."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        plan, rates = Plan(), Rates()
        parser.add_argument("--runs", type=int, default=1, help="runs, each with the next seed (1)")
        parser.add_argument("--seed", type=int, default=1, help="seed of the first run (1)")
        parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="runs at the same time (cores)")
        parser.add_argument("--json", action="store_true", help="one JSON object instead of the table")
        for name, what in _WHOLE.items():
            _option(parser, name, int, getattr(plan, name), what)
        for name, what in _SHARES.items():
            _option(parser, name, float, getattr(plan, name), what)
        for name, what in _RATES.items():
            _option(parser, f"ai_{name}", float, getattr(rates, name), f"how often the AI {what}")
            _option(parser, f"drift_{name}", float, None, f"how often it {what} from then on (as before)")
        parser.add_argument("--drift-at", type=int, help="part from which on the AI errs otherwise (never)")
        parser.add_argument("--bar", action="append", default=[], metavar="NAME=VALUE", help="another bar or minimum")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            plan = _plan(options)
            check(plan)
            found = self._run(plan, options)
        except Refused as refused:
            raise CommandError(refused.detail) from refused
        figures = summary(plan, found)
        if options["json"]:
            runs = [asdict(one) for one in found]
            self.stdout.write(json.dumps({"plan": asdict(plan), "summary": figures, "runs": runs}, indent=2))
            return
        self._table(figures)

    def _run(self, plan: Plan, options: dict[str, Any]) -> list[Outcome]:
        seeds = range(options["seed"], options["seed"] + max(1, options["runs"]))
        self.stderr.write("Making an empty database ...")
        with empty_database() as empty, tqdm(total=len(seeds) * plan.parts, unit=" parts", disable=None) as bar:

            def say(more: int) -> None:
                bar.update(more)

            return many(plan, seeds=seeds, empty=empty, processes=max(1, options["processes"]), say=say)

    def _table(self, figures: dict[str, Any]) -> None:
        product, naive = figures["product"], figures["naive"]
        self.stdout.write(f"{figures['runs']:>4} runs {'product':>49} {'naive rule':>12}")
        for name, words in ROWS.items():
            if name in product:
                self.stdout.write(f"{words:<48} {_said(product[name]):>11} {_said(naive[name]):>12}")
        self.stdout.write(f"{'parts sent again by steps down (median)':<48} {_said(figures['rerouted']):>11}")


_WHOLE = {
    "parts": "parts that come in",
    "per_day": "parts a day",
    "lot": "parts of a lot",
    "inspectors": "inspectors",
    "late": "so many parts later come second looks and adjudications",
}
_SHARES = {
    "bad_lots": "share of lots that all errors of the AI fall into",
    "defects": "share of bad parts",
    "miss": "share of bad parts that an inspector passes",
    "overkill": "share of good parts that an inspector rejects",
    "follow": "how often an inspector gives way to a hint",
    "blind": "blind share",
    "audit": "share of the AI's decisions that is audited",
}
_RATES = {"miss": "passes a bad part", "overkill": "rejects a good part", "unsure": "is unsure"}


def _option(parser: ArgumentParser, name: str, kind: type, default: Any, what: str) -> None:
    shown = "" if default is None else f" ({default:g})"
    parser.add_argument(f"--{name.replace('_', '-')}", type=kind, default=default, help=what + shown)


def _plan(options: dict[str, Any]) -> Plan:
    ai = Rates(**{name: options[f"ai_{name}"] for name in _RATES})
    then = {name: options[f"drift_{name}"] for name in _RATES}
    changed = Rates(**{name: getattr(ai, name) if value is None else value for name, value in then.items()})
    drift = None if options["drift_at"] is None else Drift(at=options["drift_at"], rates=changed)
    plain = {name: options[name] for name in (*_WHOLE, *_SHARES)}
    return Plan(**plain, ai=ai, drift=drift, bars=dict(_bar(text) for text in options["bar"]))


def _bar(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name.strip(), float(value) if "." in value else int(value)
    except ValueError as error:
        raise CommandError(f"--bar takes NAME=VALUE, not {text!r}.") from error


def _said(value: Any) -> str:
    return "-" if value is None else f"{value:g}"
