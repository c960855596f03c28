"""What an event is called, in words."""

from schedule.model.notation import NO_BREAK, spell
from schedule.model.plan import Event, ListedEvent
from schedule.model.titles import Numbered, Title
from schedule.words.statuses import status_in_words


def held_word(event: ListedEvent) -> str:
    """What stands for a record that it was not: `HELD` of a dose; of a test, a visit or a task `NOT DONE`."""
    return "HELD" if event.happens_as == "given" else "NOT DONE"


def status_of(event: ListedEvent) -> str:
    """How it stands, in words: what is held and is no dose is `not done`."""
    return held_word(event).lower() if event.status == "held" else status_in_words(event.status)


def full_title(title: Title) -> str:
    """`fludarabine (dose 1 of 3)`; `cover, from this day until counts recover, at the latest Sat 04-Jul-2026`."""
    return _title(title, " ")


def whole_title(title: Title) -> str:
    """The full title, its “(dose 3 of 7)” held together on one line."""
    return _title(title, NO_BREAK)


def called(event: ListedEvent, space: str = " ") -> str:
    """The event's title, HELD or NOT DONE first where it was not: `HELD: fludarabine (dose 1 of 3)`."""
    return (f"{held_word(event)}: " if event.status == "held" else "") + _title(event.title, space)


def title_of(event: Event) -> str:
    """The same, its “(dose 3 of 7)” held together on one line."""
    return called(event, NO_BREAK)


def plain_title(title: Title) -> str:
    """The title without its number: `interleukin-2 (IL-2)` of `interleukin-2 (IL-2) (dose 3 of 7)`."""
    return title.text + _until(title)


def cell_title(title: Title) -> str:
    """What fits in a cell: the words before the first comma or bracket."""
    return short(title.text)


def short(text: str) -> str:
    """The words of a title before the first comma or bracket."""
    return text.split(",")[0].split(" (")[0]


def head_of(title: Title) -> str:
    """The words before the first comma, and the number where there is no comma before it: `CIML NK cells`."""
    head, comma, _ = title.text.partition(",")
    return head if comma else head + _number(title.numbered, NO_BREAK)


def parted(title: Title) -> tuple[str, ...]:
    """The words before the first comma, the rest, and until when: `fludarabine`, `intravenous infusion`."""
    name, _, rest = title.text.partition(", ")
    until = _until(title).removeprefix(", ")
    return (name, *((rest,) if rest else ()), *((until,) if until else ()))


def numbered(number: Numbered) -> str:
    """`dose 1 of 3`, held together on one line."""
    return f"{number.unit} {number.number} of {number.of}".replace(" ", NO_BREAK)


def _title(title: Title, space: str) -> str:
    return title.text + _number(title.numbered, space) + _until(title)


def _number(number: Numbered | None, space: str) -> str:
    return f" ({numbered(number).replace(NO_BREAK, space)})" if number else ""


def _until(title: Title) -> str:
    if title.until is None:
        return ""
    ends = f", at the latest {spell(title.until.latest)}" if title.until.latest else ""
    return f", from this day until {title.until.what}{ends}"
