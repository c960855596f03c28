"""Protocols that many tests read: each text once."""

from functools import cache

from schedule.files.protocol_file import read_protocol

protocol_of = cache(read_protocol)
"""The protocol of a text and the name of its file."""
