"""A session on a page of a real browser that has the sound, with the session's player in this process."""

from __future__ import annotations

import json

from assistant.speak.player import Player
from assistant.web.sound_ends import PageSpeaker
from tests.web.desk import SOON_S

SOON_MS = SOON_S * 1000
RATE = 24_000
KEEP_STREAMS = """
window.streams = [];
const devices = navigator.mediaDevices;
const ask = devices?.getUserMedia.bind(devices);
if (devices) devices.getUserMedia = async (how) => {
  const stream = await ask(how);
  streams.push(stream);
  return stream;
};
"""
WAITING = json.dumps({"run": "waiting"})
RUNNING = json.dumps({"run": "running"})


def opened(desk, browser):
    """A page on which a session was begun; its sound is connected."""
    desk.pages.publish("run", WAITING)
    window = browser.new_page()
    window.set_default_timeout(SOON_MS)
    window.goto(desk.server.address)
    begin(desk, window)
    return window


def begin(desk, window):
    """Begin a session on a page that shows the routines."""
    window.click(".card >> nth=0")
    desk.lines.get(timeout=SOON_S)
    desk.pages.publish("run", RUNNING)
    desk.pages.publish("scene", json.dumps({"scene": {"state": "idle", "phrases": [], "question": []}}))
    window.wait_for_selector("#session:visible")


def plays(desk, window):
    """Wait until a second of a new session was played on this page."""
    player = Player()
    speaker = PageSpeaker(desk.sound.state, player.render, player)
    desk.sound.attach(speaker)
    speaker.start()
    until(window, lambda: speaker.frames > RATE)  # what passes unheard does not count
    desk.sound.attach(None)


def live(window):
    """The number of microphones that the page has open."""
    return window.evaluate("streams.flatMap((one) => one.getTracks()).filter((one) => one.readyState == 'live').length")


def until(window, holds):
    """Wait until this holds, while the page goes on."""
    for _ in range(round(SOON_S / 0.05)):
        if holds():
            return
        window.wait_for_timeout(50)
    raise AssertionError("it never held")
