"""`python -m assistant` and the `tuina` command."""

from __future__ import annotations

from assistant.wire.cli.app import main

if __name__ == "__main__":
    main()
