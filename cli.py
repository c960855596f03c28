"""Launcher for a checkout: `python cli.py …` does what the installed `dayzero …` does."""

from schedule.commands import main

if __name__ == "__main__":
    main()
