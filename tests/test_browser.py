"""The pages in a real browser: walk, click, type, ask. Skipped where there is no playwright or no chromium.

No request may leave this machine, and no page may complain on its console.
"""

import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from kg.graph import Graph

sync_api = pytest.importorskip("playwright.sync_api")

ROOT = Path(__file__).parents[1]
CHROMIUM = os.environ.get("KG_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
# As root there is no sandbox; the rest keeps the browser itself from calling home.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-extensions"]  # fmt: skip
RADEV, SALOME = "Q26257557", "Q272416"  # as kg kb search finds them

if not CHROMIUM:
    pytest.skip("no chromium here: apt-get install chromium, or name one in KG_CHROMIUM", allow_module_level=True)


def kg(*words):
    done = subprocess.run(
        [sys.executable, "-m", "kg.cli", *map(str, words)], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("browser") / "graph"
    kg("build", ROOT / "examples" / "articles", "--graph", path)
    return path


@pytest.fixture(scope="module")
def server(folder):
    command = [sys.executable, "-m", "kg.cli", "serve", "--graph", str(folder), "--port", "0", "--workers", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield re.search(r"http://\S+?(?=/ )", process.stdout.readline())[0]
        process.terminate()


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def page_of(browser, server, **context):
    """A page that fails the test if it asked anyone else, or complained."""
    faults = []
    with browser.new_context(base_url=server, **context) as opened:
        page = opened.new_page()
        page.set_default_timeout(15_000)
        page.on("request", lambda r: r.url.startswith((server, "data:", "blob:")) or faults.append(r.url))
        page.on("console", lambda m: m.type in {"error", "warning"} and faults.append(m.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        yield page
        assert faults == []


@pytest.fixture
def page(browser, server):
    with page_of(browser, server, viewport={"width": 1280, "height": 860}) as page:
        yield page


def fits(page):
    """Nothing sticks out sideways."""
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("context", [
    {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "has_touch": True, "is_mobile": True},
    {"viewport": {"width": 1280, "height": 860}, "color_scheme": "light"},
], ids=["phone", "desktop"])  # fmt: skip
def test_each_page_fits_and_is_silent(browser, server, context):
    with page_of(browser, server, **context) as page:
        page.goto("/")
        article = page.locator(".stories a").first.get_attribute("href")
        event = page.locator(".happening h3 a").first.get_attribute("href")
        page.goto(f"/entity/{SALOME}")
        claim = page.locator(".fact a[href^='/claim/']").first.get_attribute("href")
        for path in ("/", article, event, claim, f"/entity/{SALOME}", "/questions", "/questions/timeline", "/query",
                     "/questions/entities-by-articles", "/review", "/search?q=Радев", "/entity/nobody"):  # fmt: skip
            if path != "/entity/nobody":  # a 404 is told on the console too
                page.goto(path, wait_until="networkidle")
                assert fits(page), path


def test_clicking_from_a_headline_to_the_evidence(page):
    page.goto("/")
    page.locator(".stories a[lang=el]").first.click()
    page.locator(".text .m", has_text="Ράντεφ").first.click()
    page.wait_for_url("**/entity/*")
    assert page.locator("h1").inner_text() == "Rumen Radev"
    page.locator(".fact a[href^='/claim/']").first.click()
    page.wait_for_url("**/claim/*")
    page.locator(".chain .said").first.click()
    page.wait_for_url("**/article/*")
    assert page.locator(":target").is_visible()


def test_a_card_opens_by_pointer_and_by_key_and_closes_by_escape(page):
    page.goto("/")
    page.locator(".stories a[lang=en]").first.click()
    mention = page.locator(".text .mention").nth(2)
    card = mention.locator(".card")
    assert not card.is_visible()
    mention.locator(".m").hover()
    assert card.is_visible()
    page.mouse.move(0, 0)
    mention.locator(".m").focus()
    assert card.is_visible()
    page.keyboard.press("Escape")
    assert not card.is_visible()


def test_on_a_phone_a_first_tap_opens_the_card(browser, server):
    context = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    with page_of(browser, server, **context) as page:
        page.goto("/")
        page.locator(".stories a[lang=en]").first.tap()
        page.wait_for_url("**/article/*")
        mention = page.locator(".text .mention").nth(3)
        mention.locator(".m").tap()
        assert mention.locator(".card").is_visible()
        assert "/article/" in page.url


@pytest.mark.parametrize("text", ["radev", "Радев", "Ράντεφ", "Zurabişv", "Зурабишв"])
def test_search_as_you_type_in_four_scripts(page, text):
    wanted = SALOME if "urabi" in text or "Зура" in text else ""
    page.goto("/")
    page.locator("#q").press_sequentially(text)
    page.locator(".suggestions li").first.wait_for()
    page.keyboard.press("ArrowDown")
    assert page.locator("#q").get_attribute("aria-activedescendant")
    page.keyboard.press("Enter")
    page.wait_for_url("**/entity/*")
    assert wanted in page.url
    assert page.locator("h1").inner_text() == ("Salome Zurabishvili" if wanted else "Rumen Radev")


def test_a_question_is_filled_in_by_name_and_answered(page):
    page.goto("/questions/what-happened-to")
    page.locator("#p-entity").press_sequentially("Zurab")
    page.locator(".suggestions:not([hidden]) li").first.click()
    page.get_by_role("button", name="Ask").click()
    page.wait_for_url("**ask=1**")
    assert page.locator(".timeline .happening").count() > 2
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert "when" in Path(download.value.path()).read_text(encoding="utf-8").splitlines()[0]


def test_the_editor_answers_completes_and_takes_examples(page):
    page.goto("/query")
    page.locator(".yasqe_queryButton").click()
    page.locator(".yasr table tbody tr").first.wait_for()
    assert "Rumen Radev" in page.locator(".yasr table").inner_text()
    page.locator("#example").select_option("timeline")
    editor = "document.querySelector('.CodeMirror').CodeMirror"
    assert "What happened" in page.evaluate(f"{editor}.getValue()")
    page.evaluate(f"{editor}.setValue('PREFIX kg: <https://newskg.example/ontology#>\\nSELECT * {{ ?a kg:metW')")
    page.evaluate(f"{editor}.focus(), {editor}.setCursor(1, 99)")
    page.keyboard.press("Control+Space")
    page.locator(".CodeMirror-hint, .CodeMirror-line >> text=metWith").first.wait_for()


def test_kinds_can_be_hidden_and_names_unfolded(page):
    page.goto("/")
    page.locator(".stories a[lang=en]").first.click()
    page.locator(".legend input[data-kind=LOC]").uncheck()
    line = page.locator(".text .m.LOC").first
    assert line.evaluate("e => getComputedStyle(e).borderBottomColor") == "rgba(0, 0, 0, 0)"


def test_selected_words_can_be_reported_as_missing(page):
    page.goto("/")
    page.locator(".stories a[lang=en]").first.click()
    page.evaluate("getSelection().selectAllChildren(document.querySelector('.text .m'))")
    link = page.get_by_role("link", name="This is missing")
    link.wait_for()
    link.click()
    assert page.locator("#m-name").input_value()
    page.locator("#m-kind").select_option("PER")
    assert page.locator("#m-article").input_value()


def test_a_mention_is_relinked_and_the_next_build_obeys(page, folder):
    page.goto("/review")
    first = page.locator(".doubts > li").first
    name = first.locator(".context .m").inner_text()
    article = first.locator("input[name=article]").get_attribute("value")
    first.get_by_label("Another item").fill(RADEV)
    first.get_by_role("button", name="Choose").click()
    page.get_by_role("status").wait_for()
    assert RADEV in (folder / "overrides.toml").read_text(encoding="utf-8")
    page.goto(f"/article/{article}")
    assert page.locator(f".text .m[href$='/{RADEV}']", has_text=name).count() == 0
    kg("build", ROOT / "examples" / "articles", "--graph", folder)
    page.reload()
    assert page.locator(f".text .m[href$='/{RADEV}']", has_text=name).count() > 0
    assert Graph.open(folder).folder == folder
