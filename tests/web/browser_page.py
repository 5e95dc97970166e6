"""A page of a real browser, what went wrong in it, and the barriers that axe finds."""

from __future__ import annotations

from contextlib import contextmanager
from importlib import resources

from tests.web.desk import SOON_S


@contextmanager
def page_of(browser, **how):
    """A page of a device of its own, with every address that it asked for, and what went wrong in it."""
    context = browser.new_context(**how)
    page = context.new_page()
    page.set_default_timeout(SOON_S * 1000)
    page.asked, page.wrong = [], []
    page.on("request", lambda one: page.asked.append(one.url))
    page.on("websocket", lambda one: page.asked.append(one.url))
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    page.on("console", lambda one: page.wrong.append(one.text) if "Content Security" in one.text else None)
    yield page
    context.close()
    assert page.wrong == []


def violations(page):
    """Return the barriers that axe finds."""
    page.evaluate((resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")
    assert len(found["passes"]) > 5
    return [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]]
