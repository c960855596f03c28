"""What an author meets: a new file from answers, its mistakes with their lines, what it shows, and what a new version changes."""

import json
import os
import pty
import re
import subprocess
import sys
import tomllib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared import ROOT, SHIPPED

from schedule import commands
from schedule.files.lint import lines_of, warnings
from schedule.files.new_protocol import drafted
from schedule.files.protocol_draft import GROUPS, read_draft
from schedule.files.protocol_file import read_protocol
from schedule.files.site_file import read_site
from schedule.model.errors import InputError
from schedule.model.protocol import WindowParameter
from schedule.pages.protocol_diff import changes
from schedule.pages.text_timeline import chart
from schedule.service.views import EXAMPLE_DAY, example

TEXT = SHIPPED.read_text(encoding="utf-8")
PROTOCOLS = sorted((ROOT / "schedule" / "protocols").glob("*.toml"))

ANSWERS = {
    "id": "OUR-1", "title": "Our trial", "version": "1", "date": "2026-01-15", "jurisdiction": "Germany", "numbering": "day-zero",
    "months": "next-first", "source": {"title": "Protocol", "address": "https://example.org", "date": "2026-01-15"},
    "infusion": {"title": "cells, infusion", "days": "0", "quote": "cells on day 0"},
    "lymphodepletion": [
        {"title": "fludarabine, intravenous infusion", "days": "-5 to -3", "quote": "days -5 to -3", "criterion": "6.2"},
        {"title": "cyclophosphamide", "days": "not stated", "quote": "with fludarabine", "missing": "It names no days; enter them."},
    ],
    "treatments": [{"title": "N-803", "days": "every 21 days x 4 from +1", "quote": "every 21 days"}],
    "visits": [{"title": "visit", "days": "+28 ±3", "quote": "day 28"}],
    "tests": [
        {"title": "echocardiogram", "window": "-28 to -1", "quote": "within 4 weeks"},
        {"title": "virology tests", "window": "not stated", "quote": "negative virology", "missing": "It does not say when."},
    ],
    "washouts": [{"title": "last dose of a corticosteroid", "gap": "4 weeks", "quote": "at least 4 weeks"}],
    "delay": {"limit": "7 days", "quote": "up to 7 days"},
}  # fmt: skip


def without(*path):
    """The answers without one of them."""
    found = json.loads(json.dumps(ANSWERS))
    holder = found
    for key in path[:-1]:
        holder = holder[key]
    del holder[path[-1]]
    return found


def messages(call, *args):
    with pytest.raises(InputError) as error:
        call(*args)
    return [str(mistake) for mistake in error.value.mistakes]


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run the command line in an empty folder with a ledger of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1779796800")
    monkeypatch.setenv("DAYZERO_STORE", str(tmp_path / "store" / "ledger.sqlite"))
    monkeypatch.setenv("COLUMNS", "80")

    def go(*args):
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            commands.main([str(arg) for arg in args])
        return (ended.value.code, *capsys.readouterr())

    return go


# protocol new ----------------------------------------------------------------------------------------------------------


def test_a_file_from_all_answers_has_no_mistake_and_no_warning_and_says_what_was_answered():
    text = drafted(read_draft(ANSWERS, "a"))
    found = read_protocol(text, "our.toml")
    assert warnings(found, "our.toml") == ()
    assert (found.id, found.day_zero, found.jurisdiction) == ("OUR-1", "cells", "Germany")
    assert list(found.activities) == ["fludarabine", "cyclophosphamide", "cells", "n-803", "visit"]
    assert str(found.activities["fludarabine"].base) == "planned-day-zero"
    assert found.activities["cyclophosphamide"].parameter == "cyclophosphamide-days"
    assert isinstance(found.parameters["virology-tests-window"], WindowParameter)
    (bound,) = found.rules["TEST1"].bounds
    assert [str(one) for one in bound.safe] == [
        "day-zero at least 1 day after echocardiogram", "day-zero at most 28 days after echocardiogram",
    ]  # fmt: skip
    (bound,) = found.rules["LAST1"].bounds
    assert [str(one) for one in bound.safe] == ["day-zero more than 4 weeks after corticosteroid-last"]
    assert [str(one) for one in bound.literal] == ["day-zero at least 4 weeks after corticosteroid-last"]
    (bound,) = found.rules["DELAY"].bounds
    assert ([str(one) for one in bound.safe], bound.if_broken) == (["day-zero at most 7 days after planned-day-zero"], "refuse")
    quotes = {activity.quotation.words for activity in found.activities.values() if activity.quotation}
    assert quotes == {"days -5 to -3", "with fludarabine", "cells on day 0", "every 21 days", "day 28"}


QUOTED = [
    ("infusion", "quote"), ("lymphodepletion", 0, "quote"), ("treatments", 0, "quote"), ("visits", 0, "quote"),
    ("tests", 0, "quote"), ("tests", 1, "quote"), ("washouts", 0, "quote"), ("delay", "quote"),
]  # fmt: skip


