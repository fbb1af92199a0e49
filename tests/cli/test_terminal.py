"""What is said while something takes long."""

import pytest

from framing.cli.terminal import progress_bar


def test_in_a_pipe_a_line_tells_what_is_done_and_how_long_it_will_take(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with progress_bar(quiet=False, lines=True) as progress:
        assert progress is not None
        progress("training stance, epoch 1 of 2", 1, 20)
        progress("training stance, epoch 2 of 2", 10, 20)
        # The same work begun anew, with another seed: nothing has been done of it yet.
        progress("training stance, epoch 1 of 2", 1, 20)
        progress("training stance, epoch 2 of 2", 1, 20)
        progress("training stance, epoch 1 of 2", 10, 20)
    lines = capsys.readouterr().err.splitlines()
    assert lines == [
        "training stance, epoch 2 of 2, 0 min left",
        "training stance, epoch 1 of 2, 0 min left",
    ]


def test_quiet_and_pipes_without_lines_have_no_progress() -> None:
    with progress_bar(quiet=True, lines=True) as progress:
        assert progress is None
    with progress_bar(quiet=False) as progress:
        assert progress is None
