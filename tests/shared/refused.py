"""What an act is refused for, in the words of the command line."""

from schedule.words.refusals import move_refusal_in_words, refused_lines


def said(error):
    """Every refusal as the terminal shows it, one a line."""
    return "\n".join(map(str, refused_lines(error, "terminal")))


def why_not(done, edge="terminal"):
    """Why a move is not allowed, a text for each reason."""
    zero = done.before.protocol.zero
    return tuple(move_refusal_in_words(one, zero, edge) for one in done.verdict.refusals)
