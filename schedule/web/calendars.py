"""A page for each calendar program: how to subscribe to a feed, how late it is, what to do when day 0 has moved.

The figures and where they come from are those of docs/calendars.md; the menus were not tried.
"""

from flask import Blueprint, Response, abort
from msgspec import Struct

from schedule.web.roles import needs
from schedule.web.ward import show

routes = Blueprint("calendars", __name__)


class Client(Struct, frozen=True, kw_only=True):
    """One calendar program, worded for a nurse. `late` is the answer to: how old may it be? `sources` are name and
    address."""

    path: str
    name: str
    warning: str
    subscribe: tuple[str, ...]
    late: str
    why_late: tuple[str, ...]
    fetch_now: tuple[str, ...]
    stop: str
    shows: tuple[str, ...]
    sources: tuple[tuple[str, str], ...]


OUTSIDE = (
    "{} fetches the calendar from its own servers, outside the hospital, and keeps a copy there. Subscribe only if the "
    "hospital allows it for this account. It also needs an address that can be reached from outside; most hospitals "
    "have none."
)

CLIENTS = (
    Client(
        path="outlook-classic",
        name="Outlook classic (Windows)",
        warning="",
        subscribe=(
            "Open the calendar.",
            "Choose Add Calendar, then From Internet.",
            "Paste the address. Choose OK, then Yes.",
            "Under Advanced, take away the tick at Update Limit, if it is there.",
        ),
        late="15 minutes to 3 hours",
        why_late=(
            "Outlook fetches when it starts, and with Send/Receive.",
            "With the tick at Update Limit it fetches once an hour at most, even if you ask it to.",
        ),
        fetch_now=("Choose Send/Receive, then Send/Receive All Folders (F9).",),
        stop="Right-click the calendar and choose Delete Calendar.",
        shows=(
            "It shows no reminders for a subscribed calendar.",
            "A cancelled entry stays, with CANCELLED before its title.",
            "A file that is imported again adds every entry once more. Subscribe instead.",
        ),
        sources=(
            (
                "AddEvent, how often a subscription is fetched",
                "https://help.addevent.com/docs/subscription-calendar-update-frequency",
            ),
            (
                "Caltrics, refresh of internet calendars",
                "https://caltrics.previewsite.co.uk/knowledge-base/refresh-frequency-of-caltrics-internet-calendars/",
            ),
            (
                "Questions 538081, the update limit",
                "https://kiwix.lema.org/stackoverflow.com_en_all_2023-11/questions/538081/"
                "set-update-limits-on-icalendar-feed",
            ),
        ),
    ),
    Client(
        path="outlook",
        name="New Outlook, and Outlook on the web",
        warning=OUTSIDE.format("New Outlook, like Outlook on the web,"),
        subscribe=(
            "Open the calendar.",
            "Choose Add calendar, then Subscribe from web.",
            "Paste the address, which begins with https. Give the calendar the patient's code, or Ward, as its name.",
            "Choose Import. Nothing is imported: the calendar follows the feed.",
        ),
        late="about 3 hours, at times more than a day",
        why_late=(
            "Microsoft's servers fetch when they like.",
            "Nothing in the feed, and nothing that you do, makes them fetch earlier.",
        ),
        fetch_now=("There is no way but to remove the calendar and to subscribe again, with the same address.",),
        stop="Point at the calendar, choose the three dots, then Remove.",
        shows=(
            "It shows no reminders for a subscribed calendar.",
            "A cancelled entry stays, with CANCELLED before its title.",
        ),
        sources=(
            (
                "freispace, problems with calendars",
                "https://freispace-docs.statichost.page/docs/calendars/synch-problems.md",
            ),
            ("hetk.io, 12 to 24 hours", "https://www.hetk.io/blog/how-to-subscribe-ics-calendar-outlook/"),
            ("LibreBooking 498, complaints", "https://github.com/LibreBooking/librebooking/issues/498"),
            ("Sonarr 6065, complaints", "https://github.com/Sonarr/Sonarr/issues/6065"),
        ),
    ),
    Client(
        path="google",
        name="Google Calendar",
        warning=OUTSIDE.format("Google Calendar"),
        subscribe=(
            "Open Google Calendar on a computer: the app on a phone cannot subscribe.",
            "At Other calendars choose +, then From URL.",
            "Paste the address. Leave the tick that makes the calendar public empty.",
            "Choose Add calendar.",
        ),
        late="4 to 24 hours",
        why_late=("Google's servers fetch when they like.", "Reloading the page fetches nothing."),
        fetch_now=("There is no way that is known to work. Look at the patient's page in Dayzero instead.",),
        stop="In Settings choose the calendar, then Unsubscribe.",
        shows=("It shows no reminders of the feed's.", "A cancelled entry disappears."),
        sources=(
            (
                "calconverter, how often Google fetches",
                "https://calconverter.app/guides/how-often-outlook-calendar-updates-in-google",
            ),
            ("adangel.org, a log of fetches", "https://adangel.org/2024/12/15/ical-and-google-calendar-sync"),
            (
                "nsulistiyawan, what makes Google take a change",
                "https://nsulistiyawan.github.io/icalendar-fix-google-calendar-does.html",
            ),
        ),
    ),
    Client(
        path="apple",
        name="Apple Calendar (Mac, iPhone, iPad)",
        warning="If you choose iCloud as the place, the calendar is also kept on Apple's servers, outside the "
        "hospital. Choose On My Mac.",
        subscribe=(
            "On a Mac: choose File, then New Calendar Subscription. Paste the address and choose Subscribe.",
            "As the location choose On My Mac. At Auto-refresh choose Every 5 minutes, or Every 15 minutes.",
            "On an iPhone or iPad: point the camera at the square code, or open Settings, Calendar, Accounts, Add "
            "Account, Other, Add Subscribed Calendar.",
        ),
        late="what you choose, from 5 minutes to a week",
        why_late=(
            "It fetches as often as Auto-refresh says, while the device is on and reaches the hospital's network.",
        ),
        fetch_now=(
            "On a Mac choose View, then Refresh Calendars.",
            "On an iPhone or iPad open Calendars and pull the list down.",
        ),
        stop="On a Mac right-click the calendar and choose Unsubscribe. On an iPhone or iPad open Calendars, tap the "
        "i beside it, then Unsubscribe.",
        shows=("A cancelled entry stays, with CANCELLED before its title.",),
        sources=(
            ("adamgibbons/ics 259", "https://github.com/adamgibbons/ics/issues/259"),
            ("markuspoerschke/iCal 119", "https://github.com/markuspoerschke/iCal/issues/119"),
        ),
    ),
    Client(
        path="thunderbird",
        name="Thunderbird",
        warning="",
        subscribe=(
            "Open the calendar and choose New Calendar, then On the Network.",
            "Leave the user name empty. Paste the address as the location. Choose Find Calendars, then Subscribe.",
            "Open the calendar's Properties and choose how often it is refreshed.",
        ),
        late="what you choose in the calendar's Properties",
        why_late=(
            "It fetches when it starts, and as often as the Properties say, while it runs. No figures were found.",
        ),
        fetch_now=("Right-click the calendar and choose Synchronise, or Reload Remote Calendars.",),
        stop="Right-click the calendar and choose Unsubscribe.",
        shows=(
            "A cancelled entry stays, struck through.",
            "A file that is imported where its entries are is refused, and the old dates stay. Subscribe instead.",
        ),
        sources=(("hackgreenville 498, cancelled entries", "https://github.com/hackgvl/hackgreenville-com/pull/498"),),
    ),
)

AFTER_A_MOVE = (
    "Do not wait for the calendar. The patient's page in Dayzero is right at once; so is the change notice.",
    "Tell everybody who is named on the change notice, in person or by telephone.",
    "Take away the printed sheets that are void, and print today's.",
)


@routes.get("/calendars")
@needs("view")
def show_clients() -> Response:
    return show("calendars.html", title="Calendar programs", clients=CLIENTS)


@routes.get("/calendars/<path>")
@needs("view")
def show_client(path: str) -> Response:
    for client in CLIENTS:
        if client.path == path:
            return show("calendar.html", title=client.name, client=client, after=AFTER_A_MOVE)
    abort(404)
