"""Fetching: what may be contacted, bounds on size and time, what is saved as what."""

import gzip
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from ipaddress import ip_address
from zipfile import ZipFile

import pytest

from qa.documents import Origin, Parser, read_seed
from qa.errors import FetchError
from qa.language.rendering import reference
from qa.library.fetching import fetch_url, is_address, is_public
from qa.library.fetching.addresses import system_addresses
from qa.library.seeds import add_bytes

PAGE = b"<!doctype html><title>Herons</title><h1>Herons</h1><p>A heron stands.</p>"
SITE = "site.test"


class Site:
    """A server on loopback, known as ``site.test``; ``answers`` are by path.

    An answer is a list of things to send, each bytes or seconds to wait.
    """

    def __init__(self):
        self.answers = {}
        self.requests = []
        self.resolved = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                site.requests.append((self.path, dict(self.headers)))
                try:
                    for part in site.answers[self.path]:
                        if isinstance(part, bytes):
                            self.wfile.write(part)
                            self.wfile.flush()
                        else:
                            time.sleep(part)
                except OSError:
                    return  # the client went away, as some tests want

            def log_message(self, *_):
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=[0.01])
        self._thread.start()

    @property
    def url(self):
        return f"http://{SITE}:{self.port}"

    def serve(self, path, body=PAGE, status="200 OK", **headers):
        lines = [f"HTTP/1.1 {status}"]
        lines += [f"{name.replace('_', '-')}: {v}" for name, v in headers.items()]
        self.answers[path] = ["\r\n".join([*lines, "", ""]).encode() + body]

    def resolve(self, host, port):
        self.resolved.append(host)
        return ["127.0.0.1"] if host == SITE else system_addresses(host, port)

    def allowed(self, address):
        """Loopback for this server's own name only."""
        return self.resolved[-1] == SITE or is_public(address)

    def fetch(self, path, max_bytes=100_000, seconds=10.0):
        url = path if "://" in path else self.url + path
        return fetch_url(
            url,
            max_bytes=max_bytes,
            seconds=seconds,
            allowed=self.allowed,
            resolve=self.resolve,
        )

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def site():
    site = Site()
    yield site
    site.close()


def test_a_page_is_fetched_with_its_address_and_day(site):
    site.serve("/birds/heron.html?a=1", Content_Type="text/html")
    fetched = site.fetch("/birds/heron.html?a=1#legs")
    assert fetched.data == PAGE
    assert fetched.url == f"{site.url}/birds/heron.html?a=1"
    assert fetched.name == "site.test-heron.html"
    assert fetched.retrieved == time.strftime("%Y-%m-%d", time.gmtime())


def test_nothing_of_the_user_goes_along(site, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    site.serve("/")
    site.fetch("/")
    ((path, headers),) = site.requests
    assert path == "/"
    assert headers["Host"] == f"{SITE}:{site.port}"
    assert not {"Cookie", "Authorization", "Referer"} & set(headers)


@pytest.mark.parametrize(
    "address",
    """127.0.0.1 127.8.8.8 0.0.0.0 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254
    100.64.0.1 100.127.255.255 192.0.0.1 192.0.2.1 198.18.0.1 203.0.113.1 224.0.0.1
    239.1.1.1 240.0.0.1 255.255.255.255 ::1 :: fe80::1 fc00::1 fd12::1 ff02::1
    ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::127.0.0.1 ::8.8.8.8 64:ff9b::7f00:1
    64:ff9b::808:808 64:ff9b:1::1 2002:7f00:1::1 2002:808:808::1 2001:0:1::1
    2001:db8::1 100::1 fec0::1 5f00::1""".split(),
)
def test_what_is_not_public_is_told_by_its_number(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "2a00:1450:4001::200e"]
)
def test_ordinary_addresses_are_public(address):
    assert is_public(ip_address(address))


HOSTS = """127.0.0.1 127.1 0 0.0.0.0 2130706433 0x7f000001 0x7f.1 0177.0.0.1 localhost
169.254.169.254 2852039166 10.0.0.1 192.168.0.1 100.64.0.1 [::1] [::] [::ffff:127.0.0.1]
[::ffff:7f00:1] [64:ff9b::7f00:1] [fe80::1] [fd00::1] 127.0.0.1. １２７.0.0.1""".split()


