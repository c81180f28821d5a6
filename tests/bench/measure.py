# SPDX-License-Identifier: GPL-2.0-only
"""What the parts of scripts/bench have in common: tools beside a load, rounds in which all have their turn, and the table."""
import contextlib
import glob
import json
import os
import platform
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

BEGUN = time.monotonic()
TMP = os.environ.get("TMPDIR") or "/tmp"
OUT = os.environ.get("O") or ".output"
BENCH = os.path.abspath(f"{OUT}/bench")
SONDE = os.path.abspath(os.environ.get("SONDE") or "sonde")
WORK = os.path.abspath(os.environ.get("WORK") or f"{OUT}/work")
ROUNDS = int(os.environ.get("ROUNDS") or 5)
REST = int(os.environ.get("REST") or 60)
CPUS = os.cpu_count()
MIB = 1 << 20
# Not left behind whatever happens to this script.
ENDS_WITH_THIS = ["setpriv", "--pdeathsig", "KILL"]


class CannotRun(Exception):
    """A tool that does not work here; the text is why."""


def say(text):
    print(f"[{time.monotonic() - BEGUN:4.0f} s] {text}", file=sys.stderr, flush=True)


def read(path):
    with open(path, errors="replace") as f:
        return f.read()


def output_of(*argv):
    return subprocess.run(argv, check=True, stdout=subprocess.PIPE, text=True).stdout


# --- the tools -------------------------------------------------------------------------------------------------------


class Tool:
    """A program beside the load: what it says when it is ready, and what proves at its end that it counted."""

    def __init__(self, name, argv, ready="^ready", counted=None):
        self.name, self.argv, self.ready, self.counted = name, argv, ready, counted

    def is_ready(self, proc, said):
        if self.ready:
            return any(re.search(self.ready, read(f), re.M) for f in said)
        # It says nothing, but holds what is attached.
        with contextlib.suppress(OSError):
            return any("link_id:" in read(f) for f in glob.glob(f"/proc/{proc.pid}/fdinfo/*"))

    @contextlib.contextmanager
    def running(self):
        """Gives the process once it is ready, with its start time as .start_s and, later, .stop_s."""
        if not shutil.which(self.argv[0]):
            raise CannotRun(f"{self.argv[0]} is not installed")
        with tempfile.TemporaryDirectory(dir=TMP) as tmp:
            said = f"{tmp}/out", f"{tmp}/err"
            with open(said[0], "w") as out, open(said[1], "w") as err:
                begun = time.monotonic()
                proc = subprocess.Popen([*ENDS_WITH_THIS, *self.argv], stdin=subprocess.DEVNULL, stdout=out, stderr=err)
            try:
                while not self.is_ready(proc, said):
                    if proc.poll() is not None:
                        raise CannotRun(why(read(said[1]) or read(said[0])))
                    if time.monotonic() - begun > 30:
                        raise CannotRun("was not ready within 30 s")
                    time.sleep(0.001)
                proc.start_s = time.monotonic() - begun
                proc.said = said[0]
                yield proc
                if proc.poll() is not None:
                    raise CannotRun("ended by itself: " + why(read(said[1])))
                begun = time.monotonic()
                proc.send_signal(signal.SIGINT)
                proc.wait(30)
                proc.stop_s = time.monotonic() - begun
                if self.counted and not re.search(self.counted, read(said[0]), re.M):
                    raise CannotRun("ran, but counted nothing")
            except subprocess.TimeoutExpired as e:
                raise CannotRun("did not end within 30 s") from e
            finally:
                if proc.poll() is None:
                    proc.kill()
                    proc.wait()


def why(text):
    lines = [line.strip() for line in text.splitlines() if line.strip() and "RLIMIT_MEMLOCK" not in line]
    return lines[-1] if lines else "said nothing"


def sonde(name, *args, counted=None, interval=10):
    return Tool(name, [SONDE, "run", "--interval", str(interval), "--output", "graphite", *args], "^sonde: attached",
                counted)


