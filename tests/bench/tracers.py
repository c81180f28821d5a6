# SPDX-License-Identifier: GPL-2.0-only
"""The part trace of scripts/bench: what it costs to have each call seen, and what is lost of many."""
import contextlib
import os
import re
import statistics
import subprocess
import tempfile
import time

from measure import (
    BENCH, CPUS, ENDS_WITH_THIS, ROUNDS, SONDE, TMP, WORK, CannotRun, Tool, cannot, empty_programs, free_port, in_turn, output_of, read, row, say, warn_of_others)
from servers import LOAD, SERVER, program, quiet

PINNED = ["taskset", "-c", str(CPUS - 1)]
SECONDS = int(os.environ.get("SECONDS_OF_CALLS") or 30)
WAITS = ["sh", "-c", 'read go && exec "$@"', "sh"]


class Tracer:
    """@argv before a command, {} being its file; or, with @attaches, a program that is told a process by -p."""

    def __init__(self, name, *argv, attaches=False):
        self.name, self.argv, self.attaches = name, argv, attaches

    def command(self, tmp):
        if self.argv:
            program(self.argv[0])
        return [arg.format(f"{tmp}/file") for arg in self.argv]

    @contextlib.contextmanager
    def running(self, argv, tmp):
        """Gives the load's process under this tracer, which has ended by itself when this is left."""
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "cwd": "/"}
        before = [] if self.attaches else self.command(tmp)
        procs = [subprocess.Popen([*ENDS_WITH_THIS, *before, *WAITS, *argv], **pipes)]
        try:
            if self.attaches:
                procs.append(subprocess.Popen([*ENDS_WITH_THIS, *self.command(tmp), "-p", str(procs[0].pid)],
                                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True))
                if "attached" not in procs[1].stderr.readline():
                    raise CannotRun("did not attach")
            procs[0].stdin.write("\n")
            procs[0].stdin.flush()
            yield procs[0]
            for proc in procs:
                proc.wait(60)
        except subprocess.TimeoutExpired as e:
            raise CannotRun("did not end within 60 s") from e
        finally:
            for proc in procs:
                proc.kill()
                proc.communicate()


class Floor(Tracer):
    """What whoever is at these tracepoints takes of all processes: programs that do nothing there."""

    @contextlib.contextmanager
    def running(self, argv, tmp):
        with empty_programs().running(), ALONE.running(argv, tmp) as proc:
            yield proc


ALONE = Tracer("none")
FLOOR = Floor("two empty programs")
STRACE = Tracer("strace -f -o FILE", "strace", "-f", "-o", "{}")
STRACE_SUMS = Tracer("strace -c -f", "strace", "-c", "-f", "-o", "{}")
PERF = Tracer("perf trace -o FILE", "perf", "trace", "-o", "{}", "--")
SUMS = Tracer("sonde trace -c -f", SONDE, "trace", "-c", "-f", "-o", "{}", "--")
VIEW = Tracer("sonde trace -f -p, the summary", SONDE, "trace", "-f", attaches=True)
LINES = Tracer("sonde trace --calls -f -o FILE", SONDE, "trace", "--calls", "-f", "-o", "{}", "--")
TRACERS = [FLOOR, STRACE, STRACE_SUMS, PERF, SUMS, VIEW, LINES]
RATIOS = [(SUMS, STRACE_SUMS, 80), (VIEW, STRACE_SUMS, 80), (LINES, STRACE, 50)]


# --- the loads: each gives what one of its operations takes, at best -------------------------------------------------


def least_said(tracer, argv, pattern, tmp):
    with tracer.running(argv, tmp) as proc:
        text = proc.communicate(timeout=120)[0]
    found = [float(x) for x in re.findall(pattern, text, re.M)]
    if not found:
        raise CannotRun(f"the load says: {text.strip()[-200:]}")
    return min(found)


def loop(tracer, tmp):
    return least_said(tracer, [*PINNED, f"{BENCH}/loop", "2000", "20"], r"^([0-9.]+)$", tmp)


def dd(tracer, tmp, count=2000):
    script = f"for n in $(seq 5); do dd if=/dev/zero of=/dev/null bs=1 count={count}; done"
    return least_said(tracer, [*PINNED, "env", "LC_ALL=C", "sh", "-c", script], r"copied, ([0-9.e-]+) s", tmp) * 1e9 / count


