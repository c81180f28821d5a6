# SPDX-License-Identifier: GPL-2.0-only
"""Functions of graphite-web for sonde's histograms.

Install as docs/stores.md says, then in local_settings.py: FUNCTION_PLUGINS = ['sonde_histograms'].

Series are buckets as sonde sends them: the last node is the bucket's inclusive upper bound, the one before it its unit
(le_ns, le_bytes), the value is how many samples fell into it; or with tags, the bound is bound_s or bound_bytes. Buckets of
all hosts with the same bound add up, so the answer is that of the fleet. A point that stands for several slots is the
answer for all samples of these slots.
"""
import bisect
import math
import re
from functools import reduce

from graphite.functions import Param, ParamTypes
from graphite.render.datalib import TimeSeries
from graphite.render.functions import aggKey, lcm

STEP = 2 ** 0.25  # from one bound to the next
# What is above the highest bound has this one, and is said to be at the highest.
OPEN = 2 ** 63 - 1
# Of a unit: what one of the answer's is in it (ns become us, as in sonde's own percentiles), and the bounds, which are
# whole numbers, rounded down.
UNITS = {
    "le_ns": (1000.0, [int(2 ** (k / 4) * 1e9) for k in range(-96, 29)]),
    "le_bytes": (1.0, sorted({int(2 ** (k / 4)) for k in range(0, 125)})),
}
LIMITS = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}, {"b": 1, "k": 1024, "m": 1024 ** 2, "g": 1024 ** 3}


class Group:
    """Buckets that are added up: rows is [(bound, values)], ascending."""

    def __init__(self, name, unit):
        self.name, self.unit, self.rows = name, unit, {}

    def add(self, bound, values):
        have = self.rows.setdefault(bound, [0] * len(values))
        for i, value in enumerate(values):
            if value:
                have[i] += value


def _bucket(series):
    """(unit, bound)"""
    try:
        if "bound_s" in series.tags:
            text = series.tags["bound_s"]
            return "le_ns", OPEN if text == "inf" else round(float(text) * 1e9)
        if "bound_bytes" in series.tags:
            text = series.tags["bound_bytes"]
            return "le_bytes", OPEN if text == "inf" else int(text)
        unit, bound = series.name.split(".")[-2:]
        if unit in UNITS:
            return unit, int(bound)
    except ValueError:
        pass
    raise ValueError("histogram functions take buckets, such as sonde.nginx.*.syscalls.read.le_ns.*, not " + series.name)


def _groups(requestContext, seriesList, nodes):
    """(groups, start, end, step): one for each combination of the nodes."""
    if not seriesList:
        return [], 0, 0, 1
    # Hosts may have different intervals. A common step begins at a multiple of itself, as in carbon's archives.
    step = reduce(lcm, [series.step for series in seriesList])
    start = min(series.start for series in seriesList) // step * step
    end = max(series.end for series in seriesList)
    end += (start - end) % step
    groups = {}
    for series in seriesList:
        key = aggKey(series, nodes) if nodes else "all"
        unit, bound = _bucket(series)
        group = groups.setdefault(key, Group(key, unit))
        if group.unit != unit:
            raise ValueError("buckets of times and of sizes do not add up: give nodes that tell them apart")
        group.add(bound, _stretched(series, start, end, step))
    skip, points = _points_per_pixel(requestContext, start, end, step)
    for group in groups.values():
        group.rows = [(bound, _summed(values[skip:], points)) for bound, values in sorted(group.rows.items())]
    return [groups[key] for key in sorted(groups)], start + skip * step, end, step * points


