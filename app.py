"""The chat page: python app.py [--index DIR] [--articles PATH] [--publisher NAME] [--host H] [--port P]."""

import argparse
import os
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # gradio reads it when it is imported

import gradio as gr  # noqa: E402

from assistant import page, session  # noqa: E402
from assistant.assistant import Assistant  # noqa: E402
from index.adding import Report, account, add_sources, say_waiting  # noqa: E402
from index.cli import INTERRUPTED, Parser, run, say, show  # noqa: E402
from index.config import load_settings  # noqa: E402
from index.errors import SettingsError, StoreError  # noqa: E402
from index.progress import shown  # noqa: E402
from index.provenance.registry import Registry  # noqa: E402
from index.reading import Reading, find  # noqa: E402
from index.store import ArticleIndex  # noqa: E402

SAMPLE = Path(__file__).parent / "eval" / "articles"
SAMPLE_QUESTIONS = (
    "What thicknesses of rare earth wear plate can Baotou Steel make?",
    "How much is the plate contract between Orrinquist and Skarrevik worth?",
    "When was China's rare earth steel working group founded?",
    "What caused the ladle spill at Brackmoor?",
)
FILES = Path(page.__file__).parent
FONTS = ("-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Liberation Sans", "Arial", "sans-serif")
PAPER = {"body_background_fill": "#faf9f6", "body_background_fill_dark": "#14161a"}
PLAIN: dict[str, Any] = {"js_on_load": None, "apply_default_css": False}
ICON = (
    "<link rel=\"icon\" href=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'>"
    "<rect width='16' height='16' rx='3' fill='%231f4e79'/><path d='M4.5 12 8 4l3.5 8M5.8 9.3h4.4' fill='none' "
    "stroke='white' stroke-width='1.5'/></svg>\">"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Indexes what is asked for, then serves the page until it is interrupted."""
    options = _parser().parse_args(arguments)
    settings = load_settings(options.index)
    _check_address(options.host, options.port)
    find(options.articles or str(SAMPLE))  # before the index is made, which takes longer
    registry = Registry.load(settings.registry)
    index = ArticleIndex.create(settings.index, settings.encoder)
    if options.articles or not len(index):
        how = Reading(options.publisher, registry, settings.allow_private_urls)
        if _add(index, options.articles or str(SAMPLE), how).interrupted:
            return INTERRUPTED
    if not len(index):
        raise StoreError("There are no articles to ask about. Name some with --articles PATH.")
    _serve(Assistant.of(index, registry, settings), options.host, options.port)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="python app.py", description="The chat page of Assay.")
    parser.add_argument("--index", type=Path, metavar="DIR", help="the index (default: $ASSAY_INDEX, else .assay)")
    parser.add_argument("--articles", metavar="SOURCE", help="articles to index first (default: a sample if none are)")
    parser.add_argument("--publisher", help="publisher of articles that are not given one")
    parser.add_argument("--host", default="127.0.0.1", help="address to serve at (default: %(default)s)")
    parser.add_argument("--port", type=int, default=7860, help="port to serve at (default: %(default)s)")
    return parser


def _check_address(host: str, port: int) -> None:
    """Raises SettingsError when the page could not be served there."""
    try:
        if not 0 < port < 65536:
            raise OSError(0, "ports go from 1 to 65535")
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, UnicodeError) as error:  # a host that is no name at all is a UnicodeError
        reason = getattr(error, "strerror", None) or "no such host"
        message = f"Cannot serve at {host}, port {port}: {reason}. Choose another with --host or --port."
        raise SettingsError(message) from None


def _add(index: ArticleIndex, articles: str, how: Reading) -> Report:
    with shown("Indexing") as progress:
        report = add_sources(index, [articles], how, progress, say_waiting)
    account(report, say)
    return report


def _serve(assistant: Assistant, host: str, port: int) -> None:
    for name in ("NO_PROXY", "no_proxy"):  # gradio asks itself whether it serves, and must not ask a proxy
        os.environ[name] = ",".join(filter(None, (os.environ.get(name), host, "localhost")))
    blocks = _page(assistant)
    blocks.launch(
        server_name=host,
        server_port=port,
        prevent_thread_lock=True,
        quiet=True,
        share=False,
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        theme=gr.themes.Base(font=FONTS, font_mono=("ui-monospace", "monospace")).set(**PAPER),
        head=_head(),
    )
    name = f"[{host}]" if ":" in host else host
    show(f"Assay serves {page.counted(len(assistant.index))} at http://{name}:{port}")
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        blocks.close(verbose=False)
        say("Stopped.")


def _head() -> str:
    """The icon, style and behaviour; the style comes here because gradio's own `css` rewrites selectors."""
    style, script = ((FILES / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    return f"{ICON}<style>{style}</style><script>{script}</script>"


def _page(assistant: Assistant) -> gr.Blocks:
    """The layout: a head, then the conversation, its sources, and the box to ask in."""
    titles = [article.title for _, article in assistant.index.listing()]
    examples = session.example_questions(assistant.ask, SAMPLE_QUESTIONS, titles)
    blocks = gr.Blocks(title="Assay", fill_width=True, analytics_enabled=False)
    with blocks:
        with gr.Row(elem_id="top"):
            gr.HTML(lambda: page.header(len(assistant.index)), elem_id="head", **PLAIN)
            new = gr.Button("New conversation", elem_id="new", size="sm")
        with gr.Row(elem_id="desk"):
            chat = gr.Chatbot(
                elem_id="chat",
                label="Conversation",
                show_label=False,
                layout="panel",
                buttons=[],
                feedback_options=None,
                autoscroll=False,
                latex_delimiters=[],
                placeholder=page.PLACEHOLDER,
                examples=[{"text": question} for question in examples],
            )
            pane = gr.HTML(page.NO_SOURCES, elem_id="sources", **PLAIN)
            box = gr.Textbox(
                elem_id="question",
                label="Question",
                show_label=False,
                container=False,
                placeholder="Ask about the articles",
                max_lines=6,
                autofocus=True,
                submit_btn="Ask",
            )
        _connect(assistant, chat, pane, box, new)
    return blocks


def _connect(assistant: Assistant, chat: gr.Chatbot, pane: gr.HTML, box: gr.Textbox, new: gr.Button) -> None:
    """What asking, choosing an example and starting anew change. The conversation is the session's own."""
    conversation = gr.State(session.Conversation())
    shown = [chat, pane, conversation, box]
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": 8}

    def ask(question: str, so_far: session.Conversation) -> Iterator[tuple[Any, ...]]:
        typed: Any = ""  # cleared once: what is typed while the answer comes must stay
        for grown in session.converse(assistant.stream, assistant.index.article, so_far, question):
            yield _messages(grown, assistant.registry), page.sources(grown, assistant.registry), grown, typed
            typed = gr.skip()

    def ask_example(so_far: session.Conversation, example: gr.SelectData) -> Iterator[tuple[Any, ...]]:
        yield from ask(example.value["text"], so_far)

    asked = box.submit(ask, [box, conversation], shown, **quiet)
    chosen = chat.example_select(ask_example, [conversation], shown, **quiet)
    empty: tuple[Any, ...] = ([], page.NO_SOURCES, session.Conversation(), "")
    new.click(lambda: empty, None, shown, cancels=[asked, chosen], **quiet)


def _messages(conversation: session.Conversation, registry: Registry) -> list[dict[str, Any]]:
    """Messages whose content is an HTML component each, so that nothing in them is read as Markdown."""
    return [{"role": role, "content": gr.HTML(html, **PLAIN)} for role, html in page.messages(conversation, registry)]


if __name__ == "__main__":
    sys.exit(run(main))
