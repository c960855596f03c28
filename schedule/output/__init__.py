"""Bytes: pages, calendars, data, folders."""
