"""Articles in and out of the index.

python -m index add SOURCE... [--publisher NAME]
python -m index list | show ARTICLE_ID [--revision R] | remove ARTICLE_ID...
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from index.adding import Report, add_sources
from index.article import Article
from index.cli import Parser, common_flags, run, say, show, show_json
from index.config import load_settings
from index.provenance import Registry
from index.store import ArticleIndex

if TYPE_CHECKING:
    from collections.abc import Callable


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code."""
    options = _parser().parse_args(arguments)
    settings = load_settings(options.index)
    if options.command == "add":
        registry = Registry.load(settings.registry)
        with ArticleIndex.create(settings.index, settings.encoder) as index:
            return _add(index, registry, options)
    with ArticleIndex.open(settings.index, settings.encoder) as index:
        return {"list": _list, "show": _show, "remove": _remove}[options.command](index, options)


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="python -m index", description="Articles in and out of the index.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="add | list | show | remove")
    common = common_flags()
    add = commands.add_parser("add", parents=[common], help="add or update articles")
    add.add_argument("sources", nargs="+", metavar="SOURCE", help="files or folders")
    add.add_argument("--publisher", help="publisher of articles that do not name theirs")
    commands.add_parser("list", parents=[common], help="all articles")
    show_one = commands.add_parser("show", parents=[common], help="one article whole")
    show_one.add_argument("id", metavar="ARTICLE_ID")
    show_one.add_argument("--revision", help="an earlier revision")
    remove = commands.add_parser("remove", parents=[common], help="take articles out")
    remove.add_argument("ids", nargs="+", metavar="ARTICLE_ID")
    return parser


def _add(index: ArticleIndex, registry: Registry, options: argparse.Namespace) -> int:
    with _progress() as progress:
        report = add_sources(index, registry, options.sources, options.publisher, progress)
    if options.json:
        failed = [{"source": f.source, "reason": f.reason} for f in report.failed]
        show_json({"articles": report.outcomes, "failed": failed})
    _account(report, show if not options.json else say)
    return 1 if report.failed else 0


def _account(report: Report, write: "Callable[[str], None]") -> None:
    for failure in report.failed:
        say(f"failed: {failure.source}: {failure.reason}")
    write(", ".join(f"{count} {name}" for name, count in report.counts.items()))


@contextmanager
def _progress() -> "Iterator[Callable[[int, int, str], None]]":
    """A progress bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda done, total, name: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Indexing", total=None)
        yield lambda done, total, name: bar.update(
            task, completed=done, total=total, description=f"Indexing {name[:40]}"
        )


def _list(index: ArticleIndex, options: argparse.Namespace) -> int:
    articles = index.listing()
    if options.json:
        keys = ("id", "revision", "title", "published", "publisher", "url", "claimants", "added")
        show_json([{key: article.to_json()[key] for key in keys} for article in articles])
        return 0
    if not articles:
        say("The index is empty. Add articles: python -m index add ARTICLES")
        return 0
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for column in ("id", "published", "publisher", "title"):
        table.add_column(column, overflow="fold" if column == "id" else "ellipsis", no_wrap=column != "id")
    for a in articles:
        table.add_row(*(Text(cell or "–") for cell in (a.id, a.published, a.publisher, a.title)))
    Console(width=None if sys.stdout.isatty() else 160).print(table)
    return 0


def _show(index: ArticleIndex, options: argparse.Namespace) -> int:
    article = index.article(options.id, options.revision)
    if options.json:
        show_json(article.to_json())
    else:
        show("\n".join((article.title, _byline(article), "", article.text)))
    return 0


def _byline(article: Article) -> str:
    return " · ".join(part for part in (article.publisher, article.published, article.url, article.id) if part)


def _remove(index: ArticleIndex, options: argparse.Namespace) -> int:
    for article_id in options.ids:
        index.article(article_id)  # before anything is removed, so that a wrong id removes nothing
    removed = list(dict.fromkeys(options.ids))
    for article_id in removed:
        index.remove(article_id)
    if options.json:
        show_json({"removed": removed})
    else:
        show(f"{len(removed)} removed")
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
