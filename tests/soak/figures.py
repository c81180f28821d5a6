# SPDX-License-Identifier: GPL-2.0-only
"""What scripts/test-soak measures of a run, and what it makes of it."""
import collections
import glob
import json
import os
import re
import subprocess
import threading
import time

from programs import HOST

# Per hour, and as much as a figure may differ between the ends of the second half without meaning anything: an hour's slope of
# a few minutes is mostly noise.
LIMITS = {
    "RSS, KiB": (1024, 2048),
    "descriptors": (1, 3),
    "threads": (0.5, 2),
    "map entries": (100, 500),
    "CPU, % of one": (0.5, 1),
}
TICKS = os.sysconf("SC_CLK_TCK")


class Pulse(threading.Thread):
    """Notes when the whole machine stood still, as virtual ones do when their host takes them off its CPUs: [(from, to)] in s of the wall."""

    LONGEST = 1.5

    def __init__(self):
        super().__init__(daemon=True)
        self.pauses = []
        self.start()

    def run(self):
        last = time.time()
        while True:
            time.sleep(0.1)
            now = time.time()
            if now - last > self.LONGEST:
                self.pauses.append((last, now))
            last = now

    def between(self, begin, end):
        """Whether it stood still some time in between."""
        return any(paused < end and resumed > begin for paused, resumed in self.pauses)


def map_ids(pid):
    ids = set()
    for name in glob.glob(f"/proc/{pid}/fdinfo/*"):
        try:
            with open(name, encoding="ascii") as f:
                text = f.read()
        except OSError:
            continue
        kind, number = re.search(r"^map_type:\s*(\d+)", text, re.M), re.search(r"^map_id:\s*(\d+)", text, re.M)
        # Hashes. Arrays are always full, and those that forget what was not used (LRU) are full some time.
        if kind and number and int(kind[1]) in (1, 5):
            ids.add(int(number[1]))
    return ids


