"""The second door: a page in the browser of this machine, which watches a session and may press its commands.

The only room that may listen on a socket; it binds the loopback address and nothing else. Needs the extra `screen`.
"""

from assistant.web.screen_page import PORT, ScreenPage, opened

__all__ = ["PORT", "ScreenPage", "opened"]
