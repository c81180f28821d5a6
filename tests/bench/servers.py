# SPDX-License-Identifier: GPL-2.0-only
"""The part servers of scripts/bench: what real servers lose of their throughput. The server has one CPU, its load the others."""
import contextlib
import glob
import os
import re
import shutil
import subprocess
import tempfile
import time

from measure import CPUS, ENDS_WITH_THIS, CannotRun, cannot, free_port, in_turn, row, sonde

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


@contextlib.contextmanager
def running(argv, is_up):
    proc = subprocess.Popen([*ENDS_WITH_THIS, *SERVER, *argv], stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
    try:
        end = time.monotonic() + 30
        while not is_up():
            if proc.poll() is not None or time.monotonic() > end:
                raise CannotRun(f"{os.path.basename(argv[-1])} does not start")
            time.sleep(0.05)
        yield
    finally:
        proc.terminate()
        proc.wait(30)


@contextlib.contextmanager
def redis():
    """GET and SET over TCP, 50 connections."""
    server, bench, cli = program("redis-server"), program("redis-benchmark"), program("redis-cli")
    port = str(free_port())

    def is_up():
        return subprocess.run([cli, "-p", port, "ping"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              check=False).returncode == 0

    def once():
        said = quiet(*LOAD, bench, "-p", port, "-t", "set,get", "-n", "100000", "-q", "--csv")
        rates = [float(r) for r in re.findall(r'^"[SG]ET","([0-9.]+)"', said, re.M)]
        return len(rates) / sum(1 / r for r in rates)

    with tempfile.TemporaryDirectory() as tmp, running(
            [server, "--bind", "127.0.0.1", "--port", port, "--save", "", "--dir", tmp], is_up):
        yield once


@contextlib.contextmanager
def postgres():
    """Gives two functions: prepared selects from memory by four clients, and the standard transaction, which commits."""
    initdb, server, bench, ready = (program(p) for p in ("initdb", "postgres", "pgbench", "pg_isready"))
    port = str(free_port())

    def load(*args):
        said = quiet(*LOAD, *POSTGRES, bench, "-h", "127.0.0.1", "-p", port, "-c", "4", "-j", "2", "-n", *args,
                         "postgres")
        return float(re.search(r"^tps = ([0-9.]+)", said, re.M).group(1))

    def is_up():
        return subprocess.run([ready, "-q", "-h", "127.0.0.1", "-p", port], check=False).returncode == 0

    # On a disk, where /tmp may be none.
    with tempfile.TemporaryDirectory(dir="/var/tmp") as tmp:
        shutil.chown(tmp, "postgres", "postgres")
        quiet(*POSTGRES, initdb, "-N", "-A", "trust", "-D", f"{tmp}/data")
        with running([*POSTGRES, server, "-k", tmp, "-c", "listen_addresses=127.0.0.1", "-p", port, "-c",
                      "shared_buffers=64MB", "-D", f"{tmp}/data"], is_up):
            quiet(*POSTGRES, bench, "-h", "127.0.0.1", "-p", port, "-q", "-i", "-s", "2", "postgres")
            yield (lambda: load("-S", "-M", "prepared", "-T", "3")), (lambda: load("-T", "3"))


def lost_throughput(what, once, service):
    tool = sonde("sonde run --probes all", "--probes", "all",
                 counted=rf"\.{service}\.[^.]*\.time\.runq\.count [1-9]")
    once()
    rounds, failed = in_turn(what, lambda: max(once() for _ in range(2)), [tool])
    for reason in failed.values():
        cannot(f"{what}, with {tool.name}", reason)
    if not failed:
        row(f"{what}: per second, alone", [r["none"] for r in rounds], "", "{:,.0f}")
        row(f"lost of that with {tool.name}", [100 * (1 - r[tool.name] / r["none"]) for r in rounds], " %", "{:.1f}",
            limit=5, below=True)


def bench_servers():
    with redis() as once:
        lost_throughput("redis-benchmark, GET and SET over TCP, 50 connections", once, "redis-server")
    with postgres() as (select, transaction):
        lost_throughput("pgbench, prepared selects, 4 clients", select, "postgres")
        lost_throughput("pgbench, its transactions, 4 clients", transaction, "postgres")
