import pytest

from assistant.capture.devices import find_again, find_device, list_devices, settings_taken
from assistant.errors import DeviceError


def test_devices_are_listed_with_the_default(machine):
    """Each device tells its name, sound system, channels, own rate, and whether it is the system's choice."""
    first, second = list_devices(machine("Built-in", "Headset", default=(1, 0)))

    assert (first.name, first.host, first.inputs, first.rate_hz) == ("Built-in", "ALSA", 1, 48_000)
    assert second.is_default_input
    assert first.is_default_output


def test_no_choice_is_the_systems_choice(machine):
    """None means the default microphone."""
    assert find_device(None, "input", machine("A", "B", default=(1, 0))).name == "B"


def test_no_default_is_the_first_that_can_record(machine):
    """A machine without a default still has a microphone."""
    assert find_device(None, "input", machine("A", "B", default=(-1, -1))).name == "A"


@pytest.mark.parametrize("wanted", ["headset", "HEADSET MIC", "1", 1, " Headset Mic "])
def test_a_device_is_found_by_name_part_or_number(machine, wanted):
    """A part of the name is enough, whatever its case; a number is its place in the list."""
    assert find_device(wanted, "input", machine("Built-in", "Headset Mic")).name == "Headset Mic"


def test_an_exact_name_wins_over_parts(machine):
    """The name "Mic" means the device of that name though others contain it."""
    assert find_device("mic", "input", machine("Mic 2", "Mic", "Mic 3")).index == 1


def test_the_same_name_twice_is_the_same_device(machine):
    """Windows lists one device once for each of its sound systems."""
    assert find_device("usb", "input", machine("USB Mic", "USB Mic")).index == 0


def test_a_name_that_fits_several_is_asked_back(machine):
    """The error names those that fit."""
    with pytest.raises(DeviceError, match=r'more than one.*"USB 1", "USB 2"'):
        find_device("usb", "input", machine("USB 1", "USB 2", "Other"))


AGAIN = [
    ("Speakerphone: USB Audio (hw:1,0)", "Speakerphone: USB Audio (hw:2,0)"),
    ("Speakerphone [v2]: USB (x) (hw:1,0)", "Speakerphone [v2]: USB (x) (hw:3,1)"),
    ("Mikrofon (USB für Büro)", "Mikrofon (2- USB fu\u0308r Bu\u0308ro)"),
    ("Microphone (3- USB Audio)", "Microphone (USB Audio)"),
]


@pytest.mark.parametrize("wanted", ["1", 1, "whole", "usb"])
@pytest.mark.parametrize(("name", "again"), AGAIN)
def test_a_device_that_is_plugged_in_again_is_found(machine, wanted, name, again):
    """By what lasts of its name: not by the number of its card, and whichever way its letters are written."""
    wanted = name if wanted == "whole" else wanted
    before = find_device(wanted, "input", machine("Onboard (hw:0,0)", name))

    assert find_again(wanted, before, "input", machine("Onboard (hw:0,0)", "Another", again)).name == again
    assert wanted != name or find_device(name, "input", machine("Onboard (hw:0,0)", again)).name == again


def test_a_device_that_was_open_is_found_before_another_of_its_kind(machine):
    """A part of its name fits another one now; a number stands for that one."""
    before = find_device("usb", "input", machine("Onboard", "USB One (hw:1,0)"))
    now = machine("Onboard", "USB Two (hw:1,0)", "USB One (hw:2,0)")

    for wanted in ("usb", "1"):
        assert find_again(wanted, before, "input", now).name == "USB One (hw:2,0)"


def test_two_devices_that_cannot_be_told_apart_are_asked_back(machine):
    """Neither is taken in silence."""
    before = find_device("1", "input", machine("Onboard", "USB (hw:1,0)"))

    with pytest.raises(DeviceError, match=r'more than one.*"USB \(hw:2,0\)", "USB \(hw:3,0\)"'):
        find_again("1", before, "input", machine("Onboard", "USB (hw:2,0)", "USB (hw:3,0)"))


@pytest.mark.parametrize("wanted", ["²", "①"])
def test_a_digit_that_is_no_number_is_a_name(machine, wanted):
    """Its device is not found, in words."""
    with pytest.raises(DeviceError, match="no such microphone"):
        find_device(wanted, "input", machine("Built-in"))


@pytest.mark.parametrize("wanted", ["webcam", "7", 7, ""])
def test_an_unknown_name_says_what_there_is(machine, wanted):
    """The error lists the devices."""
    with pytest.raises(DeviceError, match=r'no such microphone.*[Tt]here is: "Built-in", "Headset"'):
        find_device(wanted, "input", machine("Built-in", "Headset"))


def test_a_machine_without_devices_says_so(machine):
    """No microphone is a clear error with a way out."""
    with pytest.raises(DeviceError, match=r"no microphone found.*--mic FILE.wav"):
        find_device(None, "input", machine(default=(-1, -1)))
    with pytest.raises(DeviceError, match=r"no speaker found.*--speaker FILE.wav"):
        find_device(None, "output", machine(default=(-1, -1)))


@pytest.mark.parametrize("name", ["alsa_output.pci.monitor", "Monitor of Built-in Audio"])
def test_a_monitor_of_the_speaker_is_no_microphone(machine, name):
    """It is refused by name, and never taken by default."""
    with pytest.raises(DeviceError, match=r"records what the speaker plays"):
        find_device(name, "input", machine(name, "Mic"))

    assert find_device(None, "input", machine(name, "Mic")).name == "Mic"


@pytest.mark.parametrize(
    ("rates", "channels", "taken"),
    [
        ((16_000, 48_000), (1, 2), (16_000, 1)),
        ((16_000, 48_000), (2,), (16_000, 2)),
        ((48_000,), (1, 2), (48_000, 1)),
        ((48_000,), (2,), (48_000, 2)),
    ],
)
def test_a_device_is_opened_as_it_likes(machine, rates, channels, taken):
    """The wanted rate and one channel first, then what the device has."""
    sound = machine("Mic", rates=rates, channels=channels)

    assert settings_taken(sound, list_devices(sound)[0], "input", 16_000) == taken


def test_a_device_that_takes_nothing_is_told(machine):
    """The last refusal is in the error."""
    sound = machine("Mic", "Other", rates=())

    with pytest.raises(DeviceError, match=r'Mic: the microphone cannot be opened.*Invalid sample rate.*"Other"'):
        settings_taken(sound, list_devices(sound)[0], "input", 16_000)


@pytest.mark.parametrize("claimed", [0.0, -1.0, 1.0, 3_999.0, 1e9, float("inf"), float("nan")])
def test_a_device_that_claims_an_impossible_rate_is_not_opened_with_it(machine, claimed):
    """A resampler or an ear that was given it would hang; where the device takes ours it is used all the same."""
    sound = machine("Mic", rates=(claimed,))
    sound.devices[0]["default_samplerate"] = claimed
    willing = machine("Mic")
    willing.devices[0]["default_samplerate"] = claimed

    with pytest.raises(DeviceError, match="cannot be opened"):
        settings_taken(sound, list_devices(sound)[0], "input", 16_000)
    assert settings_taken(willing, list_devices(willing)[0], "input", 16_000) == (16_000, 1)


def test_a_sound_system_that_does_not_answer_is_told(machine):
    """PortAudio's own error becomes ours."""
    sound = machine("Mic")
    sound.query_devices = lambda: (_ for _ in ()).throw(sound.PortAudioError("host error"))

    with pytest.raises(DeviceError, match=r"does not answer"):
        list_devices(sound)
