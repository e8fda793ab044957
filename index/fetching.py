"""Pages and feeds from the web: bounded in time, size and redirects, and never from the local network unasked."""

import ipaddress
import socket
import time
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from index.errors import SourceError
from index.formats.raw import Content

if TYPE_CHECKING:
    import httpx

LARGEST = 20_000_000
"""Bytes of a page or feed at most."""
MOST_REDIRECTS = 5
SECONDS = 20
"""Time for one source, redirects included."""
_AGENT = "Assay/0.1 (article reader)"
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_PRIVATE = "set ASSAY_ALLOW_PRIVATE_URLS=1 if you mean it"


def is_url(source: str) -> bool:
    """Whether `source` names something on the web and not a file."""
    return source.lower().startswith(("http://", "https://"))


def fetch(url: str, *, allow_private: bool = False) -> Content:
    """What is at `url`. Raises SourceError with the reason when it cannot be had.

    Each host is looked up once and the address that was checked is the one that is asked, so that a name
    cannot point elsewhere between the two.
    """
    import httpx  # deferred: only URLs need it

    deadline = time.monotonic() + SECONDS
    try:
        with httpx.Client(timeout=SECONDS, trust_env=False, headers={"User-Agent": _AGENT}) as client:
            for _ in range(MOST_REDIRECTS + 1):
                response = client.send(_pinned(client, url, allow_private), stream=True)
                with closing(response):
                    if not response.has_redirect_location:
                        return Content(_body(response, deadline), url, url, response.charset_encoding)
                    url = urljoin(url, response.headers["location"])
    except httpx.TimeoutException:
        raise SourceError(f"did not answer within {SECONDS} seconds") from None
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise SourceError(f"cannot be fetched ({' '.join(str(error).split())[:120]})") from None
    raise SourceError(f"redirects more than {MOST_REDIRECTS} times")


def _pinned(client: "httpx.Client", url: str, allow_private: bool) -> "httpx.Request":
    """The request for a URL, to the address that its host was found to have."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SourceError(f"leads to {url[:80]!r}, which is no http or https address")
    address = _address(parts.hostname, parts.port or (443 if parts.scheme == "https" else 80), allow_private)
    host = f"[{address}]" if ":" in address else address
    port = f":{parts.port}" if parts.port else ""
    asked = parts._replace(netloc=host + port, fragment="").geturl()
    own = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    headers, extensions = {"Host": own + port}, {"sni_hostname": parts.hostname}
    return client.build_request("GET", asked, headers=headers, extensions=extensions)


def _address(host: str, port: int, allow_private: bool) -> str:
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        raise SourceError(f"cannot be fetched: no host {host!r} is known") from None
    if not allow_private and not all(map(_is_public, found)):
        raise SourceError(f"is on the local network ({host}); {_PRIVATE}")
    return sorted(found, key=lambda a: (":" in a, a))[0]


def _is_public(address: str) -> bool:
    """Whether an address is of the public Internet, also where IPv6 wraps an IPv4 one."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return _is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def _body(response: "httpx.Response", deadline: float) -> bytes:
    if response.status_code != 200:
        raise SourceError(f"cannot be fetched: the server answered {response.status_code} {response.reason_phrase}")
    body = bytearray()
    for part in response.iter_bytes(65536):
        body += part
        if len(body) > LARGEST:
            raise SourceError(f"is larger than {LARGEST // 1_000_000} MB")
        if time.monotonic() > deadline:
            raise SourceError(f"did not arrive within {SECONDS} seconds")
    return bytes(body)
