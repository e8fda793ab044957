"""Pages from the web: bounded in time, size and redirects, and never from the local network unasked."""

import gzip
import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

import pytest

from index import fetching
from index.errors import SourceError
from index.fetching import fetch, is_url
from tests.site import Site, page, redirect


def test_a_page_comes_with_its_address_and_encoding(site: Site) -> None:
    site.pages["/a?b=1"] = page("é".encode("latin-1"), "text/html; charset=iso-8859-1")
    found = fetch(site.url("/a?b=1#part"), allow_private=True)
    assert (found.data, found.charset) == (b"\xe9", "iso-8859-1")
    assert found.url == site.url("/a?b=1#part")


def test_the_server_is_asked_by_the_name_of_its_host(site: Site) -> None:
    site.pages["/a"] = page(b"x")
    fetch(site.url("/a", "localhost"), allow_private=True)
    assert site.asked == [(f"localhost:{site.server.server_port}", "/a")]


def test_a_redirect_is_followed_to_where_the_article_is(site: Site) -> None:
    site.pages["/old"] = redirect("/new")
    site.pages["/new"] = page(b"new")
    found = fetch(site.url("/old"), allow_private=True)
    assert (found.data, found.url) == (b"new", site.url("/new"))


def test_redirects_in_circles_end(site: Site) -> None:
    site.pages["/round"] = redirect("/round")
    with pytest.raises(SourceError, match="redirects more than 5 times"):
        fetch(site.url("/round"), allow_private=True)
    assert len(site.asked) == 6


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://0.0.0.0/",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://172.16.3.4/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[fd00::1]/",
        "http://[fe80::1]/",
        "http://100.64.0.1/",
        "http://224.0.0.1/",
        "http://2130706433/",
        "http://0x7f.1/",
    ],
)
def test_the_local_network_is_not_asked(url: str) -> None:
    with pytest.raises(SourceError, match="local network|no host"):
        fetch(url)


def test_a_redirect_does_not_lead_into_the_local_network(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "_is_public", lambda address: address == "127.0.0.1")
    site.pages["/out"] = redirect("http://[::1]:9/secret")
    with pytest.raises(SourceError, match="local network"):
        fetch(site.url("/out"))


def test_a_name_that_changes_its_address_after_the_check_is_not_followed(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first look-up says where the site is; any later one would say elsewhere."""
    answers = iter(["127.0.0.1"])

    def look_up(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    site.pages["/a"] = page(b"here")
    monkeypatch.setattr(fetching.socket, "getaddrinfo", look_up)
    monkeypatch.setattr(fetching, "_is_public", lambda address: True)
    with monkeypatch.context() as context:
        context.setattr(socket, "create_connection", _only_numbers(socket.create_connection))
        assert fetch(site.url("/a", "rebinding.example")).data == b"here"


def _only_numbers(connect: Callable[..., socket.socket]) -> Callable[..., socket.socket]:
    def checked(address: tuple[str, int], *rest: object, **more: object) -> socket.socket:
        assert address[0] == "127.0.0.1"
        host, port = address
        made = socket.socket()
        made.connect((host, port))
        return made

    return checked


@pytest.mark.parametrize("to", ["ftp://files.example/a", "file:///etc/passwd", "data:text/html,x"])
def test_other_kinds_of_addresses_are_refused(site: Site, to: str) -> None:
    site.pages["/out"] = redirect(to)
    with pytest.raises(SourceError, match="no http or https address|cannot be fetched"):
        fetch(site.url("/out"), allow_private=True)


def test_a_page_larger_than_the_cap_is_refused_before_it_is_all_here(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "LARGEST", 1_000_000)
    site.pages["/big"] = page(b"x" * 3_000_000)
    with pytest.raises(SourceError, match="larger than 1 MB"):
        fetch(site.url("/big"), allow_private=True)


def test_the_cap_counts_what_is_unpacked(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "LARGEST", 1_000_000)
    site.pages["/bomb"] = page(gzip.compress(b"x" * 30_000_000), Content_Encoding="gzip")
    with pytest.raises(SourceError, match="larger than"):
        fetch(site.url("/bomb"), allow_private=True)


def test_a_server_that_does_not_answer_is_given_up(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "SECONDS", 0.3)
    done = threading.Event()
    site.pages["/slow"] = lambda handler: done.wait(10)
    with pytest.raises(SourceError, match="did not answer within"):
        fetch(site.url("/slow"), allow_private=True)
    done.set()


def test_a_server_that_drips_is_given_up(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "SECONDS", 0.5)
    done = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        page(b"")(handler)
        while not done.wait(0.05):
            try:
                handler.wfile.write(b"x" * 70_000)
            except OSError:
                return

    site.pages["/drip"] = drip
    with pytest.raises(SourceError, match="did not arrive within"):
        fetch(site.url("/drip"), allow_private=True)
    done.set()


@pytest.mark.parametrize("status", [404, 403, 500])
def test_an_error_of_the_server_is_named(site: Site, status: int) -> None:
    site.pages["/gone"] = lambda handler: handler.send_error(status)
    with pytest.raises(SourceError, match=f"the server answered {status}"):
        fetch(site.url("/gone"), allow_private=True)


def test_a_host_that_nobody_knows_is_named() -> None:
    with pytest.raises(SourceError, match="cannot be fetched"):
        fetch(f"http://{'a' * 70}.example/")


def test_a_closed_port_is_named() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(SourceError, match="cannot be fetched"):
        fetch(f"http://127.0.0.1:{port}/", allow_private=True)


@pytest.mark.parametrize(("source", "expected"), [("https://a.example", True), ("HTTP://A", True), ("http.txt", False)])
def test_urls_are_told_from_files(source: str, expected: bool) -> None:
    assert is_url(source) is expected
