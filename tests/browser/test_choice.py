"""Another generator for everybody, chosen in the settings while the page runs."""

import json
import threading
from dataclasses import dataclass, field, replace

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from staging import DRAFT, Named, Script, served, staged, stock

from qa.errors import ModelError
from qa.neural.generation import LlamaGenerator
from qa.settings import DEFAULT_GENERATOR, Settings
from qa.wiring import assemble, run_build

pytestmark = [
    pytest.mark.browser,
    # Gradio's queue statistics, through pandas.
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]
LAW = "What did the lantern law ask of keepers?"
BROKEN = "broken.gguf: the model cannot be used: no magic; check the file"


class Slow(LlamaGenerator):
    """Is loaded when the test says so, unless it is broken."""

    def __init__(self, name, loaded):
        self.name, self._loaded = name, loaded

    def start(self):
        pass

    def wait_until_loaded(self, cancel=None):
        if self.name == "broken":
            cancel.wait(0.5)  # the page hears that it is being loaded
            raise ModelError(BROKEN)
        while not self._loaded.wait(0.02) and not cancel.is_set():
            pass

    def close(self):
        pass


@dataclass
class Stage:
    """A page with generators to choose from."""

    address: str
    script: Script
    loaded: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def stage(library):
    stock(library)
    models = library.home / "models"
    models.mkdir()
    for name in ("broken.gguf", "other.gguf"):
        (models / name).write_bytes(b"GGUF")
    settings = Settings(seeds=library.seeds, index=library.folder)
    made = Stage("", Script(library))

    def exchange(parts, settings):
        name = settings.generator.rpartition("/")[2].removesuffix(".gguf")
        made_of = {"none": None, DEFAULT_GENERATOR: Named()}
        generator = made_of.get(name, Slow(name, made.loaded))
        return replace(parts, generator=generator)

    parts = staged(library, made.script)
    with served(
        parts, settings, library.rebuild, with_generator=exchange
    ) as made.address:
        yield made


def settings_of(page):
    page.get_by_role("button", name="Settings").click()
    return page.get_by_role("dialog", name="Settings")


def use(dialog, name):
    dialog.get_by_role("button", name=f"Use {name}", exact=True).click()


def violations(page):
    found = Axe().run(page).response["violations"]
    return [v["id"] for v in found if v["impact"] in {"serious", "critical"}]


@pytest.mark.parametrize(
    ("size", "scheme"), [("wide", "light"), ("phone", "dark")], ids=["wide", "phone"]
)
def test_another_generator_is_loaded_while_the_old_one_answers(
    stage, open_page, size, scheme
):
    page = open_page(stage.address, size, scheme)
    dialog = settings_of(page)
    rows = dialog.locator("#qa-generators li")
    expect(rows).to_have_text(
        [
            "scripted (at every start)writes now",
            "brokenUse",
            "otherUse",
            "quotes onlyUse",
        ]
    )
    expect(dialog).to_contain_text(
        "Holds for everyone on this page, until it is stopped"
    )
    use(dialog, "other")
    expect(dialog.locator("#qa-generators-line")).to_have_text("Loading other…")
    expect(dialog.get_by_role("button", name="Use quotes only")).to_be_disabled()
    assert violations(page) == []
    page.keyboard.press("Escape")
    status = page.locator("#qa-status-line")
    expect(status).to_have_text("Loading other… · scripted until then")
    page.get_by_role("textbox", name="Your question").fill(LAW)
    page.keyboard.press("Enter")
    expect(page.locator(".qa-answer")).to_contain_text(DRAFT)
    stage.loaded.set()
    expect(status).to_contain_text("· other")
    told = httpx.get(f"{stage.address}/status", timeout=30).json()
    assert told["models"]["generator"] == "other"
    settings_of(page)
    expect(rows.nth(2)).to_have_text("otherwrites now")


def test_one_that_cannot_be_loaded_is_told_and_the_old_one_stays(stage, open_page):
    page = open_page(stage.address)
    dialog = settings_of(page)
    use(dialog, "broken")
    expect(dialog.locator("#qa-generators-line")).to_have_text(BROKEN)
    expect(dialog.locator("#qa-generators li").first).to_contain_text("writes now")
    assert violations(page) == []
    # It is in the drawer already, and says nothing to whoever comes later.
    announced = page.locator("#qa-announcer").filter(has_text="broken")
    expect(announced).to_have_count(0)
    later = settings_of(open_page(stage.address))
    expect(later.locator("#qa-generators li").first).to_contain_text("writes now")
    expect(later.locator("#qa-generators-line")).to_be_empty()
    use(dialog, "quotes only")
    expect(dialog.locator("#qa-generators-line")).to_be_empty()
    expect(page.locator("#qa-status-line")).to_contain_text("quotes only")