def _stretched(series, start, end, step):
    """Its values from start to end."""
    length = (end - start) // series.step
    if (series.start, series.step, len(series)) == (start, step, length):
        return series
    values = [0] * ((series.start - start) // series.step) + [value or 0 for value in series] + [0] * length
    return _summed(values[:length], step // series.step)


def _points_per_pixel(requestContext, start, end, step):
    """(how many to leave out at the start, how many to add up). What is left out makes the sums those of the same slots
    whenever it is asked, so that a graph does not change with each refresh."""
    most = requestContext.get("maxDataPoints")
    have = (end - start) // step
    if not most or have <= most:
        return 0, 1
    points = -(-have // most)
    return (0 if most == 1 else -(start // step) % points), points


def _summed(values, points):
    if points == 1:
        return values
    return [sum(values[i:i + points]) for i in range(0, len(values), points)]


def _lower(bound):
    return bound / STEP


def _inside(before, count, after, share):
    """Where in a bucket that share of its samples ends, 0 to 1. Their number grows as a cubic between the bounds, on a
    logarithmic scale; at each bound as fast as the harmonic mean of the buckets on both sides, so that it never falls, and
    that a bucket beside an empty one has its samples on the other side."""
    first, last = (2.0 * n / (n + count) for n in (before, after))
    low, high = 0.0, 1.0
    for _ in range(24):
        x = (low + high) / 2
        if x * (first + x * (3 - 2 * first - last + x * (first + last - 2))) < share:
            low = x
        else:
            high = x
    return high


def _place(bounds, bound):
    """Which of the bounds that is; in tags it has six digits."""
    return bisect.bisect_left(bounds, bound * 0.9999)


def _percentile(column, share, bounds):
    """The value below which that share lies; column: [(bound, count)], ascending."""
    rank, below = share * sum(count for _, count in column), 0
    for i, (bound, count) in enumerate(column):
        if count and below + count >= rank:
            if bound == OPEN:
                return bounds[-1]
            at = _place(bounds, bound)
            before = column[i - 1][1] if i and _place(bounds, column[i - 1][0]) == at - 1 else 0
            after = column[i + 1][1] if i + 1 < len(column) and _place(bounds, column[i + 1][0]) == at + 1 else 0
            return _lower(bound) * STEP ** _inside(before, count, after, (rank - below) / count)
        below += count
    return None


def _share(column, limit):
    total = sum(count for _, count in column)
    if not total:
        return None
    inside = 0.0
    for bound, count in column:
        if bound <= limit:
            inside += count
        elif _lower(bound) < limit and bound != OPEN:
            # Only here is it an estimate: the limit is no bound.
            inside += count * math.log(limit / _lower(bound)) / math.log(STEP)
    return 100.0 * inside / total


def _series(name, start, end, step, values, consolidate):
    return TimeSeries(name, start, end, step, values, consolidate=consolidate, xFilesFactor=0)


def _answers(requestContext, seriesList, nodes, label, answer):
    """A series of each group; answer(unit, column) makes a point."""
    groups, start, end, step = _groups(requestContext, seriesList, nodes)
    result = []
    for group in groups:
        bounds = [bound for bound, _ in group.rows]
        columns = zip(*[values for _, values in group.rows])
        values = [answer(group.unit, list(zip(bounds, counts))) for counts in columns]
        result.append(_series("%s(%s)" % (label, group.name), start, end, step, values, "max"))
    return result


def histogramPercentile(requestContext, seriesList, percentile, *nodes):
    """
    The percentile of all samples in the buckets, in us for times and in bytes for sizes; with nodes (or tags), one series for
    each of their combinations.

    .. code-block:: none

      &target=histogramPercentile(sonde.nginx.*.syscalls.read.le_ns.*,99)
      &target=histogramPercentile(sonde.*.*.syscalls._all.le_ns.*,99,1)
    """
    if not 0 < percentile <= 100:
        raise ValueError("a percentile is above 0 and at most 100")

    def answer(unit, column):
        scale, bounds = UNITS[unit]
        value = _percentile(column, percentile / 100.0, bounds)
        return None if value is None else value / scale

    return _answers(requestContext, seriesList, nodes, "p%g" % percentile, answer)


def _limit_of(text):
    """(unit, bound)"""
    number, unit = re.match(r"^ *([0-9]*\.?[0-9]*) *(.*?) *$", str(text)).groups()
    for name, units in zip(UNITS, LIMITS):
        if unit.lower() in units and number.strip("."):
            return name, float(number) * units[unit.lower()]
    raise ValueError("a limit is a number with a unit, such as 10ms, 1s, 512b or 64k, not %r" % text)


def histogramShare(requestContext, seriesList, limit, *nodes):
    """
    How many percent of all samples were at or below a limit: exact if it is a bucket's bound (1s, 500ms, 250ms, 125ms, ... or
    a bound as it is in the name, 420448207ns), else interpolated in its bucket.

    .. code-block:: none

      &target=histogramShare(sonde.shop.*.tcp.connect.le_ns.*,'250ms')
    """
    wanted, bound = _limit_of(limit)

    def answer(unit, column):
        if unit != wanted:
            raise ValueError("%s is no limit of what %s.* counts" % (limit, unit))
        return _share(column, bound)

    return _answers(requestContext, seriesList, nodes, "share%s" % limit, answer)


def histogramBuckets(requestContext, seriesList):
    """
    The samples of each bucket, for a heat map: from the lowest bucket that has any to the highest, none left out, named by its
    bound. Points that stand for several slots are sums.

    .. code-block:: none

      &target=histogramBuckets(sonde.nginx.*.syscalls.read.le_ns.*)
    """
    groups, start, end, step = _groups(requestContext, seriesList, ())
    result = []
    for group in groups:
        rows = {bound: values for bound, values in group.rows if any(values)}
        if not rows:
            continue
        between = [bound for bound in UNITS[group.unit][1] if min(rows) < bound < max(rows)]
        none = [0] * max(map(len, rows.values()))
        result = [_series(str(bound), start, end, step, rows.get(bound, none), "sum") for bound in sorted({*rows, *between})]
    return result


for function in (histogramPercentile, histogramShare, histogramBuckets):
    function.group = "Sonde"
histogramPercentile.params = [
    Param("seriesList", ParamTypes.seriesList, required=True),
    Param("percentile", ParamTypes.float, required=True),
    Param("nodes", ParamTypes.nodeOrTag, multiple=True),
]
histogramShare.params = [
    Param("seriesList", ParamTypes.seriesList, required=True),
    Param("limit", ParamTypes.string, required=True),
    Param("nodes", ParamTypes.nodeOrTag, multiple=True),
]
histogramBuckets.params = [Param("seriesList", ParamTypes.seriesList, required=True)]

SeriesFunctions = {
    "histogramPercentile": histogramPercentile,
    "histogramShare": histogramShare,
    "histogramBuckets": histogramBuckets,
}
