"""The guard: who may reach the page, with what, and where."""

import asyncio
import socket

import httpx
import pytest

from qa.ui.server.guard import Guard, allowed_host, is_loopback

HERE = "http://127.0.0.1:7860"


async def echo(scope, receive, send):
    """Answers with the body it was sent."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


def request(method="GET", path="/", *, base=HERE, password="", public="", **more):
    async def send():
        app = Guard(echo, host="127.0.0.1", public=public, max_body=100, auth=password)
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url=base) as client:
            return await client.request(method, path, **more)

    return asyncio.run(send())


@pytest.mark.parametrize(
    ("header", "bound", "allowed"),
    [
        ("127.0.0.1:7860", "127.0.0.1", True),
        ("localhost:7860", "127.0.0.1", True),
        ("LOCALHOST", "127.0.0.1", True),
        ("[::1]:7860", "127.0.0.1", True),
        ("evil.example", "127.0.0.1", False),
        ("127.0.0.1.evil.example", "127.0.0.1", False),
        ("evil.example:7860", "0.0.0.0", False),
        ("192.168.1.7:7860", "0.0.0.0", True),
        ("192.168.1.7:7860", "127.0.0.1", False),
        ("box.lan:7860", "box.lan", True),
        ("[fe80::1]:7860", "::", True),
        ("[fe80::1]:7860", "fe80::1", True),
        ("", "127.0.0.1", False),
        ("[", "127.0.0.1", False),
        ("user@127.0.0.1", "0.0.0.0", True),
    ],
)
def test_only_hosts_that_name_this_machine_are_served(header, bound, allowed):
    assert allowed_host(header, bound=bound) is allowed


def test_bound_to_every_address_the_machines_own_name_is_served():
    assert allowed_host(f"{socket.gethostname()}:7860", bound="0.0.0.0")


@pytest.mark.parametrize(
    ("header", "allowed"),
    [
        ("articles.example.org", True),
        ("Articles.Example.org:443", True),
        ("127.0.0.1:7860", True),
        ("example.org", False),
        ("articles.example.org.evil.example", False),
        ("", False),
    ],
)
def test_the_name_that_a_proxy_serves_it_under_is_served(header, allowed):
    public = "articles.example.org"
    assert allowed_host(header, bound="127.0.0.1", public=public) is allowed


def test_a_page_behind_a_proxy_takes_its_own_posts_and_no_others():
    base = "http://articles.example.org"
    given = {"base": base, "public": "articles.example.org", "content": b"x"}
    for origin, status in (
        ("https://articles.example.org", 200),
        ("https://evil.example", 403),
    ):
        headers = {"origin": origin}
        assert request("POST", headers=headers, **given).status_code == status
    assert "public_host" in request(base="http://other.example").text


def test_a_rebound_name_is_refused():
    assert request(base="http://evil.example").status_code == 421


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": HERE}, 200),
        ({"origin": "http://localhost:7860"}, 403),
        ({"origin": "http://127.0.0.1:9999"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
    ],
)
def test_other_pages_cannot_post(headers, status):
    assert request("POST", content=b"x", headers=headers).status_code == status


def test_a_link_from_another_page_may_lead_here():
    headers = {"sec-fetch-site": "cross-site"}
    assert request(headers=headers).status_code == 200


def test_a_body_within_the_limit_arrives_whole():
    assert request("POST", content=b"x" * 100).content == b"x" * 100


def test_a_body_that_states_too_great_a_length_is_refused():
    assert request("POST", content=b"x" * 101).status_code == 413


def test_a_body_that_states_no_length_is_counted():
    async def pieces():
        for _ in range(11):
            yield b"x" * 10

    assert request("POST", content=pieces()).status_code == 413


def test_a_file_for_the_library_may_be_larger_and_is_still_bounded():
    body, path = b"x" * 101, "/page/library/file"
    assert request("PUT", path, content=body).content == body
    headers = {"content-length": "20000001"}
    assert request("PUT", path, content=b"x", headers=headers).status_code == 413


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_other_pages_cannot_change_the_library(method):
    headers = {"origin": "https://evil.example"}
    answer = request(method, "/page/library/file", content=b"x", headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize("length", ["-1", "many", "1e3"])
def test_a_length_that_is_no_number_is_refused(length):
    answer = request("POST", content=b"x", headers={"content-length": length})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/run/predict",
        "/gradio_api/api/predict",
        "/gradio_api/call/predict",
        "/gradio_api/deep_link?session_hash=x",
        "/?deep_link=abc",
        "/gradio_api/upload",
        "/gradio_api/proxy=http://example.com",
    ],
)
def test_ways_round_the_page_are_closed(path):
    assert request("POST", path).status_code == 404
    assert request("GET", path).status_code == 404


@pytest.mark.parametrize("path", ["/", "/gradio_api/run/predict"])
def test_every_answer_carries_the_protecting_headers(path):
    headers = request(path=path).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_a_foreign_web_socket_is_closed_before_it_opens():
    sent = []

    async def connect():
        async def receive():
            raise AssertionError

        async def send(message):
            sent.append(message)

        scope = {
            "type": "websocket",
            "path": "/",
            "headers": [(b"host", b"evil.example")],
        }
        await Guard(echo, host="127.0.0.1")(scope, receive, send)

    asyncio.run(connect())
    assert sent == [{"type": "websocket.close", "code": 1008}]


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_with_a_password_every_request_has_to_bring_it(method):
    given = {"password": "ann:sécret:word"}
    assert request(method, **given).status_code == 401
    assert request(method, auth=("ann", "secret"), **given).status_code == 401
    right = httpx.BasicAuth("ann", "sécret:word")
    assert request(method, auth=right, **given).status_code == 200


def test_a_browser_is_told_to_ask_for_the_password():
    answer = request(password="a:b")
    assert answer.headers["www-authenticate"].startswith("Basic")


@pytest.mark.parametrize(
    ("host", "alone"),
    [
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("[::1]", True),
        ("LOCALHOST", True),
        ("0.0.0.0", False),
        ("::", False),
        ("box.lan", False),
    ],
)
def test_only_loopback_is_this_machine_alone(host, alone):
    assert is_loopback(host) is alone
