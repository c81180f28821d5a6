# SPDX-License-Identifier: GPL-2.0-only
"""Functions of graphite-web for sonde's histograms.

Install as docs/stores.md says, then in local_settings.py: FUNCTION_PLUGINS = ['sonde_histograms'].

Series are buckets as sonde sends them: the last node is the bucket's inclusive upper bound, the one before it its unit
(le_ns, le_bytes), the value is how many samples fell into it. Buckets of all hosts with the same bound add up, so the
answer is that of the fleet. A point that is drawn for several slots is the answer for all samples of these slots.
"""
import math
import re

from graphite.functions import Param, ParamTypes
from graphite.render.datalib import TimeSeries
from graphite.render.functions import normalize

STEP = 2 ** 0.25  # from one bound to the next
ENDLESS = 2 ** 62  # the last bucket's bound is above that: it has none
UNITS = {"": 1, "ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9, "k": 1024, "m": 1024 ** 2, "g": 1024 ** 3}


def _bound_of(series):
    """(bound, what one unit of the result is in it): ns become us, as in sonde's own percentiles."""
    nodes = series.name.split(";")[0].split(".")
    try:
        return int(nodes[-1]), 1000.0 if nodes[-2] == "le_ns" else 1.0
    except (IndexError, ValueError):
        raise ValueError("histogram functions take buckets, such as sonde.nginx.*.syscalls.read.le_ns.*, not " + series.name)


def _groups(requestContext, seriesList, nodes):
    """[(name, scale, start, end, step, [(bound, values)])], one for each combination of the nodes."""
    for series in seriesList:
        series.consolidationFunc = "sum"
    (seriesList, start, end, step) = normalize([seriesList])
    groups = {}
    for series in seriesList:
        parts = series.name.split(".")
        key = ".".join(parts[node] for node in nodes) if nodes else "all"
        bound, scale = _bound_of(series)
        group = groups.setdefault(key, (scale, {}))
        if group[0] != scale:
            raise ValueError("buckets of times and of sizes do not add up: give nodes that tell them apart")
        have = group[1].get(bound)
        if have is None:
            group[1][bound] = [value or 0 for value in series]
        else:
            for i, value in enumerate(series):
                if value:
                    have[i] += value
    points = _points_per_pixel(requestContext, start, end, step)
    result = []
    for key in sorted(groups):
        scale, buckets = groups[key]
        rows = [(bound, _summed(buckets[bound], points)) for bound in sorted(buckets)]
        result.append((key, scale, start, end, step * points, rows))
    return result


def _points_per_pixel(requestContext, start, end, step):
    most = requestContext.get("maxDataPoints")
    have = (end - start) // step if step else 0
    return -(-have // most) if most and have > most else 1


def _summed(values, points):
    if points == 1:
        return values
    return [sum(values[i:i + points]) for i in range(0, len(values), points)]


def _lower(bound):
    return bound / STEP


def _percentile(column, share):
    """The value below which that share lies; column: [(bound, count)], ascending. Inside a bucket samples are taken to lie
    evenly on a logarithmic scale."""
    total = sum(count for _, count in column)
    if not total:
        return None
    rank, below = share * total, 0
    for bound, count in column:
        if count and below + count >= rank:
            if bound > ENDLESS:
                return 2.0 ** 7 * 1e9
            return _lower(bound) * STEP ** max(0.0, (rank - below) / count)
        below += count
    return float(column[-1][0])


def _share(column, limit):
    total = sum(count for _, count in column)
    if not total:
        return None
    inside = 0.0
    for bound, count in column:
        if bound <= limit:
            inside += count
        elif _lower(bound) < limit and bound <= ENDLESS:
            # Only here is it an estimate: the limit is no bound.
            inside += count * math.log(limit / _lower(bound)) / math.log(STEP)
    return 100.0 * inside / total


def _series(requestContext, label, group, answer):
    key, _, start, end, step, rows = group
    columns = zip(*[values for _, values in rows]) if rows else []
    bounds = [bound for bound, _ in rows]
    values = [answer(list(zip(bounds, counts))) for counts in columns]
    name = label % key
    series = TimeSeries(name, start, end, step, values, consolidate="max", xFilesFactor=0)
    series.pathExpression = name
    return series


def histogramPercentile(requestContext, seriesList, percentile, *nodes):
    """
    The percentile of all samples in the buckets, in us for times and in bytes for sizes; with nodes, one series for each of
    their combinations.

    .. code-block:: none

      &target=histogramPercentile(sonde.nginx.*.syscalls.read.le_ns.*,99)
      &target=histogramPercentile(sonde.*.*.syscalls._all.le_ns.*,99,1)
    """
    if not 0 < percentile <= 100:
        raise ValueError("a percentile is above 0 and at most 100")
    return [
        _series(requestContext, "p%g(%%s)" % percentile, group,
                lambda column, scale=group[1]: _scaled(_percentile(column, percentile / 100.0), scale))
        for group in _groups(requestContext, seriesList, nodes)
    ]


def _scaled(value, scale):
    return None if value is None else value / scale


def _limit_of(text):
    found = re.match(r"^([0-9.]+) *([a-zA-Z]*)$", str(text))
    if not found or found.group(2).lower() not in UNITS:
        raise ValueError("a limit is a number with a unit, such as 10ms, 1s or 64k, not %r" % text)
    return float(found.group(1)) * UNITS[found.group(2).lower()]


def histogramShare(requestContext, seriesList, limit, *nodes):
    """
    How many percent of all samples were at or below a limit: exact if it is a bucket's bound (1s, 500ms, 250ms, 125ms, ... and
    three between each two), else interpolated in its bucket.

    .. code-block:: none

      &target=histogramShare(sonde.shop.*.tcp.connect.le_ns.*,'250ms')
    """
    bound = _limit_of(limit)
    # Bounds are whole nanoseconds, rounded down.
    return [
        _series(requestContext, "share%s(%%s)" % limit, group, lambda column: _share(column, bound))
        for group in _groups(requestContext, seriesList, nodes)
    ]


for function in (histogramPercentile, histogramShare):
    function.group = "Sonde"
histogramPercentile.params = [
    Param("seriesList", ParamTypes.seriesList, required=True),
    Param("percentile", ParamTypes.float, required=True),
    Param("nodes", ParamTypes.node, multiple=True),
]
histogramShare.params = [
    Param("seriesList", ParamTypes.seriesList, required=True),
    Param("limit", ParamTypes.string, required=True),
    Param("nodes", ParamTypes.node, multiple=True),
]

SeriesFunctions = {"histogramPercentile": histogramPercentile, "histogramShare": histogramShare}
