"""A protocol's file from an author's answers: every question that has none yet is asked, and what stays open stands in
the file."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from schedule.files.new_protocol import drafted
from schedule.files.protocol_draft import GROUPS, MISSING, MORE, OPEN, SOURCE, TOP, Question, QuestionGroup, read_draft
from schedule.model.errors import InputError, Mistake, NotDone
from schedule.model.reasons.file_failures import FileNotWritten, FileThere
from schedule.service.protocol_check import check_protocol

__all__ = ["GROUPS", "SOURCE", "TOP", "Question", "ask_all", "check_answers", "write_protocol"]

Answers = dict[str, Any]
Ask = Callable[[Question, bool], str]
"""Puts a question, and gives the answer; empty if it stays open. The second value: an empty answer ends a list."""
Refuse = Callable[[Mistake], None]
"""Says why an answer cannot be one; the question is then put again."""


def check_answers(answers: Mapping[str, Any], name: str) -> None:
    """InputError with every answer that cannot be one; `name` is where they stand."""
    read_draft(answers, name)


def write_protocol(answers: Mapping[str, Any], path: Path | None) -> tuple[Path, int]:
    """Write the file (by default named after the trial), and give its path and how many places in it are still open.

    InputError for answers that cannot be any; NotDone if there is such a file already."""
    draft = read_draft(answers, "answers")
    path = path or Path(f"{draft.top['id'].lower() or 'our-trial'}.toml")
    text = drafted(draft)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as out:
            out.write(text)
    except FileExistsError as error:
        raise NotDone(FileThere(path=str(path), out=False)) from error
    except OSError as error:
        raise NotDone(FileNotWritten(path=str(path), cause=str(error.strerror))) from error
    return path, len(check_protocol(text, path.name).mistakes)


def ask_all(answers: Answers, ask: Ask, refuse: Refuse) -> None:
    """Ask whatever has no answer yet, each question until its answer can be one, and put the answers in `answers`."""
    _Asking(answers, ask, refuse).everything()


class _Asking:
    """An author being asked."""

    def __init__(self, answers: Answers, ask: Ask, refuse: Refuse) -> None:
        self.answers, self.ask, self.refuse = answers, ask, refuse

    def everything(self) -> None:
        for asked in TOP:
            self.one(self.answers, asked)
        source = self.answers.setdefault("source", {})
        for asked in SOURCE:
            self.one(source, asked)
        for group in GROUPS:
            if not group.several:
                self.thing(group, self.answers.setdefault(group.key, {}))
            elif group.key not in self.answers:
                self.several(group, self.answers.setdefault(group.key, []))

    def several(self, group: QuestionGroup, rows: list[dict[str, str]]) -> None:
        """Ask for things of a group until there are no more."""
        while True:
            rows.append({})
            if not self.thing(group, rows[-1]):
                rows.pop()
                return

    def thing(self, group: QuestionGroup, row: dict[str, str]) -> bool:
        """Ask for one thing of a group; False if there is none."""
        if group.title.words and not self.one(row, group.title, is_list=group.several):
            return not group.several
        answer = self.one(row, group.when)
        asked: Sequence[Question] = MORE
        if answer == OPEN:
            asked = () if group.key in ("infusion", "washouts", "delay") else (MISSING, *MORE)
        for one in asked:
            self.one(row, one)
        return True

    def one(self, table: dict[str, Any], asked: Question, *, is_list: bool = False) -> str:
        """The answer to one question; empty if it is left open."""
        if table.get(asked.key):
            return str(table[asked.key])
        while True:
            text = self.ask(asked, is_list).strip()
            if not text:
                return ""
            table[asked.key] = text
            try:
                read_draft(self.answers, "")
            except InputError as error:
                del table[asked.key]
                self.refuse(error.mistakes[0])
                continue
            return text
