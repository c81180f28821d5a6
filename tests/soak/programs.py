# SPDX-License-Identifier: GPL-2.0-only
"""What scripts/test-soak starts: sonde with all that it can do, receivers, those who look, and loads that know their exact totals."""
import collections
import os
import random
import re
import signal
import subprocess
import threading
import time
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SONDE = os.path.abspath(os.environ.get("SONDE") or f"{ROOT}/sonde")
WORK = os.path.abspath(os.environ.get("WORK") or f"{ROOT}/.output/work")
INTERVAL = 5
PROMETHEUS, GRAPHITE, STATSD = 9435, 2003, 8125
HOST = "soak"
# Not left behind whatever happens to the script.
ENDS_WITH_THIS = ["setpriv", "--pdeathsig", "KILL"]


class Failed(Exception):
    """Something that was started does not do what it should; the text says what."""


def cgroup_root():
    with open("/proc/self/mountinfo", encoding="utf-8") as lines:
        for line in lines:
            fields = line.split()
            if fields[fields.index("-") + 1] == "cgroup2":
                return fields[4]
    raise Failed("no cgroup2 is mounted")


class Programs:
    """All that was started, in a directory for what they say; `end` ends what is left, and nothing else."""

    def __init__(self, directory):
        self.dir, self.running, self.cgroups = directory, [], []

    def path(self, name):
        return os.path.join(self.dir, name)

    def start(self, name, *argv, stdin=subprocess.DEVNULL):
        with open(self.path(f"{name}.out"), "ab") as out, open(self.path(f"{name}.err"), "ab") as err:
            proc = subprocess.Popen([*ENDS_WITH_THIS, *argv], stdin=stdin, stdout=out, stderr=err)
        self.running.append(proc)
        return proc

    def wait(self, proc, seconds, what):
        try:
            status = proc.wait(seconds)
        except subprocess.TimeoutExpired as e:
            raise Failed(f"{what} does not end within {seconds} s") from e
        self.running.remove(proc)
        return status

    def stop(self, proc, sig, seconds, what):
        proc.send_signal(sig)
        return self.wait(proc, seconds, what)

    def said(self, name, pattern, seconds, proc):
        """Waits until that program has said it."""
        end = time.monotonic() + seconds
        while True:
            with open(self.path(name), encoding="utf-8", errors="replace") as f:
                if found := re.search(pattern, f.read(), re.M):
                    return found
            if time.monotonic() > end or proc.poll() is not None:
                raise Failed(f"{name} does not say {pattern}")
            time.sleep(0.1)

    def cgroup(self, name):
        path = f"{cgroup_root()}/{name}"
        if not os.path.isdir(path):
            os.mkdir(path)
            self.cgroups.append(path)
        return path

    def end(self):
        for proc in reversed(self.running):
            if proc.poll() is None:
                proc.send_signal(signal.SIGCONT)
                proc.terminate()
                try:
                    proc.wait(5)
                except subprocess.TimeoutExpired:
                    proc.kill()
                    proc.wait()
        for path in reversed(self.cgroups):
            for _ in range(50):
                try:
                    os.rmdir(path)
                    break
                except OSError:
                    time.sleep(0.1)


# --- sonde and its receivers -----------------------------------------------------------------------------------------

# Each load has a service, but for `many`, which makes more than there are names for; all else is one. With more names the
# histograms would not do for them, and it would not be known which calls the rest made.
RULES = ["soak-NAME=cgroup:^/sondetest-soak-NAME(/|$)".replace("NAME", name) for name in ("calls", "forks", "jobs", "net")]
MANY = "sondetest-soak-many"
RULES.append("elsewhere=cgroup:^/(" + "|".join(f"{MANY[:i]}([^{c}]|$)" for i, c in enumerate(MANY)) + ")")


def write_config(p, odd):
    """The configuration; every other time with a rule more, other statistics and more said, which a reload takes over."""
    with open(p.path("sonde.conf"), "w", encoding="ascii") as f:
        f.write(f"interval = {INTERVAL}\nprobes = all\nhost = {HOST}\nconfine = true\nmax-series = 50000\nnew-series = 0\nmax-services = 40\n"
                f"graphite = 127.0.0.1:{GRAPHITE}\nstatsd = 127.0.0.1:{STATSD}\nprometheus = {PROMETHEUS}\n"
                f"output = json:{p.path('slots')}\noutput-size = 8M\noutput-keep = 100\n"
                f"spool = {p.path('spool')}\nsocket = {p.path('sock')}\nslo = read:10ms\n")
        for rule in RULES:
            f.write(f"service = {rule}\n")
        f.write("service = nobody=cgroup:^/sondetest-soak-nobody\nstats = buckets\nverbose = true\n" if odd else "stats = buckets,percentiles\n")