@pytest.mark.parametrize("path", QUOTED, ids=lambda path: " ".join(map(str, path)))
def test_a_quote_that_was_not_answered_is_a_mistake_that_says_what_to_write_and_is_never_made_up(path):
    text = drafted(read_draft(without(*path), "a"))
    (found,) = messages(read_protocol, text, "our.toml")
    assert found.endswith(", quote: is missing - quote the source's words, or give a derivation")
    assert '\n# quote = "…"' in text


def every_answer():
    for key, value in ANSWERS.items():
        if isinstance(value, str):
            yield (key,)
        for inner in value if isinstance(value, dict) else ():
            yield key, inner
        for number, row in enumerate(value if isinstance(value, list) else ()):
            yield from ((key, number, inner) for inner in row)


@pytest.mark.parametrize("path", [path for path in every_answer() if path[-1] != "criterion" and path != ("lymphodepletion", 1, "quote")], ids=lambda path: " ".join(map(str, path)))
def test_whatever_is_not_answered_is_a_mistake_of_the_file(path):
    text = drafted(read_draft(without(*path), "a"))
    assert messages(read_protocol, text, "our.toml")
    assert "None" not in text


def test_without_any_answer_it_is_a_template_whose_every_open_place_the_linter_names():
    text = drafted(read_draft({}, "a"))
    found = "\n".join(messages(read_protocol, text, "t.toml"))
    for key in ("id", "title", "version", "date", "jurisdiction", "numbering", "months"):
        assert re.search(rf"(?m)^t.toml, {key}: is missing", found), key
    assert 'activity "infusion", title: is missing' in found and 'source "record", address: is missing' in found
    assert tomllib.loads(text)["format"] == 1
    for group in GROUPS:
        assert not group.title.words or group.title.example in text or not group.several, group.key


def test_the_samples_in_a_template_can_be_used_as_they_stand_once_their_names_are_given():
    """Each commented block, taken out of its comment, is a part that can be read."""
    answers = {**ANSWERS, "lymphodepletion": [], "treatments": [], "visits": [], "tests": [], "washouts": []}
    text = drafted(read_draft(answers, "a"))
    parts = re.findall(r"(?m)^# .*\? There is none yet.*\n((?:#   .*\n)+)", text)
    assert len(parts) == 7
    whole, kinds = text, {}
    for number, part in enumerate(parts):
        plain = re.sub(r"(?m)^#   ", "", part)
        name = kinds.setdefault(re.search(r'title = "(.{6})', plain)[1].lower(), f"name-{number}")
        whole += plain.replace("NAME", name)
    read_protocol(whole, "t.toml")


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"id": "our trial"}, "a, id: this is not a protocol id - write at most 40 letters, digits and hyphens, no hyphen first, such as NCT04024761"),
        ({"date": "1/2/2026"}, "a, date: '1/2/2026' is not a date that has one meaning - write the date as 2026-03-12"),
        ({"numbering": "day-two"}, 'a, numbering: "day-two" is not known - did you mean "day-one"?'),
        ({"title": "Flu 25 mg"}, 'a, title: "25 mg" is a dose - leave it out: doses belong to the signed order'),
        ({"infusion": {"days": "-1"}}, 'a, [infusion], days: "-1" does not begin on day 0 - write days = "0"'),
        ({"infusion": {"days": "not stated"}}, "a, [infusion], days: 'not stated' is not a day - write days such as"),
        ({"tests": [{"window": "+1 to +5"}]}, "a, tests, 1, window: '+1 to +5' reaches past the cells - what comes after the cells is one of the visits"),
        ({"washouts": [{"gap": "a month"}]}, "a, washouts, 1, gap: 'a month' is not a length of time - write \"4 weeks\", or \"28 days\""),
        ({"washouts": [{"gap": "not stated"}]}, "a, washouts, 1, gap: 'not stated' is not a length of time - "),
        ({"delay": {"limit": "a bit"}}, "a, [delay], limit: 'a bit' is not a limit - write \"7 days\", \"48 hours\" or \"not stated\""),
        ({"lymphodepletion": [{"days": "-5 too -3"}]}, "a, lymphodepletion, 1, days: "),
        ({"test": []}, 'a, test: I don\'t know this key - did you mean "tests"?'),
        ({"tests": [{"titel": "x"}]}, 'a, tests, 1, titel: I don\'t know this key - did you mean "title"?'),
        ({"format": 2}, "a, format: 2 is not a format I can read - the file begins with format = 1"),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_an_answer_that_cannot_be_one_is_told(answers, expected):
    (found,) = messages(read_draft, answers, "a")
    assert found.startswith(expected)


