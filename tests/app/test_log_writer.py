"""Lines written in a thread of their own all come out, whole and in order."""

import threading

import pytest

from app.log_writer import LogWriter


def test_every_line_comes_out_once_whole_and_in_its_writers_order(capsys: pytest.CaptureFixture[str]) -> None:
    """Also those of the last moment, and those after the end."""
    with LogWriter() as writer:

        def write(name: str) -> None:
            for number in range(200):
                writer.write(f"{name} {number}\n")

        threads = [threading.Thread(target=write, args=(name,)) for name in ("a", "b", "c")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    writer.write("last\n")
    lines = capsys.readouterr().err.splitlines()
    assert lines[-1] == "last"
    for name in ("a", "b", "c"):
        assert [line for line in lines if line.startswith(name)] == [f"{name} {number}" for number in range(200)]
    assert len(lines) == 601