def redis(tracer, tmp):
    server, bench, cli = program("redis-server"), program("redis-benchmark"), program("redis-cli")
    port = str(free_port())

    def answers(*what):
        return subprocess.run([cli, "-p", port, *what], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0

    with tracer.running([*SERVER, server, "--bind", "127.0.0.1", "--port", port, "--save", "", "--dir", tmp], tmp) as proc:
        end = time.monotonic() + 30
        while not answers("ping"):
            if proc.poll() is not None or time.monotonic() > end:
                raise CannotRun("redis-server does not start")
            time.sleep(0.05)
        said = [quiet(*LOAD, bench, "-p", port, "-t", "set,get", "-n", "10000", "-q", "--csv") for _ in range(5)]
        answers("shutdown", "nosave")
        proc.communicate(timeout=60)
    rates = [[float(r) for r in re.findall(r'^"[SG]ET","([0-9.]+)"', text, re.M)] for text in said]
    return min(1e6 * sum(1 / r for r in each) / len(each) for each in rates)


def build(tracer, tmp):
    source = os.path.abspath("tests/bench/loop.c")
    script = f"""
        for build in 1 2 3 4 5 6 7 8; do
            begun=${{EPOCHREALTIME/[.,]/}}
            for n in 1 2 3; do gcc -D_GNU_SOURCE -O1 -c -o {tmp}/$n.o {source} || exit; done
            gcc -o {tmp}/loop {tmp}/1.o || exit
            echo $((${{EPOCHREALTIME/[.,]/}} - begun))
        done"""
    return least_said(tracer, ["bash", "-c", script], r"^(\d+)$", tmp) / 1000


LOADS = [
    ("a system call (getppid) in a loop", loop, 2, " ns", "{:,.0f}"),
    ("a byte through dd bs=1, two calls", dd, 1, " ns", "{:,.0f}"),
    ("a request of redis-benchmark, GET and SET over TCP, 50 connections", redis, 1, " µs", "{:.2f}"),
    ("a build: gcc three times, and a link", build, 1, " ms", "{:,.1f}"),
]


def lost_lines(path):
    with contextlib.suppress(FileNotFoundError):
        return sum(int(n.replace(",", "")) for n in re.findall(r"^\.\.\. ([0-9,]+) calls lost", read(path), re.M))
    return 0


def one_round(load, times, failed):
    """{tracer: the best of several runs}, and how many lines of sonde's were lost."""
    got, lost = {}, 0
    for tracer in [ALONE, *TRACERS]:
        if tracer.name in failed:
            continue
        try:
            best = []
            for _ in range(times):
                with tempfile.TemporaryDirectory(dir=TMP) as tmp:
                    best.append(load(tracer, tmp))
                    lost += lost_lines(f"{tmp}/file") if tracer is LINES else 0
            got[tracer.name] = min(best)
        except (CannotRun, subprocess.SubprocessError) as e:
            failed[tracer.name] = str(e)
            say(f"{tracer.name} cannot run here: {e}")
    return got, lost


def slowdown(what, load, times, unit, form):
    rounds, failed, lost = [], {}, 0
    for n in range(ROUNDS):
        got, more = one_round(load, times, failed)
        rounds.append(got)
        lost += more
        say(f"{what}, round {n + 1} of {ROUNDS}: " + ", ".join(f"{k} {v:.2f}" for k, v in got.items()))
        warn_of_others()
    row(f"{what}, alone", [r["none"] for r in rounds if "none" in r], unit, form)
    added = [{k: v - r["none"] for k, v in r.items()} for r in rounds if "none" in r]
    for tracer in TRACERS:
        if tracer.name in failed:
            cannot(f"added by {tracer.name}", failed[tracer.name])
        else:
            note = f" ({lost} lines lost)" if tracer is LINES and lost else ""
            row(f"added by {tracer.name}{note}", [a[tracer.name] for a in added], unit, form.replace("{:", "{:+"))
    for ours, other, part in RATIOS:
        pairs = [(a[other.name], a[ours.name]) for a in added if {ours.name, other.name} <= a.keys()]
        times_row(f"{other.name} / {ours.name}: added", pairs, part)


def times_row(what, pairs, least):
    """How many times the first of a pair is the second. Where the first shows nothing beside the noise, the second cannot either."""
    values = [first / second if second > 0 else float("inf") for first, second in pairs if first > 0]
    if not pairs or len(values) < len(pairs):
        print(f"| {what} | not measured: too much noise | | ≥ {least} | |", flush=True)
        return
    median = statistics.median(values)
    met = "met" if median >= least else "**not met**"
    print(f"| {what} | {median:.0f} | {min(values):.0f} .. {max(values):.0f} | ≥ {least} | {met} |", flush=True)


# --- who is not traced -----------------------------------------------------------------------------------------------


def not_traced():
    other = subprocess.Popen([*ENDS_WITH_THIS, "sleep", "100000"])
    try:
        with tempfile.TemporaryDirectory(dir=TMP) as tmp:
            tools = [
                empty_programs(),
                Tool("sonde trace -c of another process", [SONDE, "trace", "-c", "-f", "-p", str(other.pid)], "^sonde: attached"),
                Tool("sonde trace --calls of another process",
                     [SONDE, "trace", "--calls", "-f", "-o", f"{tmp}/file", "-p", str(other.pid)], "^sonde: attached"),
            ]
            rounds, failed = in_turn("not traced", lambda: float(output_of(*PINNED, f"{BENCH}/loop", "100000", "9")), tools)
    finally:
        other.kill()
        other.wait()
    added = [{k: v - r["none"] for k, v in r.items()} for r in rounds]
    for tool in tools:
        if tool.name in failed:
            cannot(f"added to a getppid by {tool.name}", failed[tool.name])
        else:
            row(f"added to a getppid by {tool.name}", [a[tool.name] for a in added], " ns", "{:+.0f}")
    for tool in tools[1:]:
        values = [a[tool.name] / a[tools[0].name] for a in added if {tool.name, tools[0].name} <= a.keys()]
        row(f"{tool.name} / two empty programs", values, "", "{:.2f}", 1.35)


# --- many calls ------------------------------------------------------------------------------------------------------


def settled(path):
    """Waits until nothing more is written there."""
    size = -1
    while os.path.getsize(path) != size:
        size = os.path.getsize(path)
        time.sleep(0.5)


def many_calls(usec):
    """shown, lost and counted of a call each @usec µs for SECONDS."""
    n = SECONDS * 1000000 // usec
    with tempfile.TemporaryDirectory(dir=TMP) as tmp:
        load = subprocess.Popen([*ENDS_WITH_THIS, f"{WORK}/calls", "--wait", "-n", str(n), "-d", str(usec), "getppid"],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            load.stdout.readline()
            tool = Tool("sonde", [SONDE, "trace", "-e", "getppid", "-C", "-o", f"{tmp}/file", "-p", str(load.pid)], "^sonde: attached")
            with tool.running():
                load.stdin.write("\n")
                load.stdin.flush()
                took = float(re.search(r" ns=(\d+)", load.stdout.readline()).group(1))
                settled(f"{tmp}/file")
        finally:
            load.kill()
            load.communicate()
        shown = int(output_of("grep", "-c", "^getppid()", f"{tmp}/file"))
        counted = int(output_of("awk", '$NF == "getppid" && $1 ~ /^[0-9.]+$/ { print $4 }', f"{tmp}/file"))
        tail = output_of("grep", "-a", "^[.][.][.] .* calls lost", f"{tmp}/file") if shown != counted else ""
        lost = sum(int(x.replace(",", "")) for x in re.findall(r"^\.\.\. ([0-9,]+) calls lost", tail, re.M))
    return shown, lost, counted, n / took * 1e9


def bench_trace():
    for load in LOADS:
        slowdown(*load)
    not_traced()
    shown, lost, counted, rate = many_calls(10)
    row(f"lost of {counted:,} calls, {rate:,.0f} per second for {SECONDS} s, into -o FILE", [lost], limit=0)
    shown, lost, counted, rate = many_calls(2)
    row(f"shown + lost - counted of {counted:,} calls, {rate:,.0f} per second for {SECONDS} s; {lost:,} of them lost",
        [abs(shown + lost - counted)], limit=0)