def test_days_are_counted_from_the_cells_also_where_they_come_on_day_4():
    """Day -28 is 28 days before day 1, and there are 3 days more to day 4: -31; day 1 is 3 days before the cells."""
    answers = {**ANSWERS, "numbering": "day-one", "infusion": {**ANSWERS["infusion"], "days": "4, 11"}}
    answers["lymphodepletion"] = [{"title": "fludarabine", "days": "1 to 3", "quote": "x"}]
    answers["visits"] = answers["treatments"] = []
    answers["tests"] = [{"title": "echocardiogram", "window": "-28 to 1", "quote": "x"}]
    found = read_protocol(drafted(read_draft(answers, "a")), "our.toml")
    assert [str(one) for one in found.rules["TEST1"].bounds[0].safe] == [
        "day-zero at least 3 days after echocardiogram", "day-zero at most 31 days after echocardiogram",
    ]  # fmt: skip


words = st.one_of(st.text(min_size=1, max_size=40), st.sampled_from(['a "b" \\ c', "''' \"\"\"", "# no comment", "x\ny = 1", "ä 漢 €", "=1", "{", "]"]))


@given(title=words, quote=words, again=words)
def test_whatever_an_author_types_the_file_stays_toml_and_says_it(title, quote, again):
    answers = {**ANSWERS, "title": title, "infusion": {"title": again, "days": "0", "quote": quote}}
    answers["lymphodepletion"] = [{"title": again, "days": "-1", "quote": quote}, {"title": title, "days": "-2", "quote": quote}]
    try:
        draft = read_draft(answers, "a")
    except InputError as error:  # a dose, an unsafe abbreviation, or nothing that can be printed
        assert all("Do Not Use" in str(m) or "is a dose" in str(m) or "is not a text" in str(m) for m in error.mistakes)
        return
    found = read_protocol(drafted(draft), "our.toml")
    assert found.title == draft.top["title"]
    assert found.activities[found.day_zero].quotation.words == draft.items["infusion"][0].quote
    assert len(found.activities) == 5


def test_new_takes_answers_from_a_file_and_from_options_and_names_what_is_next(run, tmp_path):
    (tmp_path / "a.toml").write_text('id = "OUR-1"\n[infusion]\ntitle = "cells"\ndays = "0"\n[source]\ntitle = "Protocol"\n', encoding="utf-8")
    code, out, err = run(
        "protocol", "new", "--answers", "a.toml", "--title", "Our trial", "--version", "1", "--date", "15-Jan-2026", "--jurisdiction",
        "Germany", "--numbering", "day-zero", "--months", "clamp", "--source-address", "x", "--source-date", "2026-01-15",
        "--lymphodepletion", "fludarabine: -5 to -3: on days -5: -4 and -3", "--lymphodepletion", "cyclophosphamide: -5",
        "--test", "echocardiogram: -28 to -1: within 28 days", "--delay", "not stated",
    )  # fmt: skip
    assert (code, err) == (0, "")
    assert out == "Wrote our-1.toml: 2 places in it still open. Next: dayzero protocol lint our-1.toml\n"
    code, out, err = run("protocol", "lint", "our-1.toml")
    assert code == 2
    line = re.compile(r"our-1.toml, line \d+, activity \"(\S+)\", quote: is missing - ")
    assert [line.match(text)[1] for text in err.splitlines()[:-1]] == ["cyclophosphamide", "cells"]
    assert "on days -5: -4 and -3" in (tmp_path / "our-1.toml").read_text(encoding="utf-8")


def test_new_never_overwrites_and_a_bad_answer_writes_nothing(run, tmp_path):
    (tmp_path / "our.toml").write_text("mine")
    code, out, err = run("protocol", "new", "our.toml", "--no-input")
    assert (code, out) == (3, "")
    assert err == "our.toml: there is one already. Name another file, or move that one away.\n"
    assert (tmp_path / "our.toml").read_text() == "mine"
    code, out, err = run("protocol", "new", "x.toml", "--date", "soon", "--delay", "soon")
    assert (code, out) == (2, "") and not (tmp_path / "x.toml").exists()
    assert [text.split(":")[0] for text in err.splitlines()[:2]] == ["answers, date", "answers, [delay], limit"]


def test_new_asks_nothing_where_there_is_no_terminal(tmp_path):
    env = {"PATH": os.environ["PATH"]}
    args = [sys.executable, ROOT / "cli.py", "protocol", "new", "t.toml"]
    ran = subprocess.run(args, cwd=tmp_path, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "") and ran.stdout.startswith("Wrote t.toml: 15 places in it still open.")


