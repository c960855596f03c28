"""A ward's worth of acts in any order: whatever people do, what is settled stays, and nothing goes wrong quietly.

Each saved act is held against the relations of the hazard list, with oracles of its own: what settles, how far day 0 may
slip and what a calendar shows are worked out here anew.
"""


from hypothesis import Phase, settings
from shared.machine import SHORTER, WardMachine
from shared.ward import PROTOCOL

assert SHORTER != PROTOCOL


TestWard = WardMachine.TestCase
TestWard.settings = settings(max_examples=settings().max_examples // 2, stateful_step_count=15, phases=[Phase.generate])
"""100 lives of 15 acts in the CI profile. Not shrunk: that takes minutes, and the acts are printed as they were done."""