def bpftool(*argv):
    # Quickly, since programs can be refused meanwhile.
    said = subprocess.run(["chrt", "-f", "1", "bpftool", "-j", "map", *argv], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout
    return json.loads(said or "[]")


def map_entries(pid):
    """{name: entries} of its hashes."""
    entries = {}
    for number in sorted(map_ids(pid)):
        about = bpftool("show", "id", str(number))
        if about:
            entries[f"{about['name']}.{number}"] = len(bpftool("dump", "id", str(number)))
    return entries


class Sampler:
    """Figures of a process, as {name: [(s, value)]}; @log gets the entries map by map."""

    def __init__(self, pid, log):
        self.pid, self.log, self.series, self.last = pid, log, collections.defaultdict(list), None

    def sample(self, now):
        with open(f"/proc/{self.pid}/status", encoding="ascii") as f:
            status = dict(line.split(":", 1) for line in f)
        with open(f"/proc/{self.pid}/stat", encoding="ascii") as f:
            fields = f.read().rsplit(")", 1)[1].split()
        ticks = int(fields[11]) + int(fields[12])
        add = lambda name, value: self.series[name].append((now, value))
        add("RSS, KiB", int(status["VmRSS"].split()[0]))
        add("threads", int(status["Threads"]))
        add("descriptors", len(os.listdir(f"/proc/{self.pid}/fd")))
        entries = map_entries(self.pid)
        add("map entries", sum(entries.values()))
        with open(self.log, "a", encoding="ascii") as log:
            log.write(f"{now:.0f} {entries}\n")
        if self.last:
            add("CPU, % of one", 100 * (ticks - self.last[1]) / TICKS / (now - self.last[0]))
        self.last = now, ticks

    def line(self):
        return ", ".join(f"{name} {points[-1][1]:.4g}" for name, points in self.series.items())


def slope(points):
    """By least squares, per second."""
    n = len(points)
    x0, y0 = sum(x for x, _ in points) / n, sum(y for _, y in points) / n
    spread = sum((x - x0) ** 2 for x, _ in points)
    return sum((x - x0) * (y - y0) for x, y in points) / spread if spread else 0


def judge_slopes(series, verdict):
    print(f"\n{'figure':16}{'first':>10}{'last':>10}{'highest':>10}{'per hour':>12}{'limit':>8}")
    for name, (limit, noise) in LIMITS.items():
        points = series[name][len(series[name]) // 2:]
        if len(points) < 3:
            verdict(False, f"{name}: only {len(points)} samples in the second half")
            continue
        per_s = slope(points)
        growth = per_s * (points[-1][0] - points[0][0])
        print(f"{name:16}{series[name][0][1]:10.6g}{points[-1][1]:10.6g}{max(v for _, v in series[name]):10.6g}{per_s * 3600:12.4g}{limit:8g}")
        verdict(per_s * 3600 <= limit or growth <= noise, f"{name}: {per_s * 3600:.4g} per hour, by {growth:.4g} in the second half")


# --- totals ----------------------------------------------------------------------------------------------------------


def read_slots(path):
    """Of all files into which the output was rotated, the oldest first."""
    names = sorted(glob.glob(f"{path}.[0-9]*"), key=lambda name: -int(name.rsplit(".", 1)[1])) + [path]
    for name in names:
        with open(name, encoding="ascii") as f:
            yield from map(json.loads, f)


def by_service(name):
    """The service of the totals: what one load has made in many of them is one."""
    return "many" if name == "_other" or re.fullmatch(r"many\d+", name) else name


def json_totals(slots):
    totals = collections.Counter()
    for slot in slots:
        for service, sets in slot["services"].items():
            for group, ops in sets.items():
                for op, stats in ops.items():
                    totals[by_service(service), group, op] += stats.get("count", 0)
    return totals


def line_totals(path):
    """What ledger and statsd have printed: NAME=SUM."""
    totals, others = collections.Counter(), {}
    with open(path, encoding="ascii") as f:
        for line in f:
            name, _, value = line.strip().partition("=")
            found = re.fullmatch(rf"sonde\.([^.]+)\.{HOST}\.([^.]+)\.([^.]+)\.count", name)
            if found and value:
                totals[by_service(found[1]), found[2], found[3]] += int(float(value))
            elif value.isdigit():
                others[name] = int(value)
    return totals, others


def prometheus_totals(text):
    totals = collections.Counter()
    for group, labels, value in re.findall(r"^sonde_([a-z]+)_latency_seconds_count\{(.*?)\} (\S+)$", text, re.M):
        labels = dict(re.findall(r'(\w+)="([^"]*)"', labels))
        totals[by_service(labels["service"]), group, labels["op"]] += int(float(value))
    return totals


def judge_totals(made, counted, verdict):
    """@counted: {where: totals}; of `many` Prometheus may have forgotten some."""
    print(f"\n{'made':42}{'':>12}" + "".join(f"{where:>12}" for where in counted))
    for key in sorted(made):
        want = made[key]
        got = {where: totals[key] for where, totals in counted.items() if (where, key[0]) != ("Prometheus", "many")}
        print(f"{'.'.join(key):42}{want:12}" + "".join(f"{got.get(where, '-'):>12}" for where in counted))
        wrong = [f"{where} has {n}" for where, n in got.items() if n != want]
        verdict(not wrong, f"{'.'.join(key)}: {want} were made" + "".join(f", {text}" for text in wrong))


def judge_slots(slots, interval, pulse, verdict):
    """All of them are there, but for those of moments at which there was no machine."""
    missed = 0
    for slot, later in zip(slots, slots[1:]):
        step = later["slot"] - slot["slot"]
        if step != interval:
            missed += step // interval - 1
            verdict(step % interval == 0 and pulse.between(slot["slot"] + interval - pulse.LONGEST, later["slot"] + interval),
                    f"slots {slot['slot']} and {later['slot']} follow each other")
    for paused, resumed in pulse.pauses:
        print(f"the machine stood still for {resumed - paused:.1f} s at {paused:.0f}")
    overruns = slots[-1]["self"]["run"]["overruns"]
    verdict(overruns == missed, f"{len(slots)} slots; missed: {overruns}, of which the machine stood still in {missed}")


def judge_self(last, verdict):
    # Some kernels do not tell of every block request that ends.
    print(f"block requests that ended unseen: {last['lost']['completion']} of {last['block']['events']} events")
    lost = {name: n for name, n in last["lost"].items() if n and name not in ("unstarted", "completion")}
    dropped = {name: f["dropped_slots"] for name, f in last.items() if f.get("dropped_slots")}
    verdict(not lost, f"lost: {lost or 'nothing'}")
    verdict(not dropped, f"slots dropped: {dropped or 'none'}")
    verdict(not any(last["budget"].values()), f"folded: {last['budget']}")