def test_new_asks_in_a_terminal_and_asks_again_after_what_cannot_be(tmp_path):
    typed = [
        "OUR-1", "Our trial", "1", "soon", "2026-01-15", "Germany", "day-zero", "clamp", "Protocol", "x", "2026-01-15",
        "cells", "0", "cells on day 0", "6.1",  # the infusion
        "fludarabine", "-5 too -3", "-5 to -3", "", "",  # lymphodepletion: its quote is left open
        "", "", "", "", "",  # no more of it; no other treatment, visit, test or washout
        "not stated",
    ]  # fmt: skip
    ours, theirs = pty.openpty()
    args = [sys.executable, ROOT / "cli.py", "protocol", "new", "our.toml"]
    env = {"PATH": os.environ["PATH"], "TERM": "dumb"}
    ran = subprocess.Popen(args, cwd=tmp_path, env=env, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    os.close(theirs)
    os.write(ours, "".join(f"{text}\n" for text in typed).encode())
    out = ran.communicate(timeout=60)[0].decode()
    os.close(ours)
    assert ran.returncode == 0, out
    assert "'soon' is not a date that has one meaning - write the date as 2026-03-12" in out
    assert out.count("A drug of the lymphodepletion, such as fludarabine, intravenous infusion (Enter: no more)") == 2
    assert "Wrote our.toml: 1 place in it still open." in out
    (found,) = messages(read_protocol, (tmp_path / "our.toml").read_text(encoding="utf-8"), "our.toml")
    assert found.startswith('our.toml, activity "fludarabine", quote: is missing')


# protocol lint ---------------------------------------------------------------------------------------------------------


def line_with(text, words, start=0):
    """The number of the line that holds these words, counted from 1."""
    return text[: text.index(words, start)].count("\n") + 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('days = "-5 to -3"', 'days = "-5 too -3"'),
        ('numbering = "day-zero"', 'numbering = "day-two"'),
        ('safe = ["day-zero at least 29 days after gvhd-steroid-last"]', 'safe = ["day-zero at least 29 days before gvhd-steroid-last"]'),
        ('missing = "The public record names no follow-up visit', 'missing = "QD The public record names no follow-up visit'),
        ('kind = "permission"', 'kind = "permit"'),
        ('address = "https://doi.org/10.1172/JCI154334"', 'adress = "x"'),
    ],
)
def test_a_mistake_is_told_with_the_line_that_it_is_in(run, tmp_path, before, after):
    assert before in TEXT
    text = TEXT.replace(before, after, 1)
    (tmp_path / "bad.toml").write_text(text, encoding="utf-8")
    code, out, err = run("protocol", "lint", "bad.toml")
    assert (code, out) == (2, "")
    assert f"bad.toml, line {line_with(text, after)}, " in err


def test_a_missing_key_is_told_with_the_line_of_its_table(run, tmp_path):
    text = TEXT.replace('days = "-5 to -3"\n', "", 1)
    (tmp_path / "bad.toml").write_text(text, encoding="utf-8")
    line = line_with(text, "[activities.fludarabine]")
    assert f'bad.toml, line {line}, activity "fludarabine", days: ' in run("protocol", "lint", "bad.toml")[2]


def test_lines_are_found_in_every_form_that_toml_has():
    text = (
        'a = 1\n"b c" = 2\nd.e = 3\n[t]\nf = """\ng = 4\n[no]\n"""\nh = \'\'\'\nx\n\'\'\'\n[[r.s]]\ni = 5\n[[r.s]]\nj = 6\n'
        '[[r.s.u]]\nk = 7\n# l = 8\n  [ v . "w" ]  # yes\nm = [\n  1,\n]\nn = 9\n'
    )
    tomllib.loads(text)
    lines = lines_of(text)
    expected = {
        ("a",): 1, ("b c",): 2, ("d", "e"): 3, ("t",): 4, ("t", "f"): 5, ("t", "h"): 9, ("r", "s", 1, "i"): 13, ("r", "s", 2): 14,
        ("r", "s", 2, "j"): 15, ("r", "s", 2, "u", 1, "k"): 17, ("v", "w"): 19, ("v", "w", "m"): 20, ("v", "w", "n"): 23,
    }  # fmt: skip
    assert {path: lines.get(path) for path in expected} == expected
    assert not {("t", "g"), ("no",), ("v", "w", "l")} & set(lines)


@pytest.mark.parametrize("path", PROTOCOLS, ids=lambda path: path.stem)
def test_every_key_of_a_shipped_protocol_has_its_line(path):
    text = path.read_text(encoding="utf-8")
    lines, rows = lines_of(text), text.split("\n")

    def check(value, where):
        for key, inner in value.items():
            if isinstance(inner, list) and inner and isinstance(inner[0], dict) and f"[[{'.'.join(where)}" in text:
                for number, row in enumerate(inner, 1):
                    check(row, (*where, key, number)) if f"[[{'.'.join(map(str, where))}.{key}]]" in text else None
            elif (*where, key) in lines:
                assert key in rows[lines[(*where, key)] - 1]
                if isinstance(inner, dict) and not rows[lines[(*where, key)] - 1].strip().startswith(f"{key} ="):
                    check(inner, (*where, key))
            else:
                assert isinstance(inner, dict), (where, key)  # a table whose inner tables alone have a header
                check(inner, (*where, key))

    check(tomllib.loads(text), ())


