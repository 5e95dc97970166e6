"""The settings as pages see and change them: all or none, told, and the emergency number on this machine only."""

from __future__ import annotations

import http.client
import json
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from assistant.errors import BadFiles, JournalError
from assistant.store.journal import Journal
from assistant.store.settings import folders_in
from assistant.web.page_settings import NOT_HERE, RUNS, NoChange, PageSettings
from assistant.wire.preferences import resolve
from tests.web.desk import SOON_S, serving


class Kept:
    """A person's folders, their settings on a page, and what the terminal was told."""

    def __init__(self, home, environment):
        self.where, self.told, self.runs = folders_in(home), [], False
        self.settings = PageSettings(self.where, self.told.append, lambda: self.runs, environment)

    def change(self, *, is_here=True, **changes):
        return self.settings.change(json.dumps(changes), is_here=is_here, device="a test")

    def shown(self, *, is_here=True):
        return self.settings.shown(is_here=is_here)

    def resolved(self):
        return resolve(self.where, {}, {})[0]


@pytest.fixture
def kept(tmp_path):
    return Kept(tmp_path, {"LANG": "en_GB.UTF-8"})


def test_what_was_changed_is_what_the_command_line_reads(kept):
    """The number and the person stand in settings.yaml, the rate where a spoken choice stands; all are told."""
    assert kept.change(emergency_number=" 112 ", person="Anna Maria", speech_rate=85) == {}

    found = kept.resolved()
    with closing(Journal(kept.where.journal)) as journal:
        assert journal.preferred() == {"speech_rate": 85}
    assert (found.emergency_number, found.person, found.speech_rate) == ("112", "anna-maria", 100)
    assert [kept.shown()[name] for name in ("emergency_number", "person", "speech_rate")] == ["112", "anna-maria", 85]
    assert [one.split(".")[0] for one in kept.told] == [
        "Emergency number: 112",
        "Person: anna-maria",
        "Rate of the voice: 85 %",
    ]
    assert all("Changed on a test" in one for one in kept.told)


def test_nothing_is_created_by_looking(kept, tmp_path):
    """The values are the defaults; the number is the one of the locale."""
    shown = kept.shown()

    assert (shown["speech_rate"], shown["emergency_number"], shown["guess"]) == (100, "", "999")
    assert (shown["people"], shown["fixed"], shown["problem"]) == ((), {}, "")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_text_is_the_default(kept):
    """It leaves the file."""
    kept.change(emergency_number="112", person="anna")
    kept.change(emergency_number="", person=" ")

    assert (kept.resolved().emergency_number, kept.resolved().person) == (None, None)
    assert kept.told[-1].startswith("Person: by default.")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("emergency_number", value) for value in ("1", "123456789", "1 12", "+44", "११२", 112, None, "1" * 1000)),
        *(("person", value) for value in ("../x", "<b>", "a" * 60, "-", 7, ["anna"])),
        *(("speech_rate", value) for value in (69, 151, 99.5, "100", True, None)),
    ],
)
def test_a_bad_value_is_told_and_nothing_is_changed(kept, name, value, tmp_path):
    """Also a good one beside it waits."""
    good = {"speech_rate": 90} if name != "speech_rate" else {"person": "anna"}

    assert list(kept.change(**{**good, name: value})) == [name]
    assert list(tmp_path.iterdir()) == []
    assert kept.told == []


@pytest.mark.parametrize("text", ["", "[]", "{}", "7", '{"language": "sv"}', '{"person": "anna", "microphone": "x"}'])
def test_other_settings_cannot_be_reached(kept, text):
    """A page changes these three and no path, device or model."""
    with pytest.raises(NoChange):
        kept.settings.change(text, is_here=True, device="")


def test_an_emergency_number_is_changed_at_the_machine_only(kept):
    """Another device is told so before it tries, and refused when it does; the rate and the person it may change."""
    kept.change(emergency_number="112")

    assert kept.shown(is_here=False)["fixed"] == {"emergency_number": NOT_HERE}
    assert kept.change(is_here=False, emergency_number="999", person="anna") == {"emergency_number": NOT_HERE}
    assert kept.change(is_here=False, emergency_number="") == {"emergency_number": NOT_HERE}
    assert (kept.resolved().emergency_number, kept.resolved().person) == ("112", None)
    assert kept.change(is_here=False, person="anna", speech_rate=80) == {}


