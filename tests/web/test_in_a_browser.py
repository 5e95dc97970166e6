"""The page in a real browser: Debian's Chromium, driven by Playwright. Nothing is fetched from elsewhere."""

from __future__ import annotations

import json
from importlib import resources

import pytest

from tests.web.desk import SOON_S, serving, tuina_serves
from tests.web.painted import PAINTED, painted_beats
from tests.web.shown import questioned, scene, show

SOON_MS = SOON_S * 1000
SIZES = [(320, 568), (375, 667), (768, 1024), (1024, 600), (1280, 720), (1920, 1080)]
ZOOMED = (640, 400)  # 1280 by 800 at 200 %
MOST_LATE_MS = 60.0
BEATS, TAKES = 100, 3
HTML = "<img src=x onerror=document.title='broken'><b>bold</b>"
BRISK = """
id: brisk
words: {en: {title: Brisk routine, spoken_names: [brisk]}}
steps: [{technique: lower-back-rub, repetitions: 24}]
"""
OUTSIDE = """() => [...document.querySelectorAll('#session *')].filter((one) => {
  const box = one.getBoundingClientRect();
  const isSeen = box.width > 1 && !one.closest('svg') && getComputedStyle(one).visibility === 'visible';
  return isSeen && (box.right > innerWidth + 1 || box.bottom > innerHeight + 1 || box.left < -1 || box.top < -1);
}).map((one) => one.id || one.className || one.tagName)"""

KEEPS_LOST = "new MutationObserver(() => document.body.classList.add('lost')).observe(offline, {childList: true})"


@pytest.fixture(scope="module")
def browser(playwright, chromium):
    """One browser for all."""
    with playwright.chromium.launch(executable_path=chromium) as browser:
        yield browser


@pytest.fixture(scope="module")
def desk(loaded):
    with serving(loaded) as desk:
        yield desk


@pytest.fixture
def window(browser):
    """A page of its own, and everything that went wrong in it or was asked of another machine."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.set_default_timeout(SOON_MS)
    page.wrong = []
    page.on(
        "console", lambda message: page.wrong.append(message.text) if message.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    page.on("dialog", lambda dialog: page.wrong.append(dialog.message))
    page.on("request", lambda one: None if one.url.startswith("http://127.0.0.1") else page.wrong.append(one.url))
    yield page
    context.close()
    assert page.wrong == []


def test_a_whole_session_is_led_on_the_page(browser, window, settled, tmp_path):
    """From the routine's button over a count, a stop and a pause by key, to the history; everything from here."""
    settled(tmp_path)
    (tmp_path / "routines").mkdir()
    (tmp_path / "routines" / "brisk.yaml").write_text(BRISK, encoding="utf-8")
    with tuina_serves(tmp_path) as served:
        window.goto(served.address)
        window.click("text=Brisk routine")
        window.click("#phrases >> text=start")
        window.click("#phrases >> text=ready")
        window.wait_for_selector("body[data-state=counting]")
        window.wait_for_selector("#count:text-matches('^[1-9]')")
        assert "rub the lower back" in window.inner_text("#technique").lower()
        assert window.locator("#drawing svg").count() == 1

        window.keyboard.press("Escape")
        window.wait_for_selector("body[data-state=paused]")
        window.focus("#stage")
        window.keyboard.press("Space")
        window.wait_for_selector("body[data-state=counting]")
        window.fill("#line", "the next bus is late")
        window.keyboard.press("Enter")
        window.wait_for_selector("#heard.doubt:text-is('Not understood')")
        window.fill("#line", "next")
        window.keyboard.press("Enter")
        window.wait_for_selector("body[data-state=finished]")
        window.fill("#line", "end session")
        window.keyboard.press("Enter")
        window.click("#to-history")
        window.wait_for_selector("#sessions td:has-text('brisk')")
        window.goto("about:blank")


def test_the_page_follows_a_beat(desk, window, loaded):
    """From the moment when a session tells the number to the moment when it is painted: p95 at most 60 ms.

    A starved machine paints late whatever is told: it is measured, said, and the scene repeated, at most twice.
    """
    window.add_init_script(PAINTED)
    show(desk, window, scene(loaded, count=0))
    scenes = [scene(loaded, count=n) for n in range(1, BEATS + 1)]
    for _ in range(TAKES):
        take = painted_beats(desk, window, scenes)
        print(take)
        if take.p95_ms <= MOST_LATE_MS or not take.is_starved:
            break

    assert take.painted >= 0.9 * BEATS
    assert take.p95_ms <= MOST_LATE_MS or take.is_starved