WARNED = {
    "a delay": ("", "", "our.toml: no rule says how far day 0 may be delayed - write a rule with point = "),
    "a date": ('[dates.x]\ntitle = "x"\nkind = "test"\n', 'date "x"', "no rule speaks of it, and nothing is counted from it - give it"),
    "a parameter": ('[parameters.x]\ntitle = "x"\nkind = "days"\nmissing = "x"\n', 'parameter "x"', "no activity and no rule asks for it"),
    "an attestation": ('[attestations.x]\ntitle = "x"\n', 'attestation "x"', "no rule waits for it"),
    "a course": ('[courses.x]\ntitle = "x"\n', 'course "x"', "no activity belongs to it"),
    "a choice": ('[choices.x]\ntitle = "x"\n[choices.x.options]\na = "a"\nb = "b"\n', 'choice "x"', "nothing depends on it"),
    "an activity": ('[activities.x]\ntitle = "x"\ndays = "+1"\ncategory = "test"\nquote = "x"\n', 'activity "x"', "it is in no course and no rule"),
    "a time filled": ('[activities.x]\ntitle = "x"\ndays = "every day for 5 days from +1"\ncategory = "test"\nquote = "x"\n[rules.X]\ntitle = "x"\nquote = "x"\nevents = ["x"]\n', 'activity "x", days', '"for 5 days" gives 5: it is counted from the start, the end not included - write "x 5" to leave no doubt, or "x 6" if the source means both ends'),
    "a word": ('[rules.X]\ntitle = "SC"\nquote = "x"\nevents = ["cells"]\n', 'rule "X", title', '"SC" is easily misread - write subcutaneous'),
}  # fmt: skip


@pytest.mark.parametrize(("part", "place", "expected"), WARNED.values(), ids=WARNED)
def test_what_is_hardly_meant_is_warned_of_with_its_line(run, tmp_path, part, place, expected):
    text = drafted(read_draft(ANSWERS, "a"))
    text = text + part if part else re.sub(r"(?s)\[rules.DELAY\].*", "", text)
    (tmp_path / "our.toml").write_text(text, encoding="utf-8")
    code, out, err = run("protocol", "lint", "our.toml")
    first, *rest = out.splitlines()
    assert (code, err) == (0, "") and ", 1 warning; " in first
    where = f"our.toml, line {line_with(text, part)}, {place}" if part else "our.toml"
    if place.endswith(("title", "days")):
        key = place.rpartition(", ")[2]
        where = f"our.toml, line {line_with(text, part) + part[: part.index(f'{key} =')].count(chr(10))}, {place}"
    assert rest[0].startswith(f"{where}: {expected}" if part else expected)


@pytest.mark.parametrize("path", PROTOCOLS, ids=lambda path: path.stem)
def test_a_shipped_protocol_has_nothing_to_warn_of(path):
    assert warnings(read_protocol(path.read_text(encoding="utf-8"), path.name), path.name) == ()


def test_lint_as_json_has_every_mistake_and_warning_with_its_line(run, tmp_path):
    text = TEXT.replace('days = "-5 to -3"', 'days = "-5 too -3"', 1)
    (tmp_path / "bad.toml").write_text(text, encoding="utf-8")
    code, out, err = run("protocol", "lint", "bad.toml", "--json")
    values = json.loads(out)
    assert (code, err, values["format"], values["file"], values["id"], values["warnings"]) == (2, "", 1, "bad.toml", None, [])
    assert {(one["place"], one["line"]) for one in values["mistakes"]} >= {
        ('bad.toml, activity "fludarabine", days', line_with(text, "-5 too -3"))
    }
    code, out, err = run("protocol", "lint", "NCT04024761", "--json")
    assert code == 0 and json.loads(out) == {
        "format": 1, "file": "nct04024761.toml", "id": "NCT04024761", "mistakes": [], "warnings": []
    }  # fmt: skip


@pytest.mark.parametrize("text", ["", "x = ", "format = 1\n" * 2], ids=["empty", "no TOML", "a key twice"])
def test_a_file_that_is_no_toml_is_told_in_one_line(run, tmp_path, text):
    (tmp_path / "bad.toml").write_text(text, encoding="utf-8")
    code, out, err = run("protocol", "lint", "bad.toml")
    assert (code, out) == (2, "") and err.startswith("bad.toml: ") and "Traceback" not in err