def test_what_the_environment_sets_stands_above_the_file(tmp_path):
    """A change that would have no effect is refused with the reason."""
    kept = Kept(tmp_path, {"TUINA_EMERGENCY_NUMBER": "911"})

    assert kept.shown()["emergency_number"] == "911"
    assert "TUINA_EMERGENCY_NUMBER" in kept.shown()["fixed"]["emergency_number"]
    assert "TUINA_EMERGENCY_NUMBER" in kept.change(emergency_number="112")["emergency_number"]


def test_the_rate_of_a_session_that_runs_follows_its_own_commands(kept):
    """It would be written over by them; the other two wait for the next session anyway."""
    kept.runs = True

    assert kept.change(speech_rate=80) == {"speech_rate": RUNS}
    assert kept.change(person="anna") == {}


def test_a_broken_file_is_told_and_stays(kept, tmp_path):
    """Also where only the rate could be read."""
    (tmp_path / "settings.yaml").write_text("night: perhaps\n")

    assert "night" in kept.shown()["problem"]
    with pytest.raises(BadFiles, match="night"):
        kept.change(person="anna")
    assert (tmp_path / "settings.yaml").read_text() == "night: perhaps\n"
    assert kept.told == []


def test_a_journal_that_is_damaged_is_told_and_stays(kept):
    """It is moved aside by a session, not by a slider."""
    kept.where.journal.write_bytes(b"no database" * 100)

    assert "damaged" in kept.shown()["problem"]
    with pytest.raises(JournalError, match="damaged"):
        kept.change(speech_rate=80)


def test_an_environment_that_is_wrong_is_told(tmp_path):
    """As the command line would."""
    assert "TUINA_EARCONS" in Kept(tmp_path, {"TUINA_EARCONS": "loud"}).shown()["problem"]


@pytest.fixture
def desk(loaded, kept):
    with serving(loaded, settings=kept.settings) as desk:
        yield desk


def sent(desk, body, **headers):
    """The status and the answer of a change."""
    place = urlsplit(desk.server.address).netloc
    connection = http.client.HTTPConnection(place, timeout=SOON_S)
    connection.request("POST", "/settings.json", body=body, headers={"Origin": f"http://{place}", **headers})
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


def test_a_page_changes_settings_over_its_server(desk, kept):
    """What is wrong is told by the setting's name."""
    assert sent(desk, '{"person": "anna"}') == (200, b'{"wrong":{}}')
    assert json.loads(sent(desk, '{"person": "?"}')[1])["wrong"].keys() == {"person"}
    assert kept.resolved().person == "anna"
    assert "this machine's page" in kept.told[0]


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        ('{"person": "anna"}', {"Origin": "http://evil.example"}, 403),
        ('{"person": "anna"}', {"Host": "evil.example"}, 403),
        ('{"language": "sv"}', {}, 400),
        ("no JSON", {}, 400),
        ("\0" * 10_000, {}, 413),
    ],
)
def test_what_is_no_pages_change_is_refused(desk, kept, body, headers, status):
    """A foreign page, another setting, what is too long."""
    assert sent(desk, body, **headers)[0] == status
    assert kept.resolved().person is None


def test_a_change_without_an_origin_is_refused(desk, kept):
    """Every page's POST names one."""
    connection = http.client.HTTPConnection(urlsplit(desk.server.address).netloc, timeout=SOON_S)
    connection.request("POST", "/settings.json", body='{"person": "anna"}')

    assert connection.getresponse().status == 403
    assert kept.resolved().person is None
    connection.close()


def test_a_disk_that_refuses_is_told_to_the_page(desk, tmp_path):
    """With the sentence that the terminal would show."""
    (tmp_path / "settings.yaml").write_text("night: perhaps\n")

    status, answer = sent(desk, '{"person": "anna"}')
    assert (status, "night" in json.loads(answer)["problem"]) == (500, True)


def test_over_the_network_only_a_paired_device_reaches_them(home, phone):
    """And the emergency number stays as it is, whatever it sends."""
    change, origin = json.dumps({"emergency_number": "112"}), {"Origin": phone.address}
    stranger = home.device()

    assert stranger.get("/settings.json")[0] == 401
    assert stranger.get("/settings.json", "POST", change, **origin)[0] == 401
    assert json.loads(phone.get("/settings.json")[1])["fixed"] == {"emergency_number": NOT_HERE}
    assert json.loads(phone.get("/settings.json", "POST", change, **origin)[1])["wrong"]["emergency_number"] == NOT_HERE
    assert phone.get("/settings.json", "POST", json.dumps({"person": "anna"}), **origin) == (200, b'{"wrong":{}}')
    assert any("Person: anna. Changed on a paired device, 127.0.0.1" in one for one in home.told)
    assert json.loads(phone.get("/settings.json")[1])["emergency_number"] == ""
