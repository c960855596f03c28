"""The command line. Each command imports what it needs when it runs, so that `--help` and a plan start quickly.

The clock is read here, nowhere else. Exit codes: 0 done, 1 a rule is violated, 2 input or command
line, 3 not done, 70 a defect in Dayzero.
"""

import atexit
import gc
import sys
from collections.abc import Sequence
from typing import Any

MOST_NEW = 100_000
"""How many objects are made before Python looks for those that only know one another. A command makes about as many;
with Python's own 700 it would look through all of them again and again, a tenth of its time."""
OF_PYTHON = gc.get_threshold()
"""As it is before a command says otherwise."""
DEFECT = "This is a defect in Dayzero, not in your files. Report it with the lines above."


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with its exit code."""
    gc.set_threshold(MOST_NEW)
    atexit.register(gc.freeze)  # so that the end of the process does not look through all that it frees
    import click  # here, as all that follows: what they make need not be looked through either

    from schedule.commands.listed import dayzero
    from schedule.model.errors import DayzeroError

    for stream in (sys.stdout, sys.stderr):
        reconfigure: Any = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
    try:
        code = dayzero.main(args=list(argv) if argv is not None else None, prog_name="dayzero", standalone_mode=False)
    except DayzeroError as error:
        from schedule.words.failures import error_in_words

        click.echo(error_in_words(error, "terminal"), err=True)
        if error.exit_code == 2:
            click.echo("Nothing was changed.", err=True)
        code = error.exit_code
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        code = 130
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except SystemExit:
        code = 0  # click ends so when the reader of a pipe has gone away: that is no verdict
    except Exception:
        import traceback

        traceback.print_exc()
        click.echo(f"{DEFECT} Whether an act was saved: dayzero history CODE.", err=True)
        code = 70
    sys.exit(code if isinstance(code, int) else 0)
