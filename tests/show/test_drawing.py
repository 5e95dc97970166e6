"""Every drawing of the eight techniques: what it shows, in which form, and what it never holds."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from assistant.body import BODIES
from assistant.picture import MOST_ALT_CHARS, Picture
from assistant.show import STYLE, Drawing, drawings
from assistant.show.hands import SHAPES, placed
from assistant.store.library import load

MOST_BYTES = 12_000  # of one drawing
MOST_BYTES_TOGETHER = 60_000  # of all drawings and their stylesheet, as a page gets them
NAMES = [
    *("back-pound-1", "back-pound-2", "back-to-calf-push-left", "back-to-calf-push-right"),
    *("buttocks-rub-left-1", "buttocks-rub-left-2", "buttocks-rub-right-1", "buttocks-rub-right-2"),
    *("cross-push-left-1", "cross-push-left-2", "cross-push-right-1", "cross-push-right-2", "gate-of-life"),
    *("kidney-point-left", "kidney-point-right", "leg-pinch", "lower-back-rub"),
]
# Of the article: view, where, hands and their shape, and the movement of each direction.
FACTS = {
    "gate-of-life": ("behind", ["gate-of-life"], [("both", "thumb")], [("circle", "either")]),
    "kidney-point": ("behind", ["kidney-point"], [("working", "thumb")], [("circle", "either")]),
    "lower-back-rub": ("behind", ["sacrum"], [("both", "fist")], [("stroke", "there and back")]),
    "buttocks-rub": (
        "behind",
        ["buttock"],
        [("working", "heel")],
        [("circle", "clockwise"), ("circle", "counter-clockwise")],
    ),
    "back-to-calf-push": (
        "side",
        ["lower-back", "buttock", "thigh"],
        [("working", "palm")],
        [("stroke", "lower-back buttock thigh calf")],
    ),
    "cross-push": (
        "behind",
        ["waist"],
        [("working", "palm"), ("other", "palm")],
        [("around", "counter-clockwise"), ("around", "clockwise")],
    ),
    "leg-pinch": (
        "side",
        ["thigh-front", "calf-front"],
        [("both", "pinch")],
        [("stroke", "thigh-front knee calf-front foot-top")],
    ),
    "back-pound": (
        "behind",
        ["lower-back-top"],
        [("both", "hollow-fist")],
        [("taps", "lower-back-top lower-back-bottom"), ("taps", "lower-back-bottom lower-back-top")],
    ),
}
BESIDE_THE_SPINE = ["back-pound", "back-to-calf-push", "buttocks-rub", "cross-push", "kidney-point", "lower-back-rub"]
LIBRARY = load().library
DRAWN = {one.name: one for technique in LIBRARY.techniques.values() for one in drawings(technique, "en")}


def picture(name: str) -> Picture:
    found = LIBRARY.techniques[name].picture
    assert found is not None
    return found


def moves(name: str) -> list[tuple[str, str]]:
    found = []
    for one in (direction.movement for direction in picture(name).directions):
        way = "there and back" if one.returns else " ".join(place.mark for place in one.way)
        found.append((one.kind, way or one.turn))
    return found


def places(svg: str, kind: str) -> list[int]:
    """The first x of each path of one class."""
    return [int(x) for x in re.findall(rf'class="{kind}" d="m(-?\d+)', svg)]


def test_every_side_and_direction_of_every_technique_has_a_drawing() -> None:
    """Seventeen of them, each with a name of its own."""
    assert sorted(DRAWN) == NAMES


@pytest.mark.parametrize("name", FACTS)
def test_a_picture_shows_the_facts_of_the_article(name: str) -> None:
    """View, place, hands and movement are those of the source."""
    view, marks, hands, movements = FACTS[name]
    found = picture(name)

    assert found.view == view
    assert [mark.at.mark for mark in found.marks] == marks
    assert [(one.hand, one.shape) for one in found.hands] == hands
    assert moves(name) == movements


@pytest.mark.parametrize("one", DRAWN.values(), ids=lambda one: one.name)
def test_it_can_be_heard_by_whoever_does_not_see_it(one: Drawing) -> None:
    """A title, and plain words of at most 200 characters that name the side."""
    side = re.search(r"left|right", one.name)

    assert 40 < len(one.alt) <= MOST_ALT_CHARS
    assert not set("{}") & set(one.alt + one.title)
    assert one.alt.startswith("Drawing")
    assert side is None or (side[0] in one.alt and side[0] in one.title)


@pytest.mark.parametrize("is_alone", [False, True])
@pytest.mark.parametrize("one", DRAWN.values(), ids=lambda one: one.name)
def test_it_is_an_image_with_a_name_and_nothing_foreign(one: Drawing, is_alone: bool) -> None:
    """It is valid XML without script, handler, style attribute or address; `role` and names are there."""
    svg = one.svg(is_alone=is_alone)
    root = ET.fromstring(svg)
    texts = {node.get("id"): node.text for node in root.iter() if node.get("id")}
    names = {name for node in root.iter() for name in node.attrib}

    assert root.get("role") == "img"
    assert [texts[name] for name in root.get("aria-labelledby", "").split()] == [one.title, one.alt]
    assert not any(name == "style" or name.startswith("on") for name in names)
    assert not re.search(r"href|url\(|@import|<script|<image|<foreignObject", svg)
    assert "//" not in svg.replace(' xmlns="http://www.w3.org/2000/svg"', "")
    assert ("<style>" in svg) is is_alone


def test_drawings_are_small() -> None:
    """At most 12 kB each, and 60 kB together with the stylesheet."""
    alone = {name: len(one.svg(is_alone=True).encode()) for name, one in DRAWN.items()}
    together = len(STYLE.encode()) + sum(len(one.svg().encode()) for one in DRAWN.values())

    assert {name: size for name, size in alone.items() if size > MOST_BYTES} == {}
    assert together <= MOST_BYTES_TOGETHER


def test_a_page_may_hold_all_of_them() -> None:
    """No two have an id in common."""
    ids = re.findall(r' id="([^"]+)"', "".join(one.svg() for one in DRAWN.values()))

    assert len(ids) == len(set(ids)) == 2 * len(DRAWN)


@pytest.mark.parametrize("one", DRAWN.values(), ids=lambda one: one.name)
def test_every_class_has_its_rule_also_where_it_stands_alone(one: Drawing) -> None:
    """Nothing is drawn in the colours of a page, and no rule is there for nothing."""
    used = set(" ".join(re.findall(r'class="([^"]+)"', one.content)).split())
    style = one.svg(is_alone=True).partition("<style>")[2].partition("</style>")[0]

    assert used == set(re.findall(r"\.tp \.([a-z])\{", style))
    assert used <= set(re.findall(r"\.tp \.([a-z])\{", STYLE))


def test_nothing_moves_where_reduced_motion_is_preferred() -> None:
    """Every animation stands in the part for those who do not ask for less, and lasts as long as the beat."""
    still, _, rest = STYLE.partition("@media(prefers-reduced-motion:no-preference){")
    moving, _, frames = rest.partition("}}")

    assert "animation" not in still + frames
    assert re.findall(r"animation:tp-\w (\S+)", moving)
    assert all("var(--beat,2s)" in one for one in re.findall(r"animation:tp-\w (\S+)", moving))


def test_colours_follow_the_page_or_what_the_person_prefers() -> None:
    """The ink is that of the text, each colour can be set, and there is a dark set."""
    assert "--tp-ink,currentColor" in STYLE
    assert "prefers-color-scheme:dark" in STYLE
    assert re.findall(r"#[0-9a-f]{3,6}", re.sub(r"var\(--tp-\w+,#[0-9a-f]{3,6}\)", "", STYLE)) == []


def test_the_left_side_is_the_mirror_image() -> None:
    """Right is on the right, as on the person's own body; the direction of a circle stays what is named."""
    right, left = (DRAWN[f"kidney-point-{side}"].content for side in ("right", "left"))
    turned = [
        re.search(r"a\d+ \d+ 0 1 (\d)", DRAWN[f"buttocks-rub-{name}"].content.partition('class="c"')[2])
        for name in ("right-1", "left-1", "right-2", "left-2")
    ]

    assert places(right, "d")[0] > 200 > places(left, "d")[0]
    assert [found and found[1] for found in turned] == ["1", "1", "0", "0"]


