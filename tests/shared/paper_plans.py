"""Plans that paper is tried on: the shipped example, a day of a hundred tasks, and text written to do harm.

All come through the readers, so that no test prints what no file can hold.
"""

from datetime import UTC, datetime
from functools import lru_cache

from schedule.engine.plan import lay_out
from schedule.files.case_file import read_case
from schedule.files.site_file import read_site
from shared import ROOT
from shared.protocols import protocol_of

WHEN = datetime(2026, 5, 26, 12, 0, tzinfo=UTC)
AS_OF = datetime(2026, 5, 26, 8)
PROTOCOL = (ROOT / "schedule" / "protocols" / "nct04024761.toml").read_text(encoding="utf-8")
SITE = (ROOT / "examples" / "site.toml").read_text(encoding="utf-8")
CASE = (ROOT / "examples" / "ciml-017.toml").read_text(encoding="utf-8")

LONG = "wxyz" * 2500
HOSTILE = "</style><script>alert(1)</script><img src=x onerror=alert(2)> & \\\" ' {{ 7*7 }} {% raw %} שלום ‮abc ]]> <!--"


@lru_cache
def shipped():
    """The shipped trial."""
    return protocol_of(PROTOCOL, "nct04024761.toml")


def plan_from(protocol=PROTOCOL, site=SITE, case=CASE, as_of=AS_OF, revision=1):
    """A plan from three texts."""
    read = shipped() if protocol == PROTOCOL else protocol_of(protocol, "protocol.toml")
    where = read_site(site, "site.toml", read)
    return lay_out(read, where, read_case(case, "case.toml", read, where), as_of, revision=revision)


@lru_cache
def example():
    """The patient of the README."""
    return plan_from()


@lru_cache
def full_of_dates():
    """A patient of whom more is known: more lanes than one page beside the months has room for."""
    case = CASE
    for name in ("gvhd-steroid-last", "gvhd-therapy-last", "immunotherapy-last", "venetoclax-last", "dli-last"):
        case = case.replace(f'{name} = "never"', f"{name} = 2026-01-05")
    return plan_from(case=case)


def hundred_tasks():
    """A site with a hundred tasks of its own on day -4, two in three of them at an hour."""
    rows = []
    for number in range(100):
        name = "task-" + "abcdefghij"[number // 10] + "abcdefghij"[number % 10]
        clock = f'at = "{number % 24:02d}:{number % 60:02d}"' if number % 3 else ""
        rows.append(f'[[tasks]]\nid = "{name}"\ntitle = "item {number + 100} of the site\'s own list"\ndays = "-4"\n{clock}\n')
    return SITE + "\n" + "\n".join(rows)


@lru_cache
def hundred():
    """A day that needs many pages, in a plan that is not allowed: every page has its banner."""
    case = CASE.replace("transplant = 2026-01-20", "transplant = 2026-05-20")
    return plan_from(site=hundred_tasks(), case=case.replace("taper-completed = 2026-05-04", "taper-completed = 2026-05-24"))


@lru_cache
def hostile():
    """Harmful text in every field that a file has and a page shows, and a task of ten thousand letters."""
    protocol = PROTOCOL
    for words in (
        "fludarabine, intravenous infusion", "tests of organ function", "Lymphodepletion", "Organ function within 2 weeks of the cells",
        "registry record of 2026-01-02", "No active GVHD that requires systemic treatment, and no uncontrolled illness.",
        "United States", "end of the dose-limiting toxicity (DLT) period",
    ):  # fmt: skip
        assert f'"{words}"' in protocol, words
        protocol = protocol.replace(f'"{words}"', f'"{words} {HOSTILE}"')
    first = protocol.index('title = "A Phase 1')
    protocol = protocol[:first] + f'title = "{HOSTILE} ' + protocol[first + len('title = "') :]
    site = SITE.replace('name = "Example site"', f'name = "{HOSTILE}"')
    site = site.replace('il2-days = "+1 to +13 every 2 days"', "").replace('dlt-end = "+42"', "").replace('follow-up = "+42, +60, +100"', "")
    site += f'\n[[tasks]]\nid = "harm"\ntitle = "{HOSTILE}"\ndays = "-5 to +1"\n'
    site += f'\n[[tasks]]\nid = "long"\ntitle = "{LONG}"\ndays = "-2"\n'
    case = CASE.replace('by = "study physician"', f'by = "{HOSTILE}"')
    case = case.replace("count-control-last = 2026-06-05", "count-control-last = 2026-06-09")
    case += f'\n[[rulings]]\nrule = "T25"\noutcome = "allowed"\nby = "{HOSTILE}"\ndate = 2026-05-22\nreason = "{HOSTILE}"\n'
    return plan_from(protocol, site, case)
