#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# What is installed for Graphite, in a real carbon and graphite-web: archives, functions, and every query of the dashboard.

bats_require_minimum_version 1.5.0
# bats file_tags=host
load helpers
load carbon/carbon
load carbon/graphite

send() {
	in_netns "$NETNS" "$TOOLS/send" 127.0.0.1 2003
}

# stored FILE: there is a whisper file, and carbon has nothing more to write to it.
stored() {
	[ -s "$CARBON/whisper/$1.wsp" ]
}

# archive FILE STEP FROM UNTIL
archive() {
	"$TOOLS/archive" "$CARBON/whisper/$1.wsp" "${@:2}"
}

sum_is() {
	[ "$(archive "${@:2}" | awk '{ n += $1 } END { print n + 0 }')" = "$1" ]
}

max_is() {
	[ "$(archive "${@:2}" | sort -n | tail -n 1)" = "$1" ]
}

@test "the shipped archives: 1,800 counts stay 1,800 when they are rolled up, a maximum stays one" {
	local now from slot n=0 op=sonde/shop/web1/syscalls/read
	shipped_carbon
	carbon_start
	now=$(date +%s) from=$((($(date +%s) - 2000) / 60 * 60))
	for ((slot = from; slot < from + 1800; slot += 10)); do
		n=$((n + 1))
		echo "sonde.shop.web1.syscalls.read.count 10 $slot"
		echo "sonde.shop.web1.syscalls.read.le_ns.1000000 10 $slot"
		echo "sonde.shop.web1.syscalls.read.max_us $((n == 77 ? 5000 : 10)) $slot"
		echo "sonde.sonde.web1.self.lost.storage $n $slot"
	done | send
	wait_for stored $op/count
	wait_for sum_is 1800 $op/count 10 $((from - 10)) "$now"
	DEADLINE=30 wait_for sum_is 1800 $op/count 60 $((from - 60)) "$now"
	wait_for sum_is 1800 $op/le_ns/1000000 60 $((from - 60)) "$now"
	wait_for max_is 5000.0 $op/max_us 60 $((from - 60)) "$now"
	wait_for max_is 180.0 sonde/sonde/web1/self/lost/storage 60 $((from - 60)) "$now"
	carbon_stop
}

@test "functions: percentiles and shares of a fleet are those of all its samples" {
	shipped_carbon
	carbon_start
	graphite_start
	"$TOOLS/fleet" lines >"$BATS_TEST_TMPDIR/lines" 2>"$BATS_TEST_TMPDIR/exact"
	send <"$BATS_TEST_TMPDIR/lines"
	wait_for stored sonde/shop/web3/syscalls/read/count
	wait_for all_arrived
	"$TOOLS/fleet" check "$BATS_TEST_TMPDIR/exact" nsenter "--net=/run/netns/$NETNS" curl -sS -G --data-urlencode format=json \
		http://127.0.0.1:8080/render >&3
	# Names that are no buckets, a limit that is none: an error that says so, not a picture of nothing.
	[[ $(render "histogramPercentile(sonde.shop.web1.syscalls.read.count,99)") == *"take buckets"* ]]
	[[ $(render "histogramShare(sonde.shop.*.syscalls.read.le_ns.*,'soon')") == *"a number with a unit"* ]]
	carbon_stop
}

all_arrived() {
	[ "$(render 'sumSeries(sonde.*.*.syscalls.read.count)' from=-1h | jq '[.[].datapoints[][0] // 0] | add | floor')" = \
		"$(awk '/\.count / { n += $2 } END { print n }' "$BATS_TEST_TMPDIR/lines")" ]
}

