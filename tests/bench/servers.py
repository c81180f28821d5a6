# SPDX-License-Identifier: GPL-2.0-only
"""The part servers of scripts/bench: what real servers lose of their throughput. The server has one CPU, its load the others."""
import contextlib
import functools
import glob
import os
import re
import resource
import shutil
import subprocess
import tempfile
import time

from measure import CPUS, ENDS_WITH_THIS, CannotRun, cannot, empty_programs, free_port, in_turn, row, sonde

SERVER = ["taskset", "-c", str(CPUS - 1)]
LOAD = ["taskset", "-c", f"0-{max(CPUS - 2, 0)}"]
POSTGRES = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups"]


def program(name):
    found = shutil.which(name) or next(iter(glob.glob(f"/usr/lib/postgresql/*/bin/{name}")), None)
    if not found:
        raise CannotRun(f"{name} is not installed")
    return found


def quiet(*argv):
    """What it says, from a directory that everybody may enter."""
    return subprocess.run(argv, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd="/").stdout


class Load(float):
    """What was done per second; .cpu_us is what each took of all CPUs, at the server and at its client."""


def cpu_s(pid):
    """Of a process and of its children that have ended."""
    with open(f"/proc/{pid}/stat") as f:
        ticks = f.read().rpartition(") ")[2].split()[11:15]
    client = resource.getrusage(resource.RUSAGE_CHILDREN)
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK") + client.ru_utime + client.ru_stime


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as f:
        return set(f.read().split())


@contextlib.contextmanager
def running(argv, is_up):
    """Gives the process."""
    proc = subprocess.Popen([*ENDS_WITH_THIS, *SERVER, *argv], stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
    try:
        end = time.monotonic() + 30
        while not is_up():
            if proc.poll() is not None or time.monotonic() > end:
                raise CannotRun(f"{os.path.basename(argv[-1])} does not start")
            time.sleep(0.05)
        yield proc
    finally:
        proc.terminate()
        proc.wait(30)


@contextlib.contextmanager
def redis():
    """GET and SET over TCP, 50 connections: gives a function of how many requests a client sends at once."""
    server, bench, cli = program("redis-server"), program("redis-benchmark"), program("redis-cli")
    port = str(free_port())

    def is_up():
        return subprocess.run([cli, "-p", port, "ping"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              check=False).returncode == 0

    def once(proc, pipeline):
        n = 50000 * pipeline
        cpu = cpu_s(proc.pid)
        said = quiet(*LOAD, bench, "-p", port, "-t", "set,get", "-n", str(n), "-P", str(pipeline), "-q", "--csv")
        rates = [float(r) for r in re.findall(r'^"[SG]ET","([0-9.]+)"', said, re.M)]
        load = Load(len(rates) / sum(1 / r for r in rates))
        load.cpu_us = (cpu_s(proc.pid) - cpu) * 1e6 / (2 * n)
        return load

    with tempfile.TemporaryDirectory() as tmp, running(
            [server, "--bind", "127.0.0.1", "--port", port, "--save", "", "--dir", tmp], is_up) as proc:
        yield lambda pipeline: once(proc, pipeline)


@contextlib.contextmanager
def postgres():
    """Gives two functions: prepared selects from memory by four clients, and the standard transaction, which commits."""
    initdb, server, bench, ready = (program(p) for p in ("initdb", "postgres", "pgbench", "pg_isready"))
    port = str(free_port())

    def load(proc, *args):
        cpu, before = cpu_s(proc.pid), children(proc.pid)
        said = quiet(*LOAD, *POSTGRES, bench, "-h", "127.0.0.1", "-p", port, "-c", "4", "-j", "2", "-n", "-T", "3",
                     *args, "postgres")
        load = Load(re.search(r"^tps = ([0-9.]+)", said, re.M).group(1))
        end = time.monotonic() + 10
        # Those that have served it count when they have ended.
        while children(proc.pid) - before and time.monotonic() < end:
            time.sleep(0.01)
        load.cpu_us = (cpu_s(proc.pid) - cpu) * 1e6 / int(re.search(r"actually processed: (\d+)", said).group(1))
        return load

    def is_up():
        return subprocess.run([ready, "-q", "-h", "127.0.0.1", "-p", port], check=False).returncode == 0

    # On a disk, where /tmp may be none.
    with tempfile.TemporaryDirectory(dir="/var/tmp") as tmp:
        shutil.chown(tmp, "postgres", "postgres")
        quiet(*POSTGRES, initdb, "-N", "-A", "trust", "-D", f"{tmp}/data")
        with running([*POSTGRES, server, "-k", tmp, "-c", "listen_addresses=127.0.0.1", "-p", port, "-c",
                      "shared_buffers=64MB", "-D", f"{tmp}/data"], is_up) as proc:
            quiet(*POSTGRES, bench, "-h", "127.0.0.1", "-p", port, "-q", "-i", "-s", "2", "postgres")
            yield (lambda: load(proc, "-S", "-M", "prepared")), (lambda: load(proc))


def lost_throughput(what, once, service):
    # What sees each call pays at least what a program that does nothing at its entry and one at its exit cost.
    floor = empty_programs()
    tool = sonde("sonde run --probes all", "--probes", "all",
                 counted=rf"\.{service}\.[^.]*\.time\.runq\.count [1-9]")
    once()
    rounds, failed = in_turn(what, lambda: max(once() for _ in range(2)), [floor, tool])
    row(f"{what}: per second, alone", [r["none"] for r in rounds], "", "{:,.0f}")
    row("CPU time of each, server and client, alone", [r["none"].cpu_us for r in rounds], " µs", "{:.1f}")
    for beside in floor, tool:
        if beside.name in failed:
            cannot(f"{what}, with {beside.name}", failed[beside.name])
            continue
        row(f"lost of that with {beside.name}", [100 * (1 - r[beside.name] / r["none"]) for r in rounds], " %", "{:.1f}",
            limit=5 if beside is tool else None, below=True)
        row(f"CPU time added by {beside.name}", [100 * (r[beside.name].cpu_us / r["none"].cpu_us - 1) for r in rounds],
            " %", "{:.1f}")


def bench_servers():
    with redis() as once:
        for pipeline in 1, 16:
            lost_throughput(f"redis-benchmark, GET and SET over TCP, 50 connections, {pipeline} at once",
                            functools.partial(once, pipeline), "redis-server")
    with postgres() as (select, transaction):
        lost_throughput("pgbench, prepared selects, 4 clients", select, "postgres")
        lost_throughput("pgbench, its transactions, 4 clients", transaction, "postgres")