# protocol show ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PROTOCOLS, ids=lambda path: path.stem)
@pytest.mark.parametrize("width", [60, 80, 110])
def test_no_line_of_a_chart_is_wider_than_the_terminal_and_every_day_is_in_its_column(path, width):
    found = read_protocol(path.read_text(encoding="utf-8"), path.name)
    site = read_site((ROOT / "examples" / "site-several.toml").read_text(encoding="utf-8"), "s.toml", found)
    chosen = {name: next(iter(choice.options)) for name, choice in found.choices.items()}
    plan = example(found, site, EXAMPLE_DAY, chosen)
    lines = chart(plan, width)
    assert max(map(len, lines)) <= width
    strokes = [place for place, cell in enumerate(lines[1]) if cell == "|"]
    assert all(later - earlier == 7 for earlier, later in pairwise(strokes))
    title = found.activities[found.day_zero].title.split(",")[0].split(" (")[0]
    (row,) = [line for line in lines if line.strip().startswith(title[:18]) and "x" in line[23:]][:1]
    numbers = {match[0]: match.start() + len(match[0]) // 2 for match in re.finditer(r"[−+]?\d+", lines[0])}
    assert row[numbers[str(found.number(0))]] == "x"


def test_a_chart_shows_each_kind_of_lane_by_hand(run, tmp_path):
    """Days -5 to -3; N-803 on +1, +22 and beyond; a visit on +28 ±3; the echocardiogram from -28 to -1; steroids until -29."""
    (tmp_path / "our.toml").write_text(drafted(read_draft(ANSWERS, "a")), encoding="utf-8")
    lines = run("protocol", "show", "our.toml", "--day-zero", "2026-06-15")[1].splitlines()
    start = lines.index("Example: day 0 Mon 15-Jun-2026") + 2

    def row(label, cells):
        """A line from its label and (day, characters) pairs; the first column is day -28."""
        room = [" "] * 57
        for day, text in cells:
            room[day + 28 : day + 28 + len(text)] = text
        return (label.ljust(23) + "".join(room)).rstrip()

    assert lines[start + 2 : start + 9] == [
        row("fludarabine", [(-5, "xxx")]),
        row("cells", [(0, "x")]),
        row("N-803", [(1, "x"), (22, "x"), (28, ">")]),
        row("visit", [(25, "(-->")]),
        row("echocardiogram", [(-28, "[" + "-" * 26 + "]")]),
        row("last dose of a cortic…", [(-28, "<")]),
        "",
    ]
    assert lines[start] == row("Day", [(-28, "−28"), (-22, "−21"), (-15, "−14"), (-8, "−7"), (0, "0"), (6, "+7"), (13, "+14"), (20, "+21"), (26, "+28")])
    assert "Day +22  Tue 07-Jul-2026                     N-803 (dose 2 of 4)" in " ".join(lines) or any(
        re.match(r"Day\u00a0\+22 +Tue 07-Jul-2026 +N-803", line) for line in lines
    )
    assert any(re.match(r"no later than Sun 17-May-2026 +LAST1 +last dose", line) for line in lines)
    assert any(re.match(r"Mon 18-May-2026 to Sun 14-Jun-2026 +TEST1 +echocardiogram", line) for line in lines)
    assert "Not dated: It names no days; enter them." in lines


def test_show_says_where_each_source_can_be_read_on_a_line_of_its_own(run):
    out = run("protocol", "show", "NCT04290546")[1]
    assert "\n  https://www.cancer.gov/clinicaltrials/NCI-2020-06547\n" in out
    assert "Not dated: part is not chosen; add --choose part=part-1 or part=part-2" in out


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--choose", "part=part-3"], '--choose part=part-3: there is no option "part-3" - did you mean "part-2"?'),
        (["--choose", "prt=part-1"], '--choose prt=part-1: there is no choice "prt" - did you mean "part"?'),
        (["--day-zero", "soon"], "“soon” is not a date; write 2026-06-15"),
        (["--site", "nope.toml"], "nope.toml: there is no such file"),
        (["--html", "no/where.html"], "no/where.html: could not be written"),
        (["--html", "our-trial.toml"], "--html our-trial.toml: name a file that ends in .html."),
    ],
)
def test_what_cannot_be_shown_is_said(run, args, said):
    code, out, err = run("protocol", "show", "NCT04290546", *args)
    assert code in (2, 3) and out == "" and said in err and "Traceback" not in err


def test_show_writes_one_page_that_needs_nothing_else(run, tmp_path):
    code, out, _ = run("protocol", "show", "NCT04290546", "--choose", "part=part-2", "--html", "p.html")
    assert (code, out) == (0, "Wrote p.html: Example: day 0 Mon 15-Jun-2026.\n")
    page = (tmp_path / "p.html").read_text(encoding="utf-8")
    assert "<svg" in page and "Mon&nbsp;" not in page
    assert not re.search(r"<script|<link|<img|@import|url\((?!#)| src=", page)
    for words in ("ipilimumab, intravenous infusion", "every 21-days", "Known dates", "Mon 08-Jun-2026"):
        assert (words in re.sub(r"<[^>]+>", "", page)) == (words != "every 21-days")