def test_one_chosen_while_the_library_is_still_fetched_is_heard_of(stage, open_page):
    page = open_page(stage.address)
    held = []

    def hold(route):
        held.append(route)

    page.route("**/page/library", hold)
    page.reload()
    expect(page.locator("#qa-status-line")).to_contain_text("Ready · ")
    dialog = settings_of(page)
    use(dialog, "other")
    expect(dialog.locator("#qa-generators-line")).to_have_text("Loading other…")
    for route in held:
        route.continue_()
    page.wait_for_function("qa.library.length > 0")
    stage.loaded.set()
    expect(page.locator("#qa-status-line")).to_contain_text("· other")


def test_an_answer_under_way_is_not_cut_and_others_hear_of_the_change(stage, open_page):
    reader, owner = open_page(stage.address), open_page(stage.address)
    reader.get_by_role("textbox", name="Your question").fill("An endless answer")
    reader.keyboard.press("Enter")
    reader.get_by_text("Lamp number 1 was lit").wait_for()
    dialog = settings_of(owner)
    use(dialog, "quotes only")
    line = dialog.locator("#qa-generators-line")
    expect(line).to_have_text("Changing to quotes only…")
    reader.get_by_text("Lamp number 8 was lit").wait_for()
    expect(line).to_have_text("Changing to quotes only…")
    reader.get_by_role("button", name="Stop").click()
    expect(line).to_be_empty()
    reader.get_by_role("textbox", name="Your question").fill(LAW)
    reader.keyboard.press("Enter")
    expect(reader.locator("#qa-status-line")).to_contain_text("quotes only")


def test_elsewhere_the_generator_is_named_but_not_changed(stage, open_page):
    page = open_page(stage.address)
    page.set_extra_http_headers({"x-forwarded-for": "10.0.0.9"})
    dialog = settings_of(page)
    expect(dialog.locator("#qa-generators li")).to_have_text(
        ["scripted (at every start)writes now"]
    )
    expect(dialog).to_contain_text("Only the computer that runs this page")
    refused = httpx.post(
        f"{stage.address}/page/generator",
        json={"generator": "none"},
        headers={"x-forwarded-for": "10.0.0.9"},
        timeout=30,
    )
    assert refused.status_code == 403


def test_elsewhere_nobody_learns_which_files_there_are(stage, open_page):
    owner = settings_of(open_page(stage.address))
    use(owner, "broken")
    expect(owner.locator("#qa-generators-line")).to_have_text(BROKEN)
    away = {"headers": {"x-forwarded-for": "10.0.0.9"}, "timeout": 30}
    assert "broken" not in httpx.get(f"{stage.address}/page/settings", **away).text
    told = "Another generator is being loaded…"
    assert first_event(stage, **away)["refused"] == ""
    use(owner, "other")
    expect(owner.locator("#qa-generators-line")).to_have_text("Loading other…")
    assert first_event(stage, **away)["changing"] == told


def first_event(stage, **told):
    with httpx.stream("GET", f"{stage.address}/page/events", **told) as events:
        return json.loads(next(events.iter_lines()).removeprefix("data: "))


@pytest.mark.real
def test_the_embedded_generator_is_given_up_and_taken_again(library, open_page):
    stock(library)
    settings = Settings(seeds=library.seeds, index=library.folder / "real")
    run_build(settings)
    parts = assemble(settings)
    with served(parts, settings) as address:
        page = open_page(address)
        status = page.locator("#qa-status-line")
        for name in ("quotes only", DEFAULT_GENERATOR):
            use(settings_of(page), name)
            expect(status).to_contain_text(f"· {name}", timeout=60_000)
            page.keyboard.press("Escape")
            asked = httpx.post(
                f"{address}/answer",
                json={"question": "What did the lantern law make keepers do?"},
                timeout=60,
            ).json()
            stated = asked["models"]["generator"]
            assert stated == {"quotes only": "none"}.get(name, name)
            assert asked["citations"]