@pytest.mark.parametrize("host", HOSTS)
def test_a_private_address_is_refused_however_it_is_written(host):
    with pytest.raises(FetchError):
        fetch_url(f"http://{host}:9/", max_bytes=1000, seconds=5)


@pytest.mark.parametrize("host", HOSTS)
def test_a_redirect_to_a_private_address_is_refused(site, host):
    target = f"http://{host}:{site.port}/secret"
    site.serve("/", b"", "302 Found", Location=target.encode().decode("latin-1"))
    site.serve("/secret")
    with pytest.raises(FetchError):
        site.fetch("/")
    assert [path for path, _ in site.requests] == ["/"]


def test_the_message_names_the_address_and_the_next_step(site):
    site.serve("/", b"", "302 Found", Location="http://169.254.169.254/latest")
    with pytest.raises(FetchError, match=r"169\.254.*no public.*add the file"):
        site.fetch("/")


def test_one_private_address_among_public_ones_refuses_the_host():
    with pytest.raises(FetchError, match=r"10\.0\.0\.1"):
        fetch_url(
            "http://both.test/",
            max_bytes=1000,
            seconds=5,
            resolve=lambda host, port: ["8.8.8.8", "10.0.0.1"],
        )


def test_a_name_is_resolved_once_and_the_connection_goes_to_what_was_checked(site):
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    site.serve("/")
    fetch_url(
        f"http://rebinding.test:{site.port}/",
        max_bytes=1000,
        seconds=5,
        resolve=lambda host, port: next(answers),
        allowed=lambda address: str(address) == "127.0.0.1",
    )
    assert next(answers) == ["10.0.0.1"]


def test_redirects_are_followed_and_the_last_address_is_kept(site):
    for number in range(5):
        site.serve(f"/{number}", b"", "301 Moved", Location=f"{number + 1}")
    site.serve("/5")
    assert site.fetch("/0").url == f"{site.url}/5"
    assert site.resolved == [SITE] * 6


def test_a_sixth_redirect_is_refused(site):
    for number in range(7):
        site.serve(f"/{number}", b"", "301 Moved", Location=f"/{number + 1}")
    with pytest.raises(FetchError, match="more than 5 times"):
        site.fetch("/0")


@pytest.mark.parametrize(
    "target",
    ["file:///etc/passwd", "ftp://site.test/", "http://u:p@site.test/", "http://[", ""],
)
def test_a_redirect_elsewhere_than_the_web_is_refused(site, target):
    site.serve("/", b"", "302 Found", Location=target)
    with pytest.raises(FetchError):
        site.fetch("/")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("ftp://site.test/a", "only http"),
        ("file:///etc/passwd", "only http"),
        ("http://", "only http"),
        ("http://user:secret@site.test/", "not used"),
        ("http://site.test:99999/", "no address"),
        ("http://a\nb/", "no address"),
        ("http://site.test/" + "a" * 3000, "longer than"),
        ("http://nowhere.invalid/", "no such host"),
    ],
)
def test_what_is_no_address_of_the_web_is_refused(url, told):
    with pytest.raises(FetchError, match=told) as caught:
        fetch_url(url, max_bytes=1000, seconds=5)
    assert "secret" not in str(caught.value)


def test_a_body_beyond_the_bound_is_not_read_to_its_end(site):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    site.answers["/"] = [head, *([b"x" * 10_000] * 10_000)]
    with pytest.raises(FetchError, match="max_seed_mb"):
        site.fetch("/", max_bytes=50_000)


def test_half_a_page_is_no_page(site):
    site.serve("/", PAGE, Content_Length="5000")
    with pytest.raises(FetchError, match="cannot be fetched"):
        site.fetch("/")


@pytest.mark.parametrize("name", ["gzip", "x-gzip", "deflate"])
def test_packed_pages_are_unpacked(site, name):
    import zlib

    packed = zlib.compress(PAGE) if name == "deflate" else gzip.compress(PAGE)
    site.serve("/", packed, Content_Encoding=name)
    assert site.fetch("/").data == PAGE


