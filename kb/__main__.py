"""The ``kb`` program: ``kb ...`` and ``python -m kb ...``."""

from __future__ import annotations

import os
import sys

import click

from kb.cli import cli

_INTERRUPTED = 130
_BROKEN_PIPE = 141


def main() -> None:
    """Run the program and leave with its exit code."""
    sys.exit(_run())


def _run() -> int:
    try:
        code = cli.main(prog_name="kb", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as exc:
        exc.show()
        return exc.exit_code
    except (click.Abort, KeyboardInterrupt):
        return _INTERRUPTED
    except BrokenPipeError:
        # The reader has gone; without this the interpreter would complain again while it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _BROKEN_PIPE
    return code if isinstance(code, int) else 0


if __name__ == "__main__":
    main()
