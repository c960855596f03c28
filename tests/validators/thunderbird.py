"""Thunderbird's calendar under Marionette. For each line of JSON a task, `[task, ...]`, answers a line of JSON.

    import FILE     what its import does with a file, into the calendar at hand: how many entries are refused
    new             delete that calendar, and go on with an empty one
    feed URL        delete that calendar, and go on with a feed
    refresh         fetch the feed
    beside FILE     synchronise another calendar, which shows that file
    accept FILE     open a mail, and press the button that takes its invitation, or its withdrawal: "done"; "nothing",
                    where there is none; "asked", where it then asks a question, which is cancelled
    held FILE       write what the calendar holds
    month DATE FILE a picture of the month that holds the date, of the calendar at hand

    python tests/validators/thunderbird.py FOLDER DISPLAY        (FOLDER: an empty one, for its profile)
"""

import base64
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from marionette_driver.by import By
from marionette_driver.marionette import Alert, Marionette

PORT = 2829
PREFERENCES = {
    "app.donation.eoy.version.viewed": 999,
    "app.update.enabled": False,
    "calendar.alarms.show": False,
    "calendar.timezone.local": "America/New_York",
    "calendar.timezone.useSystemTimezone": False,
    "calendar.week.start": 1,
    "datareporting.policy.dataSubmissionPolicyBypassNotification": True,
    "mail.provider.suppress_dialog_on_startup": True,
    "mail.spotlight.firstRunDone": True,
    "mail.rights.version": 1,
    "mailnews.start_page.enabled": False,
    "marionette.port": PORT,
}
HEAD = """
const { cal } = ChromeUtils.importESModule("resource:///modules/calendar/calUtils.sys.mjs");
const { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
const win = Services.wm.getMostRecentWindow("mail:3pane");
const old = cal.manager.getCalendars();
const kept = old.filter(c => c.name == "ward")[0];
const make = (type, uri) => {
  old.forEach(c => cal.manager.removeCalendar(c));
  const made = cal.manager.createCalendar(type, Services.io.newURI(uri));
  made.name = "ward";
  made.setProperty("color", "#2b4c7e");
  cal.manager.registerCalendar(made);
  return made;
};
const addressed = (calendar, mailbox) => {
  if (calendar.getProperty("imip.identity.key")) return;
  const identity = MailServices.accounts.createIdentity();
  identity.email = mailbox;
  const account = MailServices.accounts.createAccount();
  account.incomingServer = MailServices.accounts.createIncomingServer("ward", "localhost", "none");
  account.addIdentity(identity);
  calendar.setProperty("imip.identity.key", identity.key);
};
const loaded = calendar => new Promise(done => {
  const nothing = () => {};
  const seen = {
    QueryInterface: ChromeUtils.generateQI(["calIObserver"]),
    onStartBatch: nothing, onEndBatch: nothing, onAddItem: nothing, onModifyItem: nothing, onDeleteItem: nothing,
    onPropertyChanged: nothing, onPropertyDeleting: nothing,
    onLoad() { calendar.removeObserver(seen); done("loaded"); },
    onError(_, number, text) { calendar.removeObserver(seen); done(`error ${number} ${text}`); },
  };
  calendar.addObserver(seen);
  calendar.refresh();
});
"""
TASKS = {
    "new": 'make("storage", "moz-storage-calendar://"); return 0;',
    "import": """
const file = Cc["@mozilla.org/file/local;1"].createInstance(Ci.nsIFile);
file.initWithPath(given);
let refused = 0;
const listener = { onDuplicate() { refused += 1; }, onError() { refused += 1; } };
await win.putItemsIntoCal(kept, win.getItemsFromIcsFile(file), listener);
return refused;
""",
    "feed": 'return await loaded(make("ics", given));',
    "refresh": "return await loaded(kept);",
    "beside": """
const known = old.filter(c => c.name == "beside")[0];
if (known) return await loaded(known);
const beside = cal.manager.createCalendar("ics", Services.io.newFileURI(await IOUtils.getFile(given)));
beside.name = "beside";
beside.readOnly = true;
cal.manager.registerCalendar(beside);
return await loaded(beside);
""",
    "accept": """
const wait = time => new Promise(done => win.setTimeout(done, time));
const file = await IOUtils.getFile(given);
const { MailUtils } = ChromeUtils.importESModule("resource:///modules/MailUtils.sys.mjs");
const { MimeParser } = ChromeUtils.importESModule("resource:///modules/mimeParser.sys.mjs");
addressed(kept, MimeParser.extractHeaders(await IOUtils.readUTF8(given)).get("to")[0].email);
const tabs = win.document.getElementById("tabmail");
tabs.closeOtherTabs(tabs.tabInfo[0]);
MailUtils.openEMLFile(win, file, Services.io.newFileURI(file));
const shown = () => tabs.currentTabInfo.chromeBrowser?.contentWindow;
while (!shown()?.calImipBar?.itipItem) await wait(20);
const names = ["imipAcceptButton", "imipUpdateButton", "imipDeleteButton"];
const button = names.map(name => shown().document.getElementById(name)).find(one => !one.hidden);
if (!button) return "nothing";
return await new Promise(done => {
  const nothing = () => {};
  const taken = () => { kept.removeObserver(seen); done("done"); };
  const seen = {
    QueryInterface: ChromeUtils.generateQI(["calIObserver"]),
    onStartBatch: nothing, onEndBatch: nothing, onLoad: nothing, onError: nothing,
    onPropertyChanged: nothing, onPropertyDeleting: nothing,
    onAddItem: taken, onModifyItem: taken, onDeleteItem: taken,
  };
  kept.addObserver(seen);
  const silent = shown().document.getElementById(`${button.id}_AcceptDontSend`);
  win.setTimeout(() => (silent ?? button).doCommand());
});
""",
    "held": """
const all = await kept.getItemsAsArray(Ci.calICalendar.ITEM_FILTER_ALL_ITEMS, 0, null, null);
const writer = Cc["@mozilla.org/calendar/ics-serializer;1"].createInstance(Ci.calIIcsSerializer);
writer.addItems(all);
await IOUtils.writeUTF8(given, writer.serializeToString());
return all.length;
""",
    "month": """
const wait = time => new Promise(done => win.setTimeout(done, time));
win.resizeTo(1600, 1100);
win.document.getElementById("tabmail").openTab("calendar");
await wait(500);
for (const id of ["bottom-events-box", "today-pane-panel", "primaryButtonSidePanel", "spacesToolbar"]) {
  win.document.getElementById(id)?.setAttribute("hidden", "true");
}
win.document.getElementById("today-pane-panel")?.setAttribute("collapsed", "true");
win.document.getElementById("bottom-events-box")?.setAttribute("collapsed", "true");
await win.switchToView("month");
win.currentView().goToDay(cal.createDateTime(given.replaceAll("-", "")));
await wait(1500);
return 0;
""",
}