# protocol diff ---------------------------------------------------------------------------------------------------------

CASE = (ROOT / "examples" / "ciml-017.toml").read_text(encoding="utf-8")
SITE = str(ROOT / "examples" / "site.toml")


def other_version(*pairs):
    text = TEXT
    for before, after in pairs:
        assert before in text, before
        text = text.replace(before, after, 1)
    return text


VERSION = ('version = "registry record of 2026-01-02"', 'version = "amendment 2"')
LATER = ('days = "-5, -4"', 'days = "-4"')


@pytest.mark.parametrize(
    ("pair", "expected"),
    [
        (VERSION, ("version", "changed", "registry record of 2026-01-02", "amendment 2")),
        (LATER, ('activity "cyclophosphamide", days', "changed", "Day\u00a0−5, Day\u00a0−4", "Day\u00a0−4")),
        (("at least 29 days after gvhd-steroid-last", "at least 36 days after gvhd-steroid-last"),
         ('rule "T16", bound on gvhd-steroid-last', "changed", None, None)),
        (("count = 7", "count = 8"), ('parameter "il2-days", count', "changed", "7", "8")),
        (("verify = true\ncriterion", "criterion"), ('activity "fludarabine", verify', "removed", "true", "")),
        (("[courses.il2]", '[attestations.new]\ntitle = "New."\n[courses.il2]'), ('attestation "new"', "added", "", "New.")),
        (('quote = "CIML NK cells will be administered intravenously on day 0."', 'quote = "on day 0"'),
         ('activity "nk-infusion", quote', "changed", "CIML NK cells will be administered intravenously on day 0.", "on day 0")),
        (("required = true", "# required"), ('date "transplant", required', "removed", "true", "")),
        (('title = "Lymphodepletion"\nfrom = "planned-day-zero"', 'title = "Lymphodepletion"'),
         ('course "lymphodepletion", from', "changed", "planned-day-zero", "day-zero")),
        (('outcome', 'outcome'), None),
    ],
    ids=lambda value: value[1][:30] if isinstance(value, tuple) and len(value) == 2 else "",
)  # fmt: skip
def test_what_a_new_version_says_otherwise_is_said_in_words(protocol, pair, expected):
    if expected is None:
        assert changes(protocol, read_protocol(TEXT + "# a comment\n", "x.toml")) == ()
        return
    found = changes(protocol, read_protocol(other_version(pair), "x.toml"))
    (one,) = [change for change in found if change.place == expected[0]]
    assert one.what == expected[1]
    if expected[2] is not None:
        assert (one.before, one.after) == expected[2:]
    assert {change.place.split(",")[0] for change in found} <= {expected[0].split(",")[0], *(f'activity "{a}"' for a in protocol.activities)}


@pytest.mark.parametrize("path", PROTOCOLS, ids=lambda path: path.stem)
def test_a_version_does_not_differ_from_itself_and_differs_from_every_other_trial(path):
    text = path.read_text(encoding="utf-8")
    assert changes(read_protocol(text, "a.toml"), read_protocol(text, "b.toml")) == ()
    other = next(p for p in PROTOCOLS if p != path)
    assert changes(read_protocol(text, "a.toml"), read_protocol(other.read_text(encoding="utf-8"), "b.toml"))


@pytest.fixture
def versions(run, tmp_path):
    """The shipped trial as old.toml and an amendment as new.toml, with a patient as case.toml."""
    (tmp_path / "old.toml").write_text(TEXT, encoding="utf-8")
    stricter = ("at least 29 days after gvhd-prophylaxis-last", "at least 50 days after gvhd-prophylaxis-last")
    literal = ("at least 28 days after gvhd-prophylaxis-last", "at least 49 days after gvhd-prophylaxis-last")
    (tmp_path / "new.toml").write_text(other_version(VERSION, LATER, stricter, literal), encoding="utf-8")
    (tmp_path / "case.toml").write_text(CASE, encoding="utf-8")
    return run


def test_diff_without_patients_ends_with_1_or_0(versions):
    code, out, _ = versions("protocol", "diff", "old.toml", "new.toml")
    assert code == 1 and out.startswith("NCT04024761, registry record of 2026-01-02 -> NCT04024761, amendment 2: ")
    code, out, _ = versions("protocol", "diff", "NCT04024761", "old.toml")
    assert (code, out.splitlines()[0].rpartition(": ")[2]) == (0, "nothing differs.")


