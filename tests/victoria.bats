#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# A real VictoriaMetrics takes the format `victoria` and answers with the numbers that were measured: counts exactly,
# quantiles over hosts within 5 %.

bats_require_minimum_version 1.5.0
# bats file_tags=host
load helpers

setup() {
	require root btf netns victoria-metrics curl jq awk
	join_root_cgroups
	NETNS=sonde-victoria-$$
	netns_up "$NETNS"
}

victoria_start() {
	start_bg in_netns "$NETNS" victoria-metrics -storageDataPath="$BATS_TEST_TMPDIR/data" \
		-httpListenAddr=127.0.0.1:8428 -graphiteListenAddr=127.0.0.1:2003 -search.latencyOffset=0s \
		-memory.allowedPercent=5 >"$BATS_TEST_TMPDIR/log" 2>&1
	wait_for in_netns "$NETNS" curl -sf -o "$BATS_TEST_TMPDIR/health" http://127.0.0.1:8428/health ||
		{ cat "$BATS_TEST_TMPDIR/log" >&2; false; }
}

# feed FILE: sends its lines and returns when they can be found.
feed() {
	in_netns "$NETNS" bash -c 'exec 3<>/dev/tcp/127.0.0.1/2003; cat >&3' <"$1"
	wait_for fed "$(tail -n 1 "$1")"
}

fed() {
	local name=${1%%[; ]*} time=${1##* }
	[ -n "$(query "last_over_time(${name}[5s])" "$time")" ]
}

# query EXPRESSION TIME [LABEL]: a line LABEL VALUE for each series.
query() {
	in_netns "$NETNS" curl -sS http://127.0.0.1:8428/api/v1/query --data-urlencode "query=$1" --data "time=$2" |
		jq -r --arg by "${3:-__name__}" '.data.result[] | "\(.metric[$by]) \(.value[1])"'
}

@test "three hosts, four distributions: counts are exact, p50 to p99.9 of all hosts within 5 %" {
	local start=$(($(date +%s) / 60 * 60 - 600)) worst
	victoria_start
	"$UNIT/test_formats" victoria $start >"$BATS_TEST_TMPDIR/lines" 2>"$BATS_TEST_TMPDIR/exact"
	feed "$BATS_TEST_TMPDIR/lines"
	for of in _count _bucket; do
		query "sum(increase(sonde_syscalls_latency_seconds${of}[5m])) by (service)" $((start + 300)) service |
			sort >"$BATS_TEST_TMPDIR/counts"
		diff <(awk '{ print $1, $4 }' "$BATS_TEST_TMPDIR/exact" | sort -u) "$BATS_TEST_TMPDIR/counts"
	done
	for q in 0.5 0.95 0.99 0.999; do
		query "histogram_quantile($q, sum(increase(sonde_syscalls_latency_seconds_bucket[5m])) by (service, vmrange))" \
			$((start + 300)) service | sed "s/ / $q /"
	done >"$BATS_TEST_TMPDIR/answers"
	worst=$(awk 'NR == FNR { exact[$1, $2] = $3; next }
		{ n++; e = $3 / exact[$1, $2] - 1; e = e < 0 ? -e : e; if (e > worst) { worst = e; at = $1 " " $2 } }
		END { print n, worst, at }' "$BATS_TEST_TMPDIR/exact" "$BATS_TEST_TMPDIR/answers")
	echo "# quantiles, largest error, where: $worst" >&3
	awk '{ exit !($1 == 16 && $2 < 0.05) }' <<<"$worst" || fail "not within 5 %: $worst"
}

# run_once N: one run of sonde that sees N calls, some slots after its start; its lines go to `lines`. (Times are whole
# seconds: of two runs within one second nobody can say which was first.)
run_once() {
	sonde_start --output victoria --interval 2 --host web1 --probes syscalls
	wait_for grep -q totals_forgotten "$BATS_TEST_TMPDIR/out"
	"$BATS_TEST_TMPDIR/counted-$$" -n "$1" getppid
	wait_for grep -qF "_count;host=web1;op=getppid;service=counted-$$ $1" "$BATS_TEST_TMPDIR/out"
	sonde_stop
	cat "$BATS_TEST_TMPDIR/out" >>"$BATS_TEST_TMPDIR/lines"
}

@test "a real run: the increase is what was called, over a restart, too" {
	local series="{op=\"getppid\",service=\"counted-$$\"}" end
	cp "$WORK/calls" "$BATS_TEST_TMPDIR/counted-$$"
	victoria_start
	run_once 1234
	run_once 777
	feed "$BATS_TEST_TMPDIR/lines"
	end=$(($(date +%s) + 2))
	[ "$(query "increase(sonde_syscalls_latency_seconds_count${series}[5m])" $end op)" = "getppid 2011" ]
	[ "$(query "sum(increase(sonde_syscalls_latency_seconds_bucket${series}[5m])) by (op)" $end op)" = "getppid 2011" ]
}