def started(folder, display):
    """(Thunderbird, the session with it)."""
    lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items())
    (folder / "user.js").write_text("".join(lines), encoding="utf-8")
    program = subprocess.Popen(
        ["thunderbird", "--profile", str(folder), "--marionette", "--remote-allow-system-access", "--no-remote"],
        env={**os.environ, "DISPLAY": display, "HOME": str(folder), "TZ": "America/New_York"},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    session = Marionette(host="127.0.0.1", port=PORT)
    end = time.monotonic() + 90
    while True:
        try:
            session.start_session()
            break
        except OSError:
            if time.monotonic() > end or program.poll() is not None:
                raise
            time.sleep(0.5)
    session.timeout.script = 60
    session.set_context("chrome")
    return program, session


def done(session, task, given=None):
    """What Thunderbird answers to a task."""
    script = f"""
const [given, answer] = arguments;
(async () => {{ {HEAD} {TASKS[task]} }})().then(answer, wrong => answer(`failed: ${{wrong}}`));
"""
    found = session.execute_async_script(script, [given])
    if isinstance(found, str) and found.startswith("failed"):
        raise AssertionError(found)
    return found


def main():
    folder, display = Path(sys.argv[1]), sys.argv[2]
    program, session = started(folder, display)
    try:
        done(session, "new")
        print(json.dumps(session.execute_script("return Services.appinfo.version")), flush=True)
        for line in sys.stdin:
            task, *given = json.loads(line)
            found = done(session, task, *given[:1])
            if task == "accept" and found is None:  # a question has ended the script
                Alert(session).dismiss()
                found = "asked"
            if task == "month":
                shown = session.find_element(By.ID, "calendar-view-box")
                Path(given[1]).write_bytes(base64.b64decode(session.screenshot(element=shown)))
            print(json.dumps(found), flush=True)
    finally:
        program.terminate()
        program.wait(20)


if __name__ == "__main__":
    main()
