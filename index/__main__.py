"""Articles in and out of the index.

python -m index add SOURCE... [--publisher NAME]
python -m index list [--state-sourced only|exclude] [--claimant NAME] [--publisher NAME] [--since DATE] [--until DATE]
python -m index show ARTICLE_ID [--revision R] [--cited START END] | remove ARTICLE_ID... | verify | rebuild | attribute
"""

import argparse
import sys
from collections.abc import Callable, Sequence

from index.adding import account, add_sources, say_waiting
from index.article import Article
from index.cli import INTERRUPTED, Parser, common_flags, filter_flags, filter_of, run, say, show, show_json
from index.config import Settings, load_settings
from index.errors import StoreError
from index.filtering import filtered
from index.progress import shown
from index.provenance.current import CurrentClaimants
from index.provenance.registry import Registry
from index.reading import Reading
from index.rebuilding import attribute_all, rebuild
from index.store import ArticleIndex
from index.verifying import verify
from index.writing import writing


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code."""
    options = _parser().parse_args(arguments)
    commands: dict[str, Callable[[Settings, argparse.Namespace], int]] = {
        "add": _add,
        "list": _list,
        "show": _show,
        "remove": _remove,
        "verify": _verify,
        "rebuild": _rebuild,
        "attribute": _attribute,
    }
    return commands[options.command](load_settings(options.index), options)


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="python -m index", description="Articles in and out of the index.")
    names = "add | list | show | remove | verify | rebuild | attribute"
    commands = parser.add_subparsers(dest="command", required=True, metavar=names)
    common = common_flags()
    add = commands.add_parser("add", parents=[common], help="add or update articles")
    add.add_argument("sources", nargs="+", metavar="SOURCE", help="files, folders, or URLs of pages and feeds")
    add.add_argument("--publisher", help="publisher of articles that are not given one")
    listing = "all articles, or those with a sentence that the filters let through"
    commands.add_parser("list", parents=[common, filter_flags()], help=listing)
    show_one = commands.add_parser("show", parents=[common], help="one article whole")
    show_one.add_argument("id", metavar="ARTICLE_ID")
    show_one.add_argument("--revision", help="an earlier revision")
    show_one.add_argument("--cited", nargs=2, type=int, metavar=("START", "END"), help="only the words of a citation")
    remove = commands.add_parser("remove", parents=[common], help="take articles out")
    remove.add_argument("ids", nargs="+", metavar="ARTICLE_ID")
    commands.add_parser("verify", parents=[common], help="check that all parts of the index agree")
    commands.add_parser("rebuild", parents=[common], help="split and encode everything anew from the stored texts")
    anew = "find the claimants anew with the registry as it is now; nothing is encoded again"
    commands.add_parser("attribute", parents=[common], help=anew)
    return parser


def _add(settings: Settings, options: argparse.Namespace) -> int:
    registry = Registry.load(settings.registry)
    index = ArticleIndex.create(settings.index, settings.encoder)
    how = Reading(options.publisher, registry, settings.allow_private_urls)
    with shown("Indexing") as progress:
        report = add_sources(index, options.sources, how, progress, say_waiting)
    if options.json:
        failed = [{"source": f.source, "reason": f.reason} for f in report.failed]
        show_json({"articles": report.outcomes, "failed": failed, "skipped": report.skipped})
    account(report, show if not options.json else say)
    return INTERRUPTED if report.interrupted else 1 if report.failed else 0


_LISTED = (
    "title",
    "title_inferred",
    "published",
    "published_inferred",
    "publisher",
    "url",
    "language",
    "claimants",
    "added",
)
"""What a list says of an article beside its id and revision."""


def _list(settings: Settings, options: argparse.Namespace) -> int:
    kept = filter_of(options)
    index = ArticleIndex.open(settings.index, settings.encoder)
    records = filtered(index, kept, CurrentClaimants(Registry.load(settings.registry))) if kept else index.listing()
    if options.json:
        show_json([{"id": a.id, "revision": r, **{key: _plain(a, key) for key in _LISTED}} for r, a in records])
        return 0
    if not records:
        say(
            f"No article passes the filter ({kept})."
            if kept and len(index)
            else "The index is empty. Add articles: python -m index add ARTICLES"
        )
        return 0
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, expand=True)
    for column in ("id", "published", "publisher", "title"):
        table.add_column(column, no_wrap=True, ratio=1 if column == "title" else None)
    for _, a in records:
        table.add_row(*(Text(cell or "–") for cell in (a.id, a.dated, a.publisher, a.title)))
    Console(width=None if sys.stdout.isatty() else 160).print(table)
    return 0


def _plain(article: Article, key: str) -> object:
    value = getattr(article, key)
    return list(value) if isinstance(value, tuple) else value


def _show(settings: Settings, options: argparse.Namespace) -> int:
    index = ArticleIndex.open(settings.index, settings.encoder)
    article = CurrentClaimants(Registry.load(settings.registry)).of(index.article(options.id, options.revision))
    edited, same = index.edited_since(article), index.syndicated(article)
    if options.json:
        whole = {**article.to_json(), "syndicated": same, "edited_since": edited}
        show_json({**whole, "quote": _cited(article, *options.cited)} if options.cited else whole)
        return 0
    lines = [article.title, _byline(article)]
    if edited:
        lines.append(f"An earlier revision: edited since, on {edited[:10]}.")
    elif article.superseded:
        lines.append(f"Earlier revisions: {', '.join(article.superseded)}")
    if same:
        lines.append(f"The same story: {', '.join(same)}")
    show("\n".join((*lines, "", _cited(article, *options.cited) if options.cited else article.text)))
    return 0


def _cited(article: Article, start: int, end: int) -> str:
    if not 0 <= start < end <= len(article.text):
        raise StoreError(
            f"The text of {article.id!r} goes from 0 to {len(article.text)}; {start} to {end} is not in it."
        )
    return article.text[start:end]


def _byline(article: Article) -> str:
    return " · ".join(part for part in (article.publisher, article.dated, article.url, article.id) if part)


def _remove(settings: Settings, options: argparse.Namespace) -> int:
    index = ArticleIndex.open(settings.index, settings.encoder)
    removed = list(dict.fromkeys(options.ids))
    with writing(index, say_waiting) as writer:
        for article_id in removed:
            if not index.records([article_id]):  # before anything is removed, so that a wrong id removes nothing
                raise StoreError(f"No article {article_id!r} in this index. See: python -m index list")
        for article_id in removed:
            writer.remove(article_id)
    if options.json:
        show_json({"removed": removed})
    else:
        show(f"{len(removed)} removed")
    return 0


def _verify(settings: Settings, options: argparse.Namespace) -> int:
    problems = verify(settings.index, settings.encoder, say_waiting)
    if options.json:
        show_json({"ok": not problems, "problems": [vars(problem) for problem in problems]})
    for problem in problems:
        place = f"{problem.article_id}: " if problem.article_id else ""
        say(f"{place}{problem.what}. What to do: {problem.remedy}")
    if not problems and not options.json:
        show("All parts of the index agree.")
    return 1 if problems else 0


def _attribute(settings: Settings, options: argparse.Namespace) -> int:
    index = ArticleIndex.open(settings.index, settings.encoder)
    changed = attribute_all(index, Registry.load(settings.registry), say_waiting)
    if options.json:
        show_json({"articles": len(index), "changed": changed})
    else:
        show(f"{len(index)} articles, {len(changed)} of them with other claimants than before")
    return 0


def _rebuild(settings: Settings, options: argparse.Namespace) -> int:
    registry = Registry.load(settings.registry)
    try:
        with shown("Rebuilding") as progress:
            done = rebuild(settings.index, settings.encoder, registry, progress, say_waiting)
    except KeyboardInterrupt:
        say("Stopped. The index is as it was; run the same command again to go on.")
        return INTERRUPTED
    if options.json:
        show_json(vars(done))
    for article_id in done.damaged:
        say(f"failed: {article_id}: its stored text is damaged; add its source again")
    if not options.json:
        show(f"{done.articles} rebuilt" + (f", {done.resumed} of them by an earlier run" if done.resumed else ""))
    return 1 if done.damaged else 0


if __name__ == "__main__":
    sys.exit(run(main))
