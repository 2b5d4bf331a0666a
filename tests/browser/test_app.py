"""The app over plain HTTP: what a program, or another page, can reach."""

import httpx
import pytest

pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")


def post(address, path, headers=None, **body):
    return httpx.post(f"{address}{path}", json=body, headers=headers, timeout=30)


@pytest.fixture
def config(address):
    return httpx.get(f"{address}/config", timeout=30).json()


def test_the_page_is_served_with_a_policy_that_keeps_it_here(address):
    answer = httpx.get(address, timeout=30)
    assert answer.status_code == 200
    assert "connect-src 'self'" in answer.headers["content-security-policy"]


def test_nothing_is_offered_as_an_api(address):
    info = httpx.get(f"{address}/gradio_api/info", timeout=30).json()
    assert info["named_endpoints"] == {}


def test_no_address_outside_is_named_in_the_style_or_fonts(config):
    assert all("//" not in sheet for sheet in config["stylesheets"] or ())
    assert config["analytics_enabled"] is False


def test_another_page_cannot_ask(address):
    headers = {"origin": "https://evil.example"}
    body = {"fn_index": 2, "data": ["", "hello"], "session_hash": "x"}
    assert post(address, "/gradio_api/queue/join", headers, **body).status_code == 403


@pytest.mark.parametrize("name", ["predict", "_submit", "2"])
def test_the_queue_cannot_be_passed_by(address, name):
    body = {"fn_index": 2, "data": ["", "hello"], "session_hash": "x"}
    assert post(address, f"/gradio_api/run/{name}", **body).status_code == 404


@pytest.mark.parametrize("key", ["1", "x", "..%2f..%2fetc", "0" * 500, "%00"])
@pytest.mark.parametrize("kind", ["sources", "cards"])
def test_a_made_up_citation_key_opens_nothing(address, kind, key):
    answer = httpx.get(f"{address}/page/{kind}/{key}", timeout=30)
    assert "no longer kept" in answer.text or answer.status_code == 404


def test_functions_of_components_are_closed(address):
    assert post(address, "/gradio_api/component_server", data=1).status_code == 404
