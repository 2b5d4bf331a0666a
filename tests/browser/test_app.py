"""The app over plain HTTP: what a program, or another page, can reach."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from staging import DRAFT, FAILURE, QUOTE, served, staged

from qa.settings import Settings

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


def test_only_the_endpoints_for_programs_are_named(address):
    info = httpx.get(f"{address}/gradio_api/info", timeout=30).json()
    assert set(info["named_endpoints"]) == {"/answer", "/retrieve", "/status"}


LAW = "What did the lantern law ask of keepers?"


def test_a_program_is_answered_with_the_answer_object(address, script):
    asked = {
        "question": LAW,
        "history": [{"question": "Who?", "answer": "Keepers."}],
        "files": ["lantern.md"],
        "strictness": "strict",
        "sources": 2,
    }
    answer = post(address, "/answer", **asked)
    assert answer.status_code == 200
    said = answer.json()
    assert said["text"].startswith(DRAFT)
    assert said["citations"][0]["quote"] == QUOTE
    assert said["citations"][0]["document"]["file"] == "lantern.md"
    assert script.histories == [(("Who?", "Keepers."),)]
    filters, strictness, sources = script.terms[0]
    assert (filters.files, strictness, sources) == (("lantern.md",), "strict", 2)


def test_a_program_finds_passages(address):
    found = post(address, "/retrieve", question=LAW).json()["hits"]
    assert QUOTE in found[0]["text"]
    assert found[0]["document"]["title"] == "The lantern law"


def test_a_program_is_told_what_answers(address):
    told = httpx.get(f"{address}/status", timeout=30).json()
    assert told["models"]["generator"] == "scripted"
    assert told["index"] == {"generation": 1, "documents": 2, "passages": 42}


@pytest.mark.parametrize(
    ("asked", "code", "reason"),
    [
        ({"question": "  "}, 422, "the question is empty"),
        ({"question": "x" * 2001}, 422, "at most 2000"),
        ({}, 422, "question: Field required"),
        ({"question": "Why?", "sources": 99}, 422, "sources:"),
        ({"question": "Why?", "unheard": 1}, 422, "unheard:"),
        ({"question": "Please fail"}, 500, FAILURE),
    ],
)
def test_what_cannot_be_answered_is_one_line(address, asked, code, reason):
    answer = post(address, "/answer", **asked)
    assert answer.status_code == code
    assert reason in answer.json()["detail"]


def test_gradios_own_client_reaches_the_same(address):
    client = Client(address, verbose=False, analytics_enabled=False)
    said = client.predict(LAW, api_name="/answer")
    assert said["text"].startswith(DRAFT)
    terms = {"publishers": ["Harbour Review"]}
    found = client.predict(LAW, terms=terms, api_name="/retrieve")
    assert {hit["document"]["file"] for hit in found["hits"]} == {"lantern.md"}
    assert client.predict(api_name="/status")["models"]["generator"] == "scripted"
    with pytest.raises(AppError, match="the question is empty"):
        client.predict(" ", api_name="/answer")
    client.close()


def test_another_page_cannot_use_the_endpoints(address):
    headers = {"origin": "https://evil.example"}
    assert post(address, "/answer", headers, question=LAW).status_code == 403


def test_a_page_with_a_password_gives_nothing_away_without_it(library, script):
    settings = Settings(
        seeds=library.seeds, index=library.folder, auth="ann:secret word"
    )
    with served(staged(library, script), settings) as address:
        for path in ("/", "/status", "/page/library", "/gradio_api/info", "/config"):
            assert httpx.get(f"{address}{path}", timeout=30).status_code == 401
        auth = ("ann", "secret word")
        assert httpx.get(f"{address}/status", auth=auth, timeout=30).is_success
        wrong = httpx.get(f"{address}/status", auth=("ann", "no"), timeout=30)
        assert wrong.status_code == 401


def test_files_that_are_too_large_are_refused_before_they_are_kept(address, library):
    before = sorted(library.seeds.iterdir())
    answer = httpx.put(
        f"{address}/page/library/file",
        params={"name": "big.md"},
        content=b"x" * 20_000_001,
        timeout=30,
    )
    assert answer.status_code == 413
    assert sorted(library.seeds.iterdir()) == before


def test_one_file_at_a_time_is_read_for_what_is_left_out_of_it(address, library):
    # Its reader is a process of its own, which takes a while to begin.
    library.write("long.txt", "The lamp of Ostrel is red and burns oil. " * 2000)
    path = f"{address}/page/library/left-out?name=long.txt"
    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(httpx.get, path, timeout=60) for _ in range(4)]
        refused = {answer.result().json()["refused"] for answer in answers}
    assert refused == {"", "Another file is being read. Try again in a moment."}


def test_no_address_outside_is_named_in_the_style_or_fonts(config):
    assert all("//" not in sheet for sheet in config["stylesheets"] or ())
    assert config["analytics_enabled"] is False


def test_another_page_cannot_ask(address):
    headers = {"origin": "https://evil.example"}
    body = {"fn_index": 2, "data": ["", "hello"], "session_hash": "x"}
    assert post(address, "/gradio_api/queue/join", headers, **body).status_code == 403


@pytest.mark.parametrize("name", ["predict", "_asked", "2"])
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
