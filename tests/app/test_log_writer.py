"""Lines written in a thread of their own all come out, whole and in order."""

import errno
import io
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


class FullDisk(io.StringIO):
    """A standard error that cannot be written to for a while."""

    tried = threading.Event()
    is_full = True

    def write(self, text: str) -> int:
        """Fail while it is full."""
        was_full = self.is_full
        self.tried.set()
        if was_full:
            raise OSError(errno.ENOSPC, "no space")
        return super().write(text)


def test_a_full_disk_costs_lines_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """The thread goes on: memory does not grow, and what comes when there is room again is written."""
    disk = FullDisk()
    monkeypatch.setattr("sys.stderr", disk)
    with LogWriter() as writer:
        writer.write("while it is full\n")
        assert disk.tried.wait(10)
        disk.is_full = False
        writer.write("when there is room\n")
    assert disk.getvalue() == "when there is room\n"
