"""A technique becomes a drawing. Pure: values in, SVG text out; no file, no clock."""

from assistant.show.drawing import Drawing, drawing, drawing_name, drawings
from assistant.show.style import STYLE

__all__ = ["STYLE", "Drawing", "drawing", "drawing_name", "drawings"]
