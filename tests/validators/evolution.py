"""A calendar of evolution-data-server: for each line `FILE OUT` take the file, write what is held, answer `ok`; for the
line `new` go on with a new calendar.

    dbus-run-session -- /usr/bin/python3 tests/validators/evolution.py
"""
import sys

import gi

for name, version in (("ECal", "2.0"), ("EDataServer", "1.2"), ("ICalGLib", "3.0")):
    gi.require_version(name, version)
from gi.repository import ECal, EDataServer, ICalGLib

registry = EDataServer.SourceRegistry.new_sync(None)


def new_calendar():
    source = EDataServer.Source.new(None, None)
    source.set_display_name("ward")
    source.set_parent("local-stub")
    source.get_extension("Calendar").set_backend_name("local")
    registry.commit_source_sync(source, None)
    return ECal.Client.connect_sync(source, ECal.ClientSourceType.EVENTS, 10, None)


client = new_calendar()
for line in sys.stdin:
    if line == "new\n":
        client = new_calendar()
        print("ok", flush=True)
        continue
    given, out = line.split()
    whole = ICalGLib.Component.new_from_string(open(given, newline="", encoding="utf-8").read())
    if whole.get_method() == ICalGLib.PropertyMethod.NONE:
        whole.set_method(ICalGLib.PropertyMethod.PUBLISH)
    client.receive_objects_sync(whole, ECal.OperationFlags.NONE, None)
    _, kept = client.get_object_list_as_comps_sync("#t", None)
    with open(out, "w", newline="", encoding="utf-8") as held:
        held.write("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\n")
        held.writelines(one.get_as_string() for one in kept)
        held.write("END:VCALENDAR\r\n")
    print("ok", flush=True)
