"""`python -m index` as a user and a script see it: exit codes, one line per error, JSON alone on standard output."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

CRANE = """Crane falls at Harnstead

Aug 19, 2025

Baogang Group said its crane fell on Monday. “Nobody was hurt,” a clerk said.
"""
MILL = "---\ntitle: Mill rolls again\npublished: 2026-01-02\n---\n\nThe mill rolled its first plate.\n"


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401  # whatever the command gives
        """Standard output as the one JSON document it must be."""
        return json.loads(self.out)

    @property
    def error(self) -> str:
        """The one line of an error."""
        assert (self.code, self.out) == (2, ""), self
        assert self.err.endswith("\n") and self.err.count("\n") == 1, self.err
        return self.err.rstrip("\n")


Index = Callable[..., Done]


def run(working: Path, *arguments: str, **variables: str) -> Done:
    """Runs `python -m index` with no setting but `variables`, in the folder `working`."""
    environment = {k: v for k, v in os.environ.items() if not k.upper().startswith("ASSAY_")}
    done = subprocess.run(
        [sys.executable, "-m", "index", *arguments],
        cwd=working,
        env={**environment, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "default", **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def command(tmp_path: Path) -> Index:
    """Runs a command in an empty folder."""
    return lambda *arguments, **variables: run(tmp_path, *arguments, **variables)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, encoder_folder: Path) -> tuple[Path, Done]:
    """An index of two articles in the default place of a folder, and what making it said. Not to be written to."""
    working = tmp_path_factory.mktemp("made")
    (working / ".assay").mkdir()
    (working / ".assay" / "encoder").symlink_to(encoder_folder)
    (working / "news").mkdir()
    (working / "news" / "crane.txt").write_text(CRANE)
    (working / "news" / "mill.md").write_text(MILL)
    return working, run(working, "add", "news", "--publisher", "Mock Wire")


@pytest.fixture
def copied(made: tuple[Path, Done], tmp_path: Path) -> Path:
    """A copy of the folder with the index of two articles, to change."""
    return shutil.copytree(made[0], tmp_path / "copied", symlinks=True)


# ---- what the commands do


def test_add_says_what_became_of_the_articles(made: tuple[Path, Done]) -> None:
    assert made[1] == Done(0, "2 added, 0 updated, 0 unchanged, 0 failed\n", "")


def test_list_shows_the_articles_newest_first(made: tuple[Path, Done]) -> None:
    done = run(made[0], "list")
    assert (done.code, done.err) == (0, "")
    header, first, second = done.out.splitlines()
    assert header.split() == ["id", "published", "publisher", "title"]
    assert first.split() == ["mill", "2026-01-02", "Mock", "Wire", "Mill", "rolls", "again"]
    assert second.split()[:2] == ["crane", "2025-08-19"]


def test_list_as_json_is_one_document(made: tuple[Path, Done]) -> None:
    done = run(made[0], "list", "--json")
    assert (done.code, done.err) == (0, "")
    mill, crane = done.json
    assert (mill["id"], mill["title"], mill["published"], mill["url"]) == (
        "mill",
        "Mill rolls again",
        "2026-01-02",
        None,
    )
    assert crane["claimants"] == ["baogang-group"]
    assert crane["publisher"] == "Mock Wire"


def test_show_as_json_has_the_shape_of_the_contract(made: tuple[Path, Done]) -> None:
    done = run(made[0], "show", "crane", "--json")
    assert (done.code, done.err) == (0, "")
    shown = done.json
    keys = "id revision title text published publisher url disclaimer claimants sentences added superseded"
    assert set(keys.split()) <= set(shown)
    assert shown["title"] == "Crane falls at Harnstead"
    assert [shown["text"][s["start"] : s["end"]] for s in shown["sentences"]] == [
        "Baogang Group said its crane fell on Monday.",
        "“Nobody was hurt,” a clerk said.",
    ]
    assert [set(s) for s in shown["sentences"]] == [{"start", "end", "claimant", "section", "also", "may_relay"}] * 2
    assert {s["claimant"] for s in shown["sentences"]} == {"baogang-group"}
    assert shown["superseded"] == []


def test_show_prints_an_article_to_read(made: tuple[Path, Done]) -> None:
    done = run(made[0], "show", "mill")
    assert (done.code, done.err) == (0, "")
    assert done.out == "Mill rolls again\nMock Wire · 2026-01-02 · mill\n\nThe mill rolled its first plate.\n"


def test_an_update_keeps_the_old_revision_to_show(copied: Path) -> None:
    old = run(copied, "show", "crane", "--json").json
    (copied / "correction.md").write_text("---\nid: crane\n---\n\n" + CRANE.replace("Monday", "Friday"))
    added = run(copied, "add", "correction.md", "--json")
    assert (added.code, added.json) == (0, {"articles": {"crane": "updated"}, "failed": [], "skipped": []})
    assert added.err == "0 added, 1 updated, 0 unchanged, 0 failed\n"
    again = run(copied, "show", "crane", "--revision", old["revision"], "--json").json
    assert (again["text"], again["revision"]) == (old["text"], old["revision"])
    assert "Friday" in run(copied, "show", "crane").out


def test_a_citation_taken_before_an_update_still_resolves_and_says_edited_since(copied: Path) -> None:
    old = run(copied, "show", "crane", "--json").json
    start = old["text"].index("its crane fell on Monday")
    citation = ("--revision", old["revision"], "--cited", str(start), str(start + 24))
    assert old["edited_since"] is None
    (copied / "correction.md").write_text("---\nid: crane\n---\n\n" + CRANE.replace("Monday", "Friday"))
    run(copied, "add", "correction.md")
    shown = run(copied, "show", "crane", *citation)
    assert shown.out.endswith("\n\nits crane fell on Monday\n")
    assert "edited since" in shown.out
    told = run(copied, "show", "crane", *citation, "--json").json
    assert told["quote"] == "its crane fell on Monday"
    assert told["edited_since"] == run(copied, "show", "crane", "--json").json["added"]
    assert "is not in it" in run(copied, "show", "crane", "--cited", "5", "99999").error


def test_verify_and_rebuild_say_how_it_is(copied: Path) -> None:
    assert run(copied, "verify").out == "All parts of the index agree.\n"
    (copied / ".assay" / "generation").write_text("another")
    broken = run(copied, "verify", "--json")
    assert (broken.code, broken.json["ok"]) == (1, False)
    assert "lexical cache" in broken.json["problems"][0]["what"]
    assert "What to do: " in run(copied, "verify").err
    count = len(run(copied, "list", "--json").json)
    assert run(copied, "rebuild", "--json").json == {"articles": count, "resumed": 0, "damaged": []}
    assert run(copied, "verify", "--json").json == {"ok": True, "problems": []}


def test_files_in_no_format_of_articles_are_skipped_and_told(copied: Path) -> None:
    (copied / "more").mkdir()
    (copied / "more" / "ferry.txt").write_text("The ferry sails at night.")
    (copied / "more" / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0 no article")
    done = run(copied, "add", "more")
    assert (done.code, done.out) == (0, "1 added, 0 updated, 0 unchanged, 0 failed\n")
    assert "photo.jpg" in done.err


def test_sources_that_fail_are_told_and_the_others_are_indexed(copied: Path) -> None:
    (copied / "more.jsonl").write_text('{"text": "The ferry sails at night."}\n{oops\n')
    done = run(copied, "add", "nowhere", "more.jsonl")
    assert (done.code, done.out) == (1, "1 added, 0 updated, 0 unchanged, 2 failed\n")
    lines = done.err.splitlines()
    assert [line.startswith("failed: ") for line in lines] == [True, True]
    assert "nowhere" in lines[0] and "more.jsonl:2" in lines[1]


def test_failures_are_in_the_json_too(copied: Path) -> None:
    done = run(copied, "add", "nowhere", "news", "--publisher", "Mock Wire", "--json")
    assert done.code == 1
    assert done.json["articles"] == {"crane": "unchanged", "mill": "unchanged"}
    assert [failure["source"] for failure in done.json["failed"]] == ["nowhere"]


def test_remove_takes_out_what_is_named_and_counts_it_once(copied: Path) -> None:
    done = run(copied, "remove", "crane", "crane")
    assert done == Done(0, "1 removed\n", "")
    assert [a["id"] for a in run(copied, "list", "--json").json] == ["mill"]


def test_remove_with_one_wrong_id_removes_nothing(copied: Path) -> None:
    assert "'nobody'" in run(copied, "remove", "mill", "nobody", "--json").error
    assert len(run(copied, "list", "--json").json) == 2


def test_an_index_elsewhere_is_named_by_flag_or_variable(made: tuple[Path, Done], command: Index) -> None:
    place = str(made[0] / ".assay")
    assert len(command("list", "--json", "--index", place).json) == 2
    assert len(command("list", "--json", ASSAY_INDEX=place).json) == 2


# ---- errors: exit 2, one line, nothing on standard output


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ([], "add | list | show | remove"),
        (["explode"], "explode"),
        (["add"], "SOURCE"),
        (["show"], "ARTICLE_ID"),
        (["list", "--colour"], "--colour"),
        (["list", "--index"], "--index"),
    ],
)
def test_a_command_that_is_not_understood(command: Index, arguments: list[str], named: str) -> None:
    error = command(*arguments).error
    assert named in error
    assert "--help" in error


@pytest.mark.parametrize("arguments", [["list"], ["show", "crane"], ["remove", "crane"], ["list", "--json"]])
def test_an_index_that_is_not_there(command: Index, arguments: list[str], tmp_path: Path) -> None:
    error = command(*arguments).error
    assert "no index at .assay" in error
    assert "python -m index add" in error
    assert list(tmp_path.iterdir()) == []


def test_an_article_that_is_not_there(made: tuple[Path, Done]) -> None:
    assert "'nobody'" in run(made[0], "show", "nobody", "--json").error


def test_a_revision_that_is_not_there(made: tuple[Path, Done]) -> None:
    assert "'abc'" in run(made[0], "show", "crane", "--revision", "abc").error


def test_an_unknown_setting(command: Index) -> None:
    assert command("list", ASSAY_INDX="x").error.startswith("ASSAY_INDX is not a setting")


def test_an_encoder_other_than_that_of_the_index(made: tuple[Path, Done]) -> None:
    error = run(made[0], "list", ASSAY_ENCODER="another-model").error
    assert "another-model" in error
    assert "ASSAY_ENCODER=all-MiniLM-L6-v2" in error


def test_a_registry_that_is_malformed(command: Index, tmp_path: Path) -> None:
    (tmp_path / "registry.toml").write_text('[[entity]]\nid = "vsm"\n')
    error = command("add", "a.txt", ASSAY_REGISTRY="registry.toml").error
    assert "vsm lacks name" in error


def test_a_folder_that_is_something_else(command: Index, tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text(CRANE)
    assert "not an index" in command("add", "thesis", "--index", "thesis").error


def test_a_store_that_is_damaged(copied: Path) -> None:
    (copied / ".assay" / "chroma" / "chroma.sqlite3").write_bytes(b"not a database at all" * 500)
    done = run(copied, "list")
    assert "Traceback" not in done.err
    assert "Unexpected" not in done.error


def test_a_reader_of_the_output_that_stops_reading_meets_no_traceback(made: tuple[Path, Done]) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipe = f"{sys.executable} -m index show crane --json | head -c 5; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", pipe], cwd=made[0], env=environment, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


def test_help_is_on_standard_output(command: Index) -> None:
    done = command("add", "--help")
    assert (done.code, done.err) == (0, "")
    assert "SOURCE" in done.out