def test_diff_says_what_changes_for_a_patient_by_hand(versions):
    """Cyclophosphamide on day -4 alone: dose 2, on Thu 11-Jun, stays where it was, and dose 1 vanishes. Prophylaxis ended
    4-May-2026: 42 days before 15-Jun, where 50 are asked: T17 was met and is violated, and day 0 can be from 4-May + 50 =
    23-Jun-2026."""
    args = ("protocol", "diff", "old.toml", "new.toml", "--case", "case.toml", "--site", SITE, "--as-of", "2026-05-26", "--json")
    code, out, _ = versions(*args)
    values = json.loads(out)
    (patient,) = values["patients"]
    assert (code, values["format"], patient["code"], patient["refused"], patient["added"]) == (1, 1, "CIML-017", [], [])
    title = "cyclophosphamide, intravenous infusion"
    assert (patient["moves"], patient["windows"]) == ([], [])
    assert patient["vanished"] == [{"id": "cyclophosphamide-1", "title": f"{title} (dose 1 of 2)", "place": "Wed 10-Jun-2026 11:00"}]
    changed = {one["ref"]: (one["before"], one["after"]) for one in patient["findings"]}
    assert changed["T17"] == ("met", "violated")
    assert "Fri 12-Jun-2026" in patient["feasible"]["before"] and "Fri 12-Jun-2026" not in patient["feasible"]["after"]
    assert values["old"]["version"] == "registry record of 2026-01-02" and values["new"]["version"] == "amendment 2"
    code, out, _ = versions(*args[:-1])
    assert "\nCIML-017: changes.\n" in out
    assert "vanishes cyclophosphamide-1 cyclophosphamide, intravenous infusion (dose 1 of 2): Wed 10-Jun-2026 11:00" in " ".join(out.split())
    assert re.search(r"(?m)^  T17 +Off GVHD prophylaxis for 4 weeks before the cells: met -> violated$", out)


def test_diff_of_a_cohort_and_of_the_ledger_say_the_same(versions, tmp_path):
    versions("plan", "case.toml", "--site", SITE, "--as-of", "2026-05-26")
    shared = ("--site", SITE, "--as-of", "2026-05-26", "--json")
    by_case = json.loads(versions("protocol", "diff", "NCT04024761", "new.toml", "--case", "case.toml", *shared)[1])["patients"]
    versions("cases", "case.toml", "--out", "list.csv")
    by_list = json.loads(versions("protocol", "diff", "NCT04024761", "new.toml", "--cohort", "list.csv", *shared)[1])["patients"]
    by_ledger = json.loads(versions("protocol", "diff", "NCT04024761", "new.toml", "--stored", *shared)[1])["patients"]
    assert by_case == by_list == by_ledger
    again = versions("protocol", "diff", "NCT04024761", "new.toml", "--store", tmp_path / "store" / "ledger.sqlite", *shared)[1]
    assert json.loads(again)["patients"] == by_ledger
    assert versions("history", "CIML-017")[1].startswith("CIML-017: 1 revision.")


def test_diff_names_patients_of_another_version_and_trial_and_passes_them_over(versions, tmp_path):
    versions("plan", "case.toml", "--site", SITE, "--as-of", "2026-05-26")
    (tmp_path / "list.csv").write_text("code,protocol,planned-day-zero\nA-1,NCT04290546,2026-06-15\nA-2,old.toml,2026-06-15\n")
    code, out, _ = versions("protocol", "diff", "new.toml", "new.toml", "--stored", "--cohort", "list.csv", "--json")
    values = json.loads(out)
    assert (code, values["changes"], values["passed_over"]) == (0, [], ["A-1", "CIML-017"])
    assert [one["code"] for one in values["patients"]] == ["A-2"]


def test_diff_says_that_a_patient_cannot_be_planned_by_the_new_version(versions, tmp_path):
    (tmp_path / "less.toml").write_text(other_version(('[dates.dli-last]', '[dates.dli-before]'), ('point = "dli-last"', 'point = "dli-before"'))
        .replace("after dli-last", "after dli-before").replace('"dli-last"', '"dli-before"'), encoding="utf-8")
    code, out, _ = versions("protocol", "diff", "old.toml", "less.toml", "--case", "case.toml", "--site", SITE)
    assert code == 1 and "The new version cannot be used for this patient: case.toml, [dates], dli-last: the protocol has no such name" in out


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["old.toml", "nope.toml"], "nope.toml: there is no such file"),
        (["old.toml", "NCT1"], 'protocol "NCT1": there is none with that name'),
        (["old.toml", "new.toml", "--case", "nope.toml"], "nope.toml: there is no such file"),
        (["old.toml", "new.toml", "--cohort", "nope.csv"], "nope.csv: cannot be read"),
        (["old.toml", "new.toml", "--site", "nope.toml", "--case", "case.toml"], "nope.toml: there is no such file"),
        (["old.toml", "new.toml", "--case", "case.toml"], "an hour needs the site's time zone"),
    ],
)
def test_diff_with_an_input_that_cannot_be_used_ends_with_2(versions, args, said):
    code, out, err = versions("protocol", "diff", *args)
    assert (code, out) == (2, "") and said in err and "Traceback" not in err
