"""What a ledger's database server did not do, in words."""

from typing import assert_never

from schedule.model.reasons.server_failures import (
    DriverMissing,
    LeftBehind,
    NoRight,
    NotLetIn,
    OnlyRead,
    SavedOrNot,
    ServerAway,
    ServerFailure,
    SeveralServers,
    UnfitServer,
)
from schedule.words.remedies import Edge


def server_failure_in_words(failure: ServerFailure, edge: Edge) -> str:
    """Why it was not done, and what to do about it."""
    path = failure.path
    match failure:
        case DriverMissing():
            return f"{path}: Dayzero was installed without what this takes. Install dayzero[{failure.extra}]."
        case ServerAway():
            return f"{path}: the database server does not answer ({failure.cause}). Nothing was saved."
        case NotLetIn():
            return f"{path}: the database server does not let Dayzero in ({failure.cause}). Nothing was saved."
        case UnfitServer():
            setting = f"{failure.setting} is {failure.value}"
            return f"{path}: a ledger is not safe there: the server's {setting}. It must be {failure.needed}."
        case NoRight():
            return f"{path}: the database does not let Dayzero's role do this ({failure.cause}). Nothing was saved."
        case OnlyRead():
            return f"{path}: this database server is only read, as a standby is. Nothing was saved."
        case LeftBehind(server=server):
            return (
                f"{path}: the database server {server} was left behind when another was promoted in its place, and "
                "that one does not answer. Nothing was saved."
            )
        case SeveralServers(servers=servers):
            return (
                f"{path}: {' and '.join(servers)} take acts each for itself. Nothing was saved. Only one may: stop the "
                "other, and let it follow."
            )
        case SavedOrNot():
            again = "Give the same command again" if edge == "terminal" else "Go back and send the form again"
            return (
                f"{path}: the database server went away, and it is not known whether this was saved "
                f"({failure.cause}). {again}: it will not be done twice."
            )
        case _:
            assert_never(failure)
