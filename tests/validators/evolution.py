"""Give calendar files, in order, to one new calendar of evolution-data-server, and write what it holds.

    dbus-run-session -- /usr/bin/python3 tests/validators/evolution.py OUT FILE...
"""
import sys

import gi

for name, version in (("ECal", "2.0"), ("EDataServer", "1.2"), ("ICalGLib", "3.0")):
    gi.require_version(name, version)
from gi.repository import ECal, EDataServer, ICalGLib

registry = EDataServer.SourceRegistry.new_sync(None)
source = EDataServer.Source.new(None, None)
source.set_display_name("ward")
source.set_parent("local-stub")
source.get_extension("Calendar").set_backend_name("local")
registry.commit_source_sync(source, None)
client = ECal.Client.connect_sync(source, ECal.ClientSourceType.EVENTS, 10, None)
for path in sys.argv[2:]:
    whole = ICalGLib.Component.new_from_string(open(path, newline="", encoding="utf-8").read())
    if whole.get_method() == ICalGLib.PropertyMethod.NONE:
        whole.set_method(ICalGLib.PropertyMethod.PUBLISH)
    client.receive_objects_sync(whole, ECal.OperationFlags.NONE, None)
_, kept = client.get_object_list_as_comps_sync("#t", None)
with open(sys.argv[1], "w", newline="", encoding="utf-8") as out:
    out.write("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\n")
    for one in kept:
        out.write(one.get_as_string())
    out.write("END:VCALENDAR\r\n")
