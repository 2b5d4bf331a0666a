"""Assistants by the Model Context Protocol, with its own client."""

import asyncio
import importlib.util
import os
import sys
from pathlib import Path

import httpx
import httpx2
import pytest
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from staging import DRAFT, QUOTE, served, staged

from qa.errors import SettingsError
from qa.settings import Settings
from qa.ui import serve_assistant

pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
LAW = "What did the lantern law ask of keepers?"
ROOT = Path(__file__).parents[2]
TOOLS = {"answer", "search", "read_source"}


@pytest.fixture
def endpoint(library, script):
    settings = Settings(seeds=library.seeds, index=library.folder)
    with served(staged(library, script), settings, mcp=True) as address:
        yield f"{address}/mcp"


def used(where, *calls):
    """What the tools give to calls ``(name, arguments)``, in order."""

    async def use():
        async with Client(where) as client:
            return [await client.call_tool(name, given) for name, given in calls]

    return asyncio.run(use())


def test_the_tools_say_what_they_take_and_give(endpoint):
    async def look():
        async with Client(endpoint) as client:
            return (await client.list_tools()).tools

    tools = {tool.name: tool for tool in asyncio.run(look())}
    assert set(tools) == TOOLS
    assert all(tool.annotations.read_only_hint for tool in tools.values())
    assert set(tools["search"].input_schema["properties"]) == {
        *("question", "files", "publishers", "since", "until")
    }
    assert "passages" in tools["search"].output_schema["properties"]
    assert "next" in tools["read_source"].output_schema["properties"]


def test_an_answer_is_the_answer_object(endpoint, script):
    given = {"question": LAW, "files": ["lantern.md"], "strictness": "strict"}
    (result,) = used(endpoint, ("answer", {**given, "sources": 2}))
    said = result.structured_content
    assert said["text"].startswith(DRAFT)
    assert said["citations"][0]["quote"] == QUOTE
    assert said["rejected"]
    filters, strictness, sources = script.terms[0]
    assert (filters.files, strictness, sources) == (("lantern.md",), "strict", 2)


def test_what_is_found_can_be_read_whole_part_by_part(endpoint, script):
    (found,) = used(endpoint, ("search", {"question": LAW}))
    best = found.structured_content["passages"][0]
    assert QUOTE in best["text"]
    assert best["article"]["title"] == "The lantern law"
    read, start = "", 0
    while start is not None:
        asked = {"source": best["article"]["source"], "start": start, "length": 3000}
        (part,) = used(endpoint, ("read_source", asked))
        read += part.structured_content["text"]
        start = part.structured_content["next"]
    assert len(read) == part.structured_content["length"] > 3000
    assert read[best["start"] : best["end"]] == best["text"]
    cited = script.cite("lantern.md", QUOTE, 1)
    assert read[cited.start : cited.end] == QUOTE


@pytest.mark.parametrize(
    ("tool", "given", "reason"),
    [
        ("answer", {"question": " "}, "the question is empty"),
        ("answer", {"question": "x" * 2001}, "at most 2000"),
        ("answer", {"question": "Why?", "sources": 99}, "sources"),
        ("answer", {"question": "Why?", "strictness": "lax"}, "strictness"),
        ("search", {"question": "x" * 2001}, "at most 2000"),
        ("read_source", {"source": "../etc/passwd"}, "no article with the id"),
        ("read_source", {"source": "x", "length": 10**6}, "length"),
    ],
)
def test_what_cannot_be_done_is_said(endpoint, tool, given, reason):
    (result,) = used(endpoint, (tool, given))
    assert result.is_error
    assert reason in result.content[0].text


def test_assistants_stand_in_the_same_line_and_are_counted(endpoint):
    calls = [("search", {"question": LAW})] * 31
    *_, before, last = used(endpoint, *calls)
    assert not before.is_error
    assert last.is_error
    assert "30 questions a minute" in last.content[0].text
    # The endpoints count the same host.
    address = endpoint.removesuffix("/mcp")
    refused = httpx.post(f"{address}/retrieve", json={"question": LAW}, timeout=30)
    assert refused.status_code == 503


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"host": "evil.example"}, 421),
        ({"origin": "https://evil.example"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
    ],
)
def test_another_page_cannot_use_the_tools(endpoint, headers, code):
    answer = httpx.post(endpoint, json={}, headers=headers, timeout=30)
    assert answer.status_code == code


def test_without_the_switch_there_are_no_tools(address):
    answer = httpx.post(f"{address}/mcp", json={}, timeout=30)
    assert answer.status_code in {404, 405}


def test_a_password_holds_for_assistants_too(library, script):
    settings = Settings(
        seeds=library.seeds, index=library.folder, auth="ann:secret word"
    )

    async def use(address):
        async with httpx2.AsyncClient(auth=("ann", "secret word")) as http:
            transport = streamable_http_client(f"{address}/mcp", http_client=http)
            async with Client(transport) as client:
                return (await client.list_tools()).tools

    with served(staged(library, script), settings, mcp=True) as address:
        assert httpx.post(f"{address}/mcp", json={}, timeout=30).status_code == 401
        assert {tool.name for tool in asyncio.run(use(address))} == TOOLS


@pytest.mark.real
def test_a_desktop_assistant_starts_the_command_and_uses_it(tmp_path):
    """Also: nothing but the protocol is written to standard output."""
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    text = "# Lamps\n\nThe lamp of Brink was lit in 1911 by Ada Brink.\n"
    (seeds / "lamps.md").write_text(text, encoding="utf-8")
    env = {**os.environ, "QA_HOME": str(tmp_path), "QA_GENERATOR": "none"}
    env["PYTHONPATH"] = str(ROOT)

    async def use():
        command = [sys.executable, "-m", "qa", "build"]
        built = await asyncio.create_subprocess_exec(*command, env=env)
        assert await built.wait() == 0
        server = StdioServerParameters(
            command=sys.executable, args=["-m", "qa", "mcp"], env=env
        )
        async with Client(stdio_client(server)) as client:
            asked = {"question": "Who lit the lamp of Brink in 1911?"}
            return await client.call_tool("answer", asked)

    said = asyncio.run(use()).structured_content
    assert said["citations"][0]["quote"].endswith("by Ada Brink.")


def test_without_the_extra_one_line_says_what_to_install(monkeypatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(
        "qa.ui.server.serving.find_spec",
        lambda name: None if name == "mcp" else found(name),
    )
    with pytest.raises(SettingsError, match=r"pip install .*\[mcp\]"):
        serve_assistant(Settings())
