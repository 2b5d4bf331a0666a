"""A headless Chromium, and pages that notice what should not happen."""

import os
import shutil
from pathlib import Path

import pytest
from staging import Script, served, staged, stock

from qa.settings import Settings

_QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
]
MODELS_MS = 120_000
SIZES = {"wide": (1440, 900), "phone": (390, 844)}


def _missing(reason: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def _chromium() -> str:
    candidates = (
        os.environ.get("QA_CHROMIUM", ""),
        "/usr/bin/chromium",
        shutil.which("chromium") or "",
    )
    return next((c for c in candidates if c and Path(c).is_file()), "")


# Not for the session: Playwright holds the thread's event loop while it runs.
@pytest.fixture(scope="module")
def browser():
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _missing("playwright is not installed (pip install -e '.[dev]')")
    path = _chromium()
    if not path:
        _missing("there is no Chromium; install it or set QA_CHROMIUM")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=_QUIET)
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser):
    """Opens an address; errors on the console and calls outside fail the test."""
    contexts, complaints = [], []

    def note(request):
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            complaints.append(f"left this machine: {request.url}")

    def listen(message):
        if message.type == "error":
            complaints.append(f"console: {message.text}")

    def opened(address, size="wide", scheme="light", ready="Ready · "):
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            has_touch=size == "phone",
        )
        contexts.append(context)
        context.on("request", note)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", listen)
        page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
        page.add_init_script("window.pwned = []; window.pwn = n => pwned.push(n);")
        page.goto(address)
        page.get_by_role("textbox", name="Your question").wait_for()
        page.locator("#qa-status-line", has_text=ready).wait_for(timeout=MODELS_MS)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def script(library):
    stock(library)
    return Script(library)


@pytest.fixture
def address(library, script):
    """The page with scripted answers."""
    settings = Settings(seeds=library.seeds, index=library.folder)
    with served(staged(library, script), settings, library.rebuild) as where:
        yield where