def empty_programs():
    """What whoever sees system calls pays at least."""
    return Tool("two empty programs", [f"{BENCH}/attach", f"{BENCH}/empty.bpf.o"])


def line_buffered(*argv):
    return ["stdbuf", "-oL", *argv]


@contextlib.contextmanager
def nothing():
    yield None


def in_turn(part, measure, tools):
    """[{tool's name: measured}] by round, and {name: why} of those that cannot run. The first is without any tool.

    What is measured is the best of several runs, because what disturbs a run only ever makes it slower.
    """
    rounds, failed = [], {}
    for n in range(ROUNDS):
        got = {}
        for tool in [None, *tools]:
            name = tool.name if tool else "none"
            if name in failed:
                continue
            try:
                with tool.running() if tool else nothing():
                    got[name] = measure()
            except CannotRun as e:
                failed[name] = str(e)
                say(f"{part}: {name} cannot run here: {e}")
        rounds.append(got)
        say(f"{part}, round {n + 1} of {ROUNDS}: " + ", ".join(f"{k} {v:.1f}" for k, v in got.items()))
        warn_of_others()
    return rounds, failed


# --- the table -------------------------------------------------------------------------------------------------------


def row(what, values, unit="", form="{:.0f}", limit=None, below=False):
    """Prints median and spread of the values, and whether the median keeps within the limit."""
    if not values:
        print(f"| {what} | not measured | | {budget(limit, unit, below)} | |")
        return
    median = statistics.median(values)
    spread = f"{form.format(min(values))} .. {form.format(max(values))}" if len(values) > 1 else ""
    met = ""
    if limit is not None:
        met = "met" if (median < limit if below else median <= limit) else "**not met**"
    print(f"| {what} | {form.format(median)}{unit} | {spread} | {budget(limit, unit, below)} | {met} |", flush=True)


def budget(limit, unit, below):
    return "" if limit is None else f"{'<' if below else '≤'} {limit:g}{unit}"


def cannot(what, reason):
    print(f"| {what} | cannot run here: {reason} | | | |", flush=True)


def header():
    cpu = re.search(r"^model name\s*: (.*)", read("/proc/cpuinfo"), re.M)
    print(f"Linux {platform.release()}, {cpu.group(1) if cpu else platform.machine()}, {CPUS} CPUs; medians of "
          f"{ROUNDS} rounds of the best of several runs, all variants in turn; load average before: "
          f"{os.getloadavg()[0]:.2f}.\n")
    print("| what | figure | spread | budget | |\n| --- | ---: | --- | --- | --- |", flush=True)


def others():
    """BPF programs that see events."""
    progs = subprocess.run(["bpftool", "-j", "prog", "show"], stdout=subprocess.PIPE, text=True, check=False).stdout
    kinds = "tracing", "raw_tracepoint", "tracepoint", "perf_event", "kprobe"
    return sum(p.get("type") in kinds for p in json.loads(progs or "[]"))


def warn_of_others():
    """What others have attached may be in every figure, and comes and goes as it likes."""
    end = time.monotonic() + 2
    # The kernel frees a tool's programs some time after it has ended.
    while (n := others()) and time.monotonic() < end:
        time.sleep(0.1)
    if n:
        say(f"note: {n} BPF programs of others are attached, which may be in the figures")


# --- other figures ---------------------------------------------------------------------------------------------------


def cpu_ns(pid):
    """Exact, unlike utime and stime, which are sampled."""
    return sum(int(read(f).split()[0]) for f in glob.glob(f"/proc/{pid}/task/*/schedstat"))


def cpu_share(pid, wait, seconds=10):
    """% of one CPU while @wait(seconds)."""
    begun, cpu = time.monotonic(), cpu_ns(pid)
    wait(seconds)
    return (cpu_ns(pid) - cpu) / (time.monotonic() - begun) / 1e7


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]
