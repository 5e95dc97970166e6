"""A phone in a real browser: it is paired by the address of the QR code over HTTPS, and leads a session by touch."""

from __future__ import annotations

import pytest
import segno

from tests.web.browser_page import page_of, violations
from tests.web.desk import tuina_serves
from tests.web.lan_device import HERE, code_of

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "ignore_https_errors": True}
BRISK = """
id: brisk
words: {en: {title: Brisk routine, spoken_names: [brisk]}}
steps: [{technique: lower-back-rub, repetitions: 24}]
"""


@pytest.fixture(scope="module")
def browser(playwright, chromium):
    """One browser for all."""
    with playwright.chromium.launch(executable_path=chromium) as browser:
        yield browser


@pytest.fixture(scope="module")
def served(settled, tmp_path_factory):
    """A running `tuina serve --lan` of somebody who passed the safety check today."""
    home = tmp_path_factory.mktemp("home")
    settled(home)
    (home / "routines").mkdir()
    (home / "routines" / "brisk.yaml").write_text(BRISK, encoding="utf-8")
    with tuina_serves(home, "--lan", "--address", HERE) as served:
        served.invitation = served.printed("Its address: ").split()[-1]
        yield served


def invited(browser, served):
    """Press "Connect a phone" on the machine's own page; the address, as the QR code there shows it."""
    with page_of(browser) as page:
        page.goto(served.address)
        page.click("text=Connect a phone")
        page.wait_for_selector("#invite:visible")
        address = page.inner_text("#invite-address")
        shown = page.locator("#qr svg path.qrline").get_attribute("d")
        assert shown in segno.make_qr(address, error="m").svg_inline(border=4)
        assert len(page.inner_text("#fingerprint")) == 95
        assert violations(page) == []
        page.click("#from-invite")
        page.wait_for_selector("#start:visible")
        return address


def test_a_phone_is_paired_and_leads_a_session_by_touch(browser, served):
    """From the scanned address to the history; loaded again it needs no code, and no address ever held a secret."""
    address = invited(browser, served)
    with page_of(browser, **PHONE) as phone:
        phone.goto(address)
        phone.tap("text=Brisk routine")
        phone.tap("#phrases >> text=start")
        phone.tap("#phrases >> text=ready")
        phone.wait_for_selector("body[data-state=counting]")
        phone.wait_for_selector("#count:text-matches('^[1-9]')")
        assert phone.locator("#drawing svg").count() == 1
        assert "over your network, encrypted" in phone.locator("#privacy").text_content()
        phone.tap("#stop")
        phone.wait_for_selector("body[data-state=paused]")

        phone.reload()
        phone.wait_for_selector("body[data-state=paused] #session:visible")
        phone.fill("#line", "end session")
        phone.tap("#typing button")
        phone.wait_for_selector("#start:visible")
        phone.tap("#to-history")
        phone.wait_for_selector("#sessions td:has-text('brisk')")
        assert phone.locator("#to-invite:visible").count() == 0

        token = phone.evaluate("localStorage.getItem('tuina-token')")
        assert phone.evaluate("document.cookie") == ""
        assert code_of(address) not in phone.url
        assert len(token) == 43
        assert not any(token in url for url in phone.asked)
        origin = address.split("#", maxsplit=1)[0]
        sent = [url.replace("wss:", "https:").split("#", maxsplit=1)[0] for url in phone.asked]
        assert all(url.startswith(origin) for url in sent)
        assert not any(code_of(address) in url for url in sent)


def test_a_phone_without_a_good_code_is_told_what_to_do(browser, served):
    """It was used by another one, or there is none; typed by hand a new one lets it in."""
    spent, fresh = served.invitation, invited(browser, served)
    with page_of(browser, **PHONE) as first:
        first.goto(spent)
        first.wait_for_selector("#start:visible")
    with page_of(browser, **PHONE) as phone:
        phone.goto(spent.split("#", maxsplit=1)[0])
        phone.wait_for_selector("#pair:visible")
        assert violations(phone) == []
        phone.fill("#code", code_of(spent))
        phone.tap("#pairing button")
        phone.wait_for_selector("#pair-note:has-text('used already')")
        assert violations(phone) == []
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
        phone.fill("#code", code_of(fresh).lower().replace("-", " "))
        phone.tap("#pairing button")
        phone.wait_for_selector("#start:visible")