def test_a_bomb_is_unpacked_no_further_than_the_bound(site):
    site.serve("/", gzip.compress(bytes(50_000_000)), Content_Encoding="gzip")
    with pytest.raises(FetchError, match=r"larger than 0\.1 MB"):
        site.fetch("/")


def test_damaged_cut_or_unknown_packing_is_refused(site):
    packed = gzip.compress(PAGE)
    for body, name in ((b"no gzip", "gzip"), (packed[:-20], "gzip"), (PAGE, "br")):
        site.serve("/", body, Content_Encoding=name)
        with pytest.raises(FetchError, match=r"damaged|ended before|not read"):
            site.fetch("/")


HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        [HEAD, *[b"X: y\r\n", 0.05] * 40],
        [HEAD + b"\r\n", *[b"x", 0.05] * 40],
        [2.0, HEAD],
        [HEAD + b"\r\nx", 2.0],
    ],
    ids=["head drips", "body drips", "no answer", "body stalls"],
)
def test_time_is_bounded_in_all(site, answer):
    site.answers["/"] = answer
    begun = time.monotonic()
    with pytest.raises(FetchError, match=r"--seconds|in time"):
        site.fetch("/", seconds=0.5)
    assert time.monotonic() - begun < 1.5


def test_a_name_that_is_not_resolved_in_time_is_given_up():
    begun = time.monotonic()
    with pytest.raises(FetchError, match="in time"):
        fetch_url(
            "http://slow.test/",
            max_bytes=1000,
            seconds=0.2,
            resolve=lambda host, port: time.sleep(2) or [],
        )
    assert time.monotonic() - begun < 1


@pytest.mark.parametrize("status", ["403 Forbidden", "404 Not Found", "500 Oops"])
def test_a_refusal_of_the_server_is_told(site, status):
    site.serve("/", status=status)
    with pytest.raises(FetchError, match=status[:3]):
        site.fetch("/")


@pytest.mark.parametrize("body", [b"", b"HTTP/9.9 what\r\n\r\n", b"\x00\xff garbage"])
def test_what_is_no_answer_is_one_message(site, body):
    site.answers["/"] = [body]
    with pytest.raises(FetchError, match="cannot be fetched"):
        site.fetch("/")


ODF = "application/vnd.oasis.opendocument."


def packed(*names, **members):
    data = BytesIO()
    with ZipFile(data, "w") as archive:
        for name, text in {**dict.fromkeys(names, "x"), **members}.items():
            archive.writestr(name, text)
    return data.getvalue()


@pytest.mark.parametrize(
    ("path", "body", "kind", "name"),
    [
        ("/", PAGE, "text/html; charset=utf-8", "site.test.html"),
        ("/a.php", PAGE, "text/html", "site.test-a.html"),
        ("/paper", b"%PDF-1.7 x", "text/html", "site.test-paper.pdf"),
        ("/paper.pdf", b"%PDF-1.7 x", "application/pdf", "site.test-paper.pdf"),
        ("/paper.pdf", PAGE, "application/pdf", "site.test-paper.html"),
        ("/notes.md", b"# Notes", "text/plain", "site.test-notes.md"),
        ("/notes", b"# Notes", "text/markdown", "site.test-notes.md"),
        ("/a.txt", b"Notes", "text/plain", "site.test-a.txt"),
        ("/a.jsonl", b"{}", "application/octet-stream", "site.test-a.jsonl"),
        ("/a%2Fb", PAGE, "", "site.test-a-b.html"),
        ("/b", packed("word/document.xml"), "x/y", "site.test-b.docx"),
        ("/b", packed("xl/workbook.xml"), "x/y", "site.test-b.xlsx"),
        ("/b", packed("ppt/presentation.xml"), "", "site.test-b.pptx"),
        ("/b", packed(mimetype=f"{ODF}text"), "", "site.test-b.odt"),
        ("/b", packed(mimetype=f"{ODF}spreadsheet"), "", "site.test-b.ods"),
        ("/b", packed(mimetype="application/epub+zip"), "", "site.test-b.epub"),
        (
            "/b",
            packed(mimetype="application/epub+zip" + " " * 99),
            "",
            "site.test-b.zip",
        ),
        ("/b", packed("a.docx/word/document.xml"), "", "site.test-b.zip"),
        ("/b", packed(a=packed("word/document.xml")), "", "site.test-b.zip"),
        ("/b", b"PK\x03\x04....", "application/zip", "site.test-b.zip"),
        ("/b", b"a,b\n1,2", "text/csv", "site.test-b.csv"),
        ("/b.csv", b"a,b\n1,2", "text/plain", "site.test-b.csv"),
        ("/b.vtt", b"WEBVTT", "x/subtitles", "site.test-b.vtt"),
        ("/b", b"{\\rtf1 x}", "application/rtf", "site.test-b.rtf"),
        ("/b.png", b"Notes", "text/plain", "site.test-b.png.txt"),
        ("/b.pdf", b"Notes", "text/plain", "site.test-b.txt"),
        ("/b.md", b"# Notes", "", "site.test-b.md"),
    ],
)
def test_what_comes_is_named_by_what_it_is(site, path, body, kind, name):
    site.serve(path, body, Content_Type=kind)
    assert site.fetch(path).name == name


