"""The picture of the page for README.md: ``python scripts/picture.py docs/page.png``.

Asks a question about the shipped seeds, opens the first citation, and saves what a
wide, light screen shows. Needs what the tests need, and Chromium (``QA_CHROMIUM`` or
on the path).
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
QUESTION = "Why does China avoid a formal alliance with Russia?"
SIZE = {"width": 1280, "height": 800}
START_SECONDS = 300
MILLISECONDS = 120_000
MOST_BYTES = 200_000


def main(target: Path) -> None:
    """Serve the page from a home of its own, and take the picture."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as home:
        shutil.copytree(ROOT / "seeds", Path(home) / "seeds")
        variables = {**os.environ, "QA_HOME": home, "QA_PORT": str(port)}
        server = subprocess.Popen([sys.executable, "-m", "qa", "chat"], env=variables)
        try:
            address = f"http://127.0.0.1:{port}"
            wait_until_ready(f"{address}/status")
            with sync_playwright() as playwright:
                path = os.environ.get("QA_CHROMIUM") or shutil.which("chromium")
                browser = playwright.chromium.launch(
                    executable_path=path, args=["--no-sandbox"]
                )
                take(browser.new_page(viewport=SIZE), address, target)
                browser.close()
        finally:
            server.terminate()
            server.wait()
    Image.open(target).quantize(256, dither=Image.Dither.NONE).save(
        target, optimize=True
    )
    if target.stat().st_size > MOST_BYTES:
        sys.exit(f"{target}: is larger than {MOST_BYTES} bytes")


def wait_until_ready(address: str) -> None:
    """Until models are loaded and the index is built."""
    for _ in range(START_SECONDS):
        try:
            status = httpx.get(address).json()
            if status["ready"] and status["index"].get("documents"):
                return
        except httpx.HTTPError:
            pass
        time.sleep(1)
    sys.exit(f"{address}: not ready after {START_SECONDS} seconds")


def take(page: Page, address: str, target: Path) -> None:
    """Ask, open the first citation, and save the screen."""
    page.goto(address)
    page.get_by_role("textbox", name="Your question").fill(QUESTION)
    page.keyboard.press("Enter")
    page.locator(".qa-acts").wait_for(timeout=MILLISECONDS)
    page.locator(".qa-answer .qa-cite").first.click(delay=90)
    page.locator("#qa-source mark:not(.qa-other)").wait_for()
    page.mouse.move(5, 5)
    page.wait_for_timeout(500)
    page.screenshot(path=target)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