def test_the_cross_push_turns_the_waist_one_way_with_both_hands() -> None:
    """First the right palm goes forward (up) and to the left, the left palm backward and to the right."""
    tips = {}
    for name in ("right-1", "left-1", "right-2", "left-2"):
        found = re.findall(r'class="t" d="m(\d+) (\d+)', DRAWN[f"cross-push-{name}"].content)
        tips[name] = [int(number) for number in found[-1]]

    assert tips["right-1"][1] < 430 < tips["left-1"][1]
    assert tips["left-2"][1] < 430 < tips["right-2"][1]
    assert all(200 < x < 312 for name, (x, _) in tips.items() if "right" in name)
    assert all(88 < x < 200 for name, (x, _) in tips.items() if "left" in name)


@pytest.mark.parametrize(
    "name", [name for name in BESIDE_THE_SPINE if LIBRARY.techniques[name].picture.view == "behind"]
)
def test_hands_stay_off_the_spine(name: str) -> None:
    """No part of a hand reaches the middle line, where it begins and where it goes to."""
    found = picture(name)
    spots = [(one, one.at) for one in found.hands]
    spots += [(one, place) for one in found.hands for direction in found.directions for place in direction.movement.way]
    balls = [ball for one, at in spots for limb in placed(one, at.on(found.body), found.body).limbs for ball in limb]

    assert min(x - r for x, _, r in balls) > 0


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("key", BODIES, ids="-".join)
def test_every_hand_can_be_drawn_on_every_body(key, shape: str) -> None:
    """With each kind of movement, from each view; numbers stay near the sheet."""
    view, posture = key
    first, *_, last = BODIES[key].landmarks
    ways = {"stroke": [first, last], "taps": [first, last]}
    for kind in ("circle", "stroke", "taps", "around"):
        movement = {"kind": kind, "way": tuple(ways.get(kind, ()))}
        given = {"view": view, "posture": posture, "marks": ({"at": first},)}
        given["hands"] = ({"hand": "working", "shape": shape, "at": first},)
        given["directions"] = ({"movement": movement, "alt": {"en": "Drawing of a test."}},)
        technique = LIBRARY.techniques["kidney-point"].model_copy(update={"picture": Picture.model_validate(given)})

        for one in drawings(technique, "en"):
            assert ET.fromstring(one.svg()) is not None
            assert not re.search(r"nan|inf|(?<![.\d])\d{4}", one.content)


def test_a_technique_without_a_picture_has_no_drawing() -> None:
    """A person's own technique needs none."""
    technique = LIBRARY.techniques["leg-pinch"].model_copy(update={"picture": None})

    assert list(drawings(technique, "en")) == []
