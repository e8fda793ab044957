"""What tests of every package share: the encoder, indexes, the material beside the repository, no network."""

import ipaddress
import os
import shutil
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from assistant.grounding.checker import load_checker
from assistant.reader import load_reader
from index.adding import add_sources
from index.encoder import Encoder
from index.exporting import DEFAULT, load_encoder
from index.provenance.registry import Registry
from index.reading import Reading
from index.store import ArticleIndex
from tests.site import Site

os.environ["HF_HUB_OFFLINE"] = "1"  # here and in every process a test starts

ROOT = Path(__file__).parents[1]


class NetworkUsed(Exception):
    """A test reached for the network; tests must run without one."""


def _refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect":
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None  # a Unix socket has a path
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = None if _is_number(arguments[0]) else arguments[0]
    else:
        return
    if not _is_here(host):
        raise NetworkUsed(f"{event} {host!r}")


def _is_number(host: object) -> bool:
    """Whether `host` is an address, which nobody has to be asked for."""
    try:
        socket.inet_pton(socket.AF_INET6, str(host))
    except OSError:
        try:
            socket.inet_aton(str(host))  # takes all that a system takes for an address, "0x7f.1" too
        except OSError:
            return False
    return True


def _is_here(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if not isinstance(name, str) or name in ("", "localhost", "0.0.0.0", "::"):  # noqa: S104  # nothing binds here
        return True
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def no_network() -> None:
    """Connections and name look-ups beyond this machine raise from here on; an audit hook stays until the end."""
    sys.addaudithook(_refuse_network)


@pytest.fixture(scope="session")
def encoder_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder with the default encoder, the reader and the checker exported, made once per run."""
    folder = tmp_path_factory.mktemp("encoder")
    load_encoder(DEFAULT, folder)
    load_reader(folder)
    load_checker(folder)
    return folder


@pytest.fixture(scope="session")
def encoder(encoder_folder: Path) -> Encoder:
    """The default encoder."""
    return load_encoder(DEFAULT, encoder_folder)


@pytest.fixture
def new_index(tmp_path: Path, encoder: Encoder) -> ArticleIndex:
    """An empty index with the default encoder, which stays where it is."""
    path = tmp_path / "index"
    path.mkdir()
    return ArticleIndex(path, encoder)


@pytest.fixture
def index_folder(tmp_path: Path, encoder_folder: Path) -> Path:
    """A folder for commands to make an index in, with the encoder linked and not copied."""
    return with_encoder(tmp_path / "index", encoder_folder)


@pytest.fixture(scope="session")
def sample_index(tmp_path_factory: pytest.TempPathFactory, encoder_folder: Path) -> ArticleIndex:
    """The articles of eval/articles, attributed; its folder serves commands too. Not to be written to."""
    path = with_encoder(tmp_path_factory.mktemp("sample") / "index", encoder_folder)
    index = ArticleIndex.create(path, DEFAULT)
    add_sources(index, [str(ROOT / "eval" / "articles")], Reading(registry=Registry.load()))
    return index


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder ../shared beside the repository; tests that need it skip without it."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip(f"needs the material in {folder}, which is not on this machine")
    return folder


def with_encoder(path: Path, encoder_folder: Path) -> Path:
    """The new folder `path`, to make an index in, with the encoder linked and not copied."""
    path.mkdir()
    (path / "encoder").symlink_to(encoder_folder)
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, with no page open; tests that need it skip where there is none."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        pytest.skip("needs a browser: neither chromium nor chromium-browser is on PATH")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
    flags += ["--disable-component-update", "--disable-sync", "--no-first-run"]
    expect.set_options(timeout=15_000)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=flags)
        yield launched
        launched.close()


@pytest.fixture
def site() -> Iterator[Site]:
    """A web server on loopback without pages."""
    site = Site()
    yield site
    site.server.shutdown()
    site.server.server_close()
