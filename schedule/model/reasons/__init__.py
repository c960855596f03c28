"""Why something is as it is, as values: each a small record of a closed union, turned into English by `words` alone.

What hardly ever comes is imported when it comes: who imports `reasons` may say `reasons.failures.NotOpened(…)`.
"""

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from schedule.model.reasons import absences as absences
    from schedule.model.reasons import failures as failures
    from schedule.model.reasons import faults as faults
    from schedule.model.reasons import file_failures as file_failures
    from schedule.model.reasons import moving as moving
    from schedule.model.reasons import reckoning as reckoning
    from schedule.model.reasons import server_failures as server_failures


class Reason(Struct, frozen=True, tag=True):
    """The mark of every reason: one of a closed union, told from the others by its class."""


def __getattr__(name: str) -> object:
    """A module of reasons that nobody has needed yet. The import itself puts it here, so that it is asked for once."""
    match name:
        case "absences":
            import schedule.model.reasons.absences as absences

            return absences
        case "failures":
            import schedule.model.reasons.failures as failures

            return failures
        case "faults":
            import schedule.model.reasons.faults as faults

            return faults
        case "file_failures":
            import schedule.model.reasons.file_failures as file_failures

            return file_failures
        case "moving":
            import schedule.model.reasons.moving as moving

            return moving
        case "reckoning":
            import schedule.model.reasons.reckoning as reckoning

            return reckoning
        case "server_failures":
            import schedule.model.reasons.server_failures as server_failures

            return server_failures
        case _:
            raise AttributeError(name)