def start_sonde(p):
    write_config(p, False)
    sonde = p.start("sonde", SONDE, "run", "--config", p.path("sonde.conf"))
    p.said("sonde.err", "^sonde: attached", 60, sonde)
    # As a service manager would, whatever this was started with.
    os.setpriority(os.PRIO_PROCESS, sonde.pid, 0)
    for tid in os.listdir(f"/proc/{sonde.pid}/task"):
        os.setpriority(os.PRIO_PROCESS, int(tid), 0)
    return sonde


def start_receivers(p):
    names = r"\.(soak-[a-z]+|many\d*|_other)\.soak\."
    ledger = p.start("ledger", f"{ROOT}/tests/carbon/ledger", str(GRAPHITE), names + r".*\.count$")
    statsd = p.start("statsd", f"{ROOT}/tests/carbon/statsd", str(STATSD))
    p.said("ledger.out", "listening", 20, ledger)
    p.said("statsd.out", "listening", 20, statsd)
    return ledger, statsd


def scrape():
    with urllib.request.urlopen(f"http://127.0.0.1:{PROMETHEUS}/metrics", timeout=20) as answer:
        return answer.read().decode("ascii")


# --- the loads -------------------------------------------------------------------------------------------------------


class Load(threading.Thread):
    """Rounds of a load, until `ending` is set; `made` counts what it did, by (service, set, operation)."""

    def __init__(self, p, name, work, pause):
        super().__init__(daemon=True)
        self.p, self.load, self.work, self.pause = p, name, work, pause
        self.ending, self.made, self.failure = threading.Event(), collections.Counter(), None
        self.cgroup = p.cgroup(f"sondetest-soak-{name}")
        self.random = random.Random(1)

    def run(self):
        try:
            while not self.ending.is_set():
                self.work(self)
                self.ending.wait(self.pause)
        except (OSError, subprocess.SubprocessError, Failed) as e:
            self.failure = f"{self.load}: {e}"

    def program(self, *argv):
        """Runs a program in the load's cgroup and returns what it said last, as {word: number}."""
        done = subprocess.run([*ENDS_WITH_THIS, f"{WORK}/cgexec", self.cgroup, *argv], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              timeout=300, check=True, text=True)
        return {key: int(value) for key, value in re.findall(r"(\w+)=(\d+)", done.stdout)}

    def add(self, group, op, n):
        self.made[f"soak-{self.load}", group, op] += n


def calls(load):
    for call, n in (("getppid", 5000), ("read", 3000), ("openat-fail", 200)):
        said = load.program(f"{WORK}/calls", "-t", "2", "-n", str(n), call)
        if call != "openat-fail":
            load.add("syscalls", call, said["calls"])


def forks(load):
    said = load.program(f"{WORK}/storm", "-v", "-n", "200", "-R", "200", "-k", "5", "-j", "4")
    load.add("syscalls", "getppid", said["calls"])
    load.add("syscalls", "vfork", said["processes"])


def jobs(load, n=20, pattern="job-%d.scope"):
    said = subprocess.run([*ENDS_WITH_THIS, f"{WORK}/cgstorm", "-c", "-R", "20", "-p", pattern, load.cgroup, str(n), f"{WORK}/short", "-n", "7", "-q"],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=300, check=True, text=True).stdout
    n = 7 * int(re.search(r"cgroups=(\d+)", said)[1])
    load.made["soak-jobs" if load.load == "jobs" else "many", "syscalls", "getppid"] += n


def many(load):
    # 60 names, more than can be services at a time, each away for long enough to lose its number, and yet all of them seen within
    # minutes: what is remembered by name grows until then. Cgroups do not come again.
    jobs(load, 6, f"many{load.random.randrange(10)}%d.service")


def net(load):
    server = subprocess.Popen([*ENDS_WITH_THIS, f"{WORK}/cgexec", load.cgroup, f"{WORK}/tcpwork", "server", "-n", "30"],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    with server:
        port = re.search(r"port=(\d+)", server.stdout.readline())[1]
        said = load.program(f"{WORK}/tcpwork", "client", "-p", port, "-n", "30", "-B", "1000", "-c", "100", "-r")
        server.wait(60)
    load.add("tcp", "connect", said["connects"])
    load.add("tcp", "accept_wait", said["connects"])
    # Of both ends, of which one has what the other has sent.
    load.add("tcp", "lifetime", 2 * said["connects"])
    refused = load.program(f"{WORK}/tcpwork", "client", "-p", "1", "-n", "5")
    load.add("tcp", "connect", refused["ECONNREFUSED"])


def loads(p):
    return [Load(p, "calls", calls, 1), Load(p, "forks", forks, 1), Load(p, "jobs", jobs, 2), Load(p, "many", many, 3), Load(p, "net", net, 1)]
