"""What every command shares: the flags, one line per error, JSON on standard output."""

import argparse
import json
import re
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from index.errors import AssayError, SettingsError

if TYPE_CHECKING:
    from index.filtering import Filter

BAD_INPUT, INTERRUPTED = 2, 130


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        """Exits 2 with the message and where help is."""
        self.exit(BAD_INPUT, f"{self.prog}: {message}. See: {self.prog} --help\n")


def common_flags() -> Parser:
    """The flags of every command, as a parent parser."""
    parent = Parser(add_help=False)
    parent.add_argument("--index", type=Path, metavar="DIR", help="the index (default: $ASSAY_INDEX, else .assay)")
    parent.add_argument("--json", action="store_true", help="one JSON document on standard output")
    return parent


def filter_flags() -> Parser:
    """The flags by which a command keeps to a part of the articles, as a parent parser; see `filter_of`."""
    parent = Parser(add_help=False)
    group = parent.add_argument_group("filters")
    group.add_argument(
        "--state-sourced", choices=("only", "exclude"), help="only what rests on a state source, or nothing that does"
    )
    who = "a name or registry id, or publisher for the publisher's own words"
    for flag, what in (("claimant", f"claimed by NAME ({who})"), ("publisher", "published by NAME")):
        group.add_argument(f"--{flag}", action="append", default=[], metavar="NAME", help=f"only what is {what}")
        group.add_argument(f"--not-{flag}", action="append", default=[], metavar="NAME", help=f"nothing {what}")
    group.add_argument("--since", type=_day, metavar="DATE", help="published on or after an ISO date")
    group.add_argument("--until", type=_day, metavar="DATE", help="published on or before an ISO date")
    return parent


def filter_of(options: argparse.Namespace) -> "Filter":
    """What the flags of `filter_flags` ask for."""
    from index.filtering import Filter  # deferred, so that --help and a wrong flag answer at once

    if options.since and options.until and options.since > options.until:
        raise SettingsError(f"--since {options.since} is after --until {options.until}; nothing is published between.")
    if not all(
        n.strip() for n in (*options.claimant, *options.not_claimant, *options.publisher, *options.not_publisher)
    ):
        raise SettingsError("A filter needs a name. Write for example: --claimant Baogang")
    return Filter(
        state_sourced={"only": True, "exclude": False}.get(options.state_sourced),
        claimants=tuple(options.claimant),
        without_claimants=tuple(options.not_claimant),
        publishers=tuple(options.publisher),
        without_publishers=tuple(options.not_publisher),
        since=options.since,
        until=options.until,
    )


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; write it as 2026-11-22") from None


def run(main: Callable[[Sequence[str] | None], int], arguments: Sequence[str] | None = None) -> int:
    """The exit code of `main`; an error becomes one line on standard error, never a traceback."""
    try:
        return main(arguments)
    except AssayError as error:
        say(" ".join(str(error).split()))
        return BAD_INPUT
    except KeyboardInterrupt:
        say("Stopped.")
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except Exception as error:
        if _debugging():
            raise
        reason = " ".join(str(error).split())[:300]
        say(f"Unexpected failure: {type(error).__name__}: {reason}. ASSAY_DEBUG=1 shows where.")
        return BAD_INPUT


def say(message: str) -> None:
    """One line on standard error; signs that would steer a terminal, in a file's name perhaps, are spelled out."""
    message = re.sub(r"[\x00-\x1f\x7f-\x9f]", lambda sign: repr(sign.group())[1:-1], message)
    print(message, file=sys.stderr, flush=True)  # noqa: T201  # the commands' own voice


def show(message: str) -> None:
    """Text on standard output."""
    message = message.encode(errors="backslashreplace").decode()  # names of files need not be Unicode
    print(message, flush=True)  # noqa: T201  # the commands' own voice


def show_json(value: Any) -> None:  # noqa: ANN401  # whatever a command gives
    """One JSON document on standard output."""
    show(json.dumps(value, ensure_ascii=False, indent=1))


def _debugging() -> bool:
    import os

    return os.environ.get("ASSAY_DEBUG", "").lower() in ("1", "true", "yes")