def test_nothing_needs_to_be_scrolled(desk, window, loaded):
    """A count, the longest question, a rating, pain: from 320 to 1920 pixels, and at 200 %; stop is always there."""
    ratings = {"asks_number": True, "state": "rating", "count": 0, "of": 0, "drawing": "", "side": ""}
    said = {"event": "unsure", "at_s": 0.0, "best": "next"}
    desk.level = -30.0
    for shown in (scene(loaded), questioned(loaded), scene(loaded, **ratings), scene(loaded, state="pain_hold")):
        show(desk, window, shown, said)
        for wide, high in [*SIZES, ZOOMED]:
            window.set_viewport_size({"width": wide, "height": high})

            assert window.evaluate(OUTSIDE) == [], (shown["state"], wide, high)
            box = window.locator("#stop").bounding_box()
            assert box["height"] >= 44
            assert window.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_barrier_is_found(desk, window, loaded, scheme):
    """Axe finds no violation in the start view, the history and the session, in light and dark."""
    axe = (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    window.emulate_media(color_scheme=scheme)

    def violations():
        window.evaluate(axe)
        found = window.evaluate("axe.run()")
        assert len(found["passes"]) > 5
        return [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]]

    for shown in (scene(loaded), questioned(loaded), scene(loaded, state="pain_hold")):
        show(desk, window, shown, {"event": "unsure", "at_s": 0.0, "best": ""})
        window.wait_for_timeout(300)
        assert violations() == []
    desk.pages.forget()
    desk.pages.publish("run", json.dumps({"run": "waiting"}))
    window.wait_for_selector(".card")
    assert violations() == []
    window.click("#to-history")
    window.wait_for_selector("#history:visible")
    assert violations() == []


def test_html_in_a_name_is_text(desk, window, loaded, monkeypatch):
    """In the names of routines and techniques, in phrases, in what was heard, and in notes."""
    routine = {"id": "x", "title": HTML, "minutes": 3, "steps": [HTML], "is_users": True}
    monkeypatch.setattr(desk.contents, "routines", [routine])
    shown = scene(
        loaded, technique=HTML, routine=HTML, side=HTML, question=[HTML], phrases=[{"say": HTML, "intent": HTML}]
    )
    show(desk, window, shown, {"event": "said", "at_s": 0.0, "text": HTML}, {"note": HTML})
    desk.pages.publish("", json.dumps({"effect": "say", "utterance": 1, "text": HTML}))
    desk.pages.publish("", json.dumps({"event": "voice_began", "utterance": 1}))
    window.wait_for_selector("#said:visible")
    assert window.inner_text("#technique") == HTML
    assert window.locator("img, b").count() == 0

    desk.pages.forget()
    desk.pages.publish("run", json.dumps({"run": "waiting"}))
    window.wait_for_selector(".card")
    assert window.locator("img, b").count() == 0
    assert HTML in window.inner_text(".card")
    assert window.title() == "tuina"


def test_keys_press_what_they_say(desk, window, loaded):
    """Escape stops wherever the focus is; Space pauses, or presses the button that has the focus."""
    show(desk, window, scene(loaded))

    def pressed(*keys):
        for key in keys:
            window.keyboard.press(key)
        return desk.lines.get(timeout=SOON_S)

    assert pressed("Space") == "pause"
    window.focus("#phrases button")
    assert pressed("Space") == "how many left"
    assert pressed("Escape") == "stop"
    window.focus("#line")
    assert pressed("Escape") == "stop"
    assert pressed("s", "l", "o", "w", "Space", "e", "r", "Enter") == "slow er"
    window.click("text=ten more")
    assert desk.lines.get(timeout=SOON_S) == "ten more"
    assert pressed("Space") == "pause"


def test_a_second_press_in_a_hurry_resumes_nothing(desk, window, loaded):
    """Two seconds later it does."""
    show(desk, window, scene(loaded))
    window.keyboard.press("Space")
    assert desk.lines.get(timeout=SOON_S) == "pause"
    desk.pages.publish("scene", json.dumps({"at_s": 1.0, "scene": scene(loaded, state="paused")}))
    window.wait_for_selector("body[data-state=paused]")

    window.keyboard.press("Space")
    window.keyboard.press("Escape")
    assert desk.lines.get(timeout=SOON_S) == "stop"
    window.wait_for_timeout(2_100)
    window.keyboard.press("Space")
    assert desk.lines.get(timeout=SOON_S) == "resume"


def test_the_drawing_moves_with_the_beat_unless_less_motion_is_wanted(desk, window, loaded):
    """One repetition is one round; who asks the system for less motion sees it still."""
    rounds = "getAnimations({subtree: true}).map((one) => one.effect.getTiming().duration)"
    moving = f"document.getElementById('drawing').{rounds}"
    show(desk, window, scene(loaded))
    window.wait_for_selector("#drawing svg")
    assert 1500 in window.evaluate(moving)

    window.emulate_media(reduced_motion="reduce")
    assert window.evaluate(moving) == []


def test_a_lost_session_is_told(window, loaded):
    """A page without its session says that nothing arrives, and is whole again by itself."""
    with serving(loaded) as desk:
        show(desk, window, scene(loaded))
        desk.server.stop()
        window.wait_for_selector("#offline:visible")
        assert "Nothing that you press here arrives" in window.inner_text("#offline")
    window.wrong = [one for one in window.wrong if "WebSocket" not in one and "ERR_CONNECTION" not in one]


def test_a_network_that_vanished_without_a_word_is_noticed(desk, window, loaded):
    """The socket stays open and silent: the page says that it is lost, and connects again; a stop arrives then."""
    routes = []

    def stalled(route):
        routes.append(route)
        server = route.connect_to_server()
        is_first = len(routes) == 1
        route.on_message(lambda text: None if is_first else server.send(text))
        server.on_message(lambda text: None if is_first and "alive" in text else route.send(text))

    window.route_web_socket("**/live", stalled)
    show(desk, window, scene(loaded))
    window.evaluate(KEEPS_LOST)
    window.keyboard.press("Escape")
    window.wait_for_selector("body.lost")
    window.wait_for_selector("body:has(#offline[hidden])")
    assert desk.lines.get(timeout=SOON_S) == "stop"