@pytest.mark.parametrize("kind", ["image/png", "application/pdf", "video/mp4", ""])
def test_other_kinds_are_refused(site, kind):
    site.serve("/", b"\x89PNG....", Content_Type=kind)
    with pytest.raises(FetchError, match=r"not read|is none"):
        site.fetch("/")


def test_an_encoding_that_only_the_server_names_is_not_lost(site):
    body = "<html><p>Весна в Москве</p></html>"
    site.serve("/", body.encode("koi8-r"), Content_Type="text/html; charset=koi8-r")
    assert "Весна" in site.fetch("/").data.decode("utf-8")
    declared = f"<html><meta charset=koi8-r>{body}".encode("koi8-r")
    site.serve("/", declared, Content_Type="text/html; charset=koi8-r")
    assert site.fetch("/").data == declared


def test_addresses_are_told_from_files():
    assert is_address("https://site.test/a")
    assert is_address("ftp://site.test")
    assert not is_address("C:\\a.md")
    assert not is_address("a/b.md")
    assert not is_address("http:/a.md")


def document_of(tmp_path, html, url):
    origin = Origin(url, "2026-11-22")
    added = add_bytes(tmp_path, "page.html", html.encode(), origin=origin)
    with Parser() as parser:
        seed = read_seed(tmp_path, added.file, max_bytes=None)
        (document,) = parser.parse(seed).documents
    return document.source


CANONICAL = '<html><link rel=canonical href="{}"><h1>The heron</h1><p>It stands.'


@pytest.mark.parametrize(
    ("stated", "kept"),
    [
        ("https://site.test/heron", "https://site.test/heron"),
        ("https://other.test/heron", "https://www.site.test/heron?from=mail"),
        ("", "https://www.site.test/heron?from=mail"),
    ],
)
def test_the_address_and_day_reach_the_document(tmp_path, stated, kept):
    html = CANONICAL.format(stated)
    source = document_of(tmp_path, html, "https://www.site.test/heron?from=mail")
    assert (source.url, source.retrieved) == (kept, "2026-11-22")


def test_a_note_of_origin_that_was_tampered_with_is_not_believed(tmp_path):
    add_bytes(
        tmp_path, "a.txt", b"A heron.", origin=Origin("https://x.test/", "2026-11-22")
    )
    (note,) = (tmp_path / ".origins").iterdir()
    for text in ("{", "[]", '{"url": "javascript:1", "retrieved": "2026-11-22"}'):
        note.write_text(text)
        assert read_seed(tmp_path, "a.txt", max_bytes=None).origin is None


def test_the_index_keeps_the_address_and_day(library):
    origin = Origin("https://site.test/heron", "2026-11-22")
    add_bytes(library.seeds, "a.txt", b"The heron stands in the reeds.", origin=origin)
    library.build()
    with library.open().snapshot() as snapshot:
        (source,) = snapshot.sources()
        assert snapshot.document(source.id).source == source
    assert (source.url, source.retrieved) == (origin.url, origin.retrieved)
    assert reference(source).endswith("retrieved 2026-11-22")
