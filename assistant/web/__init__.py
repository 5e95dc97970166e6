"""The second door: a page in a browser, which watches a session and may press its commands.

The only room that may listen on a socket: on the loopback address, and on others only where a person asks for that
(`tuina serve --lan`). Needs the extra `screen`.
"""

from assistant.web.screen_page import PORT, LanWish, ScreenPage, SettingsWish, opened

__all__ = ["PORT", "LanWish", "ScreenPage", "SettingsWish", "opened"]