# A run that has something for every panel: reads and writes of a disk, connections that succeed and fail.
busy_run() {
	require loop fio nft
	truncate -s 64M "$BATS_TEST_TMPDIR/disk"
	DEV=$(losetup --find --show "$BATS_TEST_TMPDIR/disk")
	NETNS=$NETNS sonde_start --graphite 127.0.0.1:2003 --interval 10 --send-offset 0 --prefix sonde --new-series 0 "$@"
	fio --name=busy --filename="$DEV" --rw=randrw --bs=4k --size=32M --number_ios=3000 --direct=1 --output="$BATS_TEST_TMPDIR/fio"
	in_netns "$NETNS" bash -c 'for i in 1 2 3; do (exec 3<>/dev/tcp/127.0.0.1/1) 2>/dev/null; (exec 3<>/dev/tcp/127.0.0.1/2003); done' || true
	# A SYN that nobody hears is sent again.
	in_netns "$NETNS" nft 'add table inet drops; add chain inet drops in { type filter hook input priority 0; };
		add rule inet drops in tcp dport 9 drop'
	in_netns "$NETNS" timeout 3 bash -c 'exec 3<>/dev/tcp/127.0.0.1/9' || true
	workload 300 1000
	for _ in {1..20}; do
		render 'sumSeries(sonde.*.*.syscalls._all.count)' from=-1min >"$BATS_TEST_TMPDIR/answer"
	done
	# Two slots have ended and are stored.
	DEADLINE=45 wait_for busy_stored
	sonde_stop
	losetup -d "$DEV"
}

busy_stored() {
	local file
	file=$(find "$CARBON/whisper" -path "*self/output/lines.wsp" | head -n 1)
	[ -n "$file" ] && [ "$("$TOOLS/archive" "$file" 10 $(($(date +%s) - 300)) "$(date +%s)" | wc -l)" -ge 2 ]
}

has_data() {
	render "$1" from=-10min >"$BATS_TEST_TMPDIR/answer"
	jq -e '[.[].datapoints[][0] | select(. != null)] | length > 0' "$BATS_TEST_TMPDIR/answer" >/dev/null 2>&1
}

@test "every query of the dashboard returns data" {
	local query bad=0 seen=0
	shipped_carbon
	# Thousands of series of a busy host, of which nobody reads more than the last minutes.
	sed -i 's/^retentions = .*/retentions = 10s:1h/' "$CARBON/conf/storage-schemas.conf"
	carbon_start
	graphite_start
	busy_run
	while IFS= read -r query; do
		query=${query//'$service'/'*'} query=${query//'$host'/'*'} query=${query//'$set'/syscalls} query=${query//'$op'/read}
		seen=$((seen + 1))
		# Carbon makes its files at its own pace.
		DEADLINE=30 wait_for has_data "$query" 2>/dev/null || {
			echo "no data: $query: $(head -c 300 "$BATS_TEST_TMPDIR/answer")" >&2
			bad=$((bad + 1))
		}
	done < <(jq -r '.panels[].targets[]?.target' "$ROOT/dist/grafana/graphite.json")
	echo "# $seen queries, $bad without data" >&3
	[ "$seen" -ge 20 ] && [ $bad = 0 ]
	# What a browser shows, for a person to look at.
	[ -z "${SCREENSHOT:-}" ] || in_netns "$NETNS" chromium --headless=new --no-sandbox --disable-gpu --window-size=1200,800 \
		--user-data-dir="$BATS_TEST_TMPDIR/chromium" --virtual-time-budget=15000 --screenshot="$SCREENSHOT" \
		'http://127.0.0.1:8080/?width=900&height=500&from=-5min&target=histogramPercentile(sonde.*.*.syscalls._all.le_ns.*,99,1)' >/dev/null 2>&1
	# And the picture that graphite-web draws of one.
	in_netns "$NETNS" curl -sS -G --data-urlencode 'target=histogramPercentile(sonde.*.*.syscalls._all.le_ns.*,99,1)' \
		--data-urlencode from=-5min --data-urlencode width=800 --data-urlencode height=400 \
		http://127.0.0.1:8080/render >"${PICTURE:-$BATS_TEST_TMPDIR/picture.png}"
	[ "$(head -c 4 "${PICTURE:-$BATS_TEST_TMPDIR/picture.png}" | tail -c 3)" = PNG ]
	carbon_stop
}

@test "the fragments are understood, the dashboards are what the generator makes" {
	require carbon-c-relay
	"$ROOT/scripts/gen-dashboards" "$BATS_TEST_TMPDIR"
	for name in graphite prometheus victoria; do
		cmp "$BATS_TEST_TMPDIR/$name.json" "$ROOT/dist/grafana/$name.json"
	done
	echo "sonde.shop.web1.syscalls.read.count" | carbon-c-relay -t -f "$ROOT/dist/graphite/carbon-c-relay.conf" >"$BATS_TEST_TMPDIR/relay" 2>&1
	grep -q 'carbon_ch(caches)\|127.0.0.1:2[12]03' "$BATS_TEST_TMPDIR/relay"
}
