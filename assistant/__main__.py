"""`python -m assistant` and the `tuina` command."""

from __future__ import annotations

import sys

from assistant import core_files


def main() -> None:
    """Load the command line and run it; Ctrl-C ends it without a traceback, even while it loads.

    From its first moment a crash leaves no core file.
    """
    core_files.write_none()
    try:
        from assistant.terminal.streams import make_safe

        make_safe()
        from assistant.terminal.app import main as run
    except KeyboardInterrupt:
        sys.exit(130)  # the shells' exit code of a program ended by Ctrl-C
    run()


if __name__ == "__main__":
    main()
