# SPDX-License-Identifier: GPL-2.0-only
"""The parts top and viewers of scripts/bench: what looking costs, and how soon keys are answered."""
import contextlib
import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import subprocess
import tempfile
import termios
import time

from measure import ENDS_WITH_THIS, ROUNDS, SONDE, TMP, WORK, CannotRun, Tool, cpu_share, row, say, sonde


class Terminal:
    """A program on a terminal of its own: what it writes is read and thrown away."""

    def __init__(self, fd, pid):
        self.fd, self.pid = fd, pid

    def _read(self, seconds):
        """Bytes that came within that time, or none."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return b""
        try:
            return os.read(self.fd, 1 << 16)
        except OSError as e:
            raise CannotRun("it ended by itself") from e

    def watch(self, seconds):
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._read(left)

    def wait_for(self, text, seconds=30):
        seen, end = b"", time.monotonic() + seconds
        while text not in seen:
            if time.monotonic() > end:
                raise CannotRun(f"{text} was not drawn within {seconds} s")
            seen = seen[-200:] + self._read(0.1)

    def answer_ms(self, key):
        """From the key until what it changes is drawn: nothing comes for 20 ms."""
        begun = last = time.monotonic()
        os.write(self.fd, key)
        while self._read(1 if last == begun else 0.02):
            last = time.monotonic()
        return (last - begun) * 1e3


@contextlib.contextmanager
def terminal(width, height, *argv):
    pid, fd = pty.fork()
    if not pid:
        os.environ["TERM"] = "xterm-256color"
        os.execvp(argv[0], argv)
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
    try:
        yield Terminal(fd, pid)
    finally:
        os.kill(pid, signal.SIGTERM)
        os.close(fd)
        os.waitpid(pid, 0)


@contextlib.contextmanager
def crowd(n):
    """So many processes, which do nothing."""
    proc = subprocess.Popen([*ENDS_WITH_THIS, f"{WORK}/calls", "-p", str(n), "-n", "1", "--wait", "getppid"],
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        if not proc.stdout.readline().startswith("ready"):
            raise CannotRun(f"{n} processes do not start here")
        yield
    finally:
        # Two lines let it come to its end.
        proc.communicate("\n\n", timeout=60)


def bench_top():
    processes, answers = 5000, []
    with crowd(processes):
        for width, height in (80, 24), (200, 60):
            for key, view, word in (b"1", "services", b"SERVICE"), (b"2", "processes", b"COMMAND"):
                with terminal(width, height, SONDE, "top", "--probes", "all", "--view", view) as t:
                    t.wait_for(word)
                    t.watch(3)
                    row(f"sonde top every second with {processes:,} processes, {view}, {width}x{height}: CPU",
                        [cpu_share(t.pid, t.watch) for _ in range(ROUNDS)], " %", "{:.1f}", limit=5, below=True)
                    # At any moment of the interval.
                    for n in range(20):
                        t.watch(0.17)
                        answers.append(t.answer_ms((b"3", key)[n % 2]))
    say(f"answers to keys, ms: {[round(a) for a in sorted(answers)]}")
    row(f"from a key until its view is drawn, {len(answers)} keys: the median", [statistics.median(answers)], " ms",
        "{:.0f}")
    row("the slowest of them", [max(answers)], " ms", "{:.0f}", limit=100)


def bench_viewers():
    def watched(n, path):
        """The share of a daemon that so many watch."""
        with contextlib.ExitStack() as stack:
            daemon = stack.enter_context(sonde("sonde", "--probes", "all", "--socket", path).running())
            for i in range(n):
                stack.enter_context(Tool(f"viewer {i}", [SONDE, "top", "--json", "--socket", path], "^{").running())
            time.sleep(2)
            return cpu_share(daemon.pid, time.sleep)

    with crowd(500), tempfile.TemporaryDirectory(dir=TMP) as tmp:
        for n in 0, 1, 10:
            row(f"sonde run --probes all with 500 processes and {n} viewers: CPU",
                [watched(n, f"{tmp}/sock") for _ in range(min(ROUNDS, 3))], " %", "{:.2f}")
