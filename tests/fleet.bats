#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The receiving side of a fleet: generated hosts send what one really sent, through the shipped relay to two carbon-caches
# and to VictoriaMetrics. HOSTS and FLEET_SECONDS make it as large as the machine allows.

bats_require_minimum_version 1.5.0
# bats file_tags=host
load helpers
load carbon/carbon

setup() {
	require root btf netns carbon-cache carbon-c-relay victoria-metrics curl jq ss
	join_root_cgroups
	TOOLS=$ROOT/tests/carbon
	NETNS=sonde-fleet-$$
	netns_up "$NETNS"
	HOSTS=${HOSTS:-20}
	SECONDS_LONG=${FLEET_SECONDS:-20}
}

# cache NAME PORT: a carbon-cache of its own directory, in CARBON.
cache() {
	CARBON=$BATS_TEST_TMPDIR/$1
	carbon_setup 10
	# Small files: it is the lines that are measured, not the disk.
	sed -i "s/= 10s:1h/= 10s:15m/" "$CARBON/conf/storage-schemas.conf"
	sed -i "s/LINE_RECEIVER_PORT = 2003/LINE_RECEIVER_PORT = $2/; s/2004/$(($2 + 1))/; s/7002/$(($2 + 5000))/" "$CARBON/conf/carbon.conf"
	start_bg in_netns "$NETNS" carbon-cache --nodaemon --config="$CARBON/conf/carbon.conf" \
		--pidfile="$CARBON/run/pid" start >>"$CARBON/log/stdout" 2>&1
	wait_for listens "$2"
}

listens() {
	in_netns "$NETNS" ss -Hltn "sport = :$1" | grep -q .
}

points_stored() {
	[ "$("$TOOLS/points" "$BATS_TEST_TMPDIR/a/whisper" "$BATS_TEST_TMPDIR/b/whisper")" -ge "$1" ]
}

# cpu PID: seconds of CPU so far.
cpu() {
	awk -v hz="$(getconf CLK_TCK)" '{ print ($14 + $15) / hz }' "/proc/$1/stat"
}

# recorded FORMAT: four slots of this host, of which the first and the last are partial.
recorded() {
	"$SONDE" run --output "$1" --interval 1 --duration 4s --max-series 500 >"$BATS_TEST_TMPDIR/recorded.$1" 2>"$BATS_TEST_TMPDIR/err"
}

# replay FORMAT PORT: sets SENT to the lines that were taken.
replay() {
	in_netns "$NETNS" "$ROOT/scripts/replay-fleet" "$BATS_TEST_TMPDIR/recorded.$1" "$HOSTS" "$SECONDS_LONG" "127.0.0.1:$2" \
		>"$BATS_TEST_TMPDIR/sent" 2>"$BATS_TEST_TMPDIR/progress"
	sed 's/^/# /' "$BATS_TEST_TMPDIR/sent" >&3
	[ "$(field failed "$BATS_TEST_TMPDIR/sent")" = 0 ]
	SENT=$(field lines "$BATS_TEST_TMPDIR/sent")
}

@test "a relay and two carbon-caches: every line that was taken is stored" {
	local pids=() relay
	cache a 2103
	pids+=("$BG_PID")
	cache b 2203
	pids+=("$BG_PID")
	sed 's/every 60 seconds/every 86400 seconds/' "$ROOT/dist/graphite/carbon-c-relay.conf" >"$BATS_TEST_TMPDIR/relay.conf"
	start_bg in_netns "$NETNS" carbon-c-relay -f "$BATS_TEST_TMPDIR/relay.conf" -q 2000000 -b 5000 >"$BATS_TEST_TMPDIR/relay" 2>&1
	relay=$BG_PID
	wait_for listens 2003
	recorded graphite
	replay graphite 2003
	DEADLINE=$((60 + SECONDS_LONG)) wait_for points_stored "$SENT" 2>/dev/null || true
	echo "# CPU: relay $(cpu "$relay") s, caches $(cpu "${pids[0]}") s and $(cpu "${pids[1]}") s" >&3
	equal "points stored" "$("$TOOLS/points" "$BATS_TEST_TMPDIR/a/whisper" "$BATS_TEST_TMPDIR/b/whisper")" "$SENT"
	# Both have a share.
	[ "$("$TOOLS/points" "$BATS_TEST_TMPDIR/a/whisper")" -gt $((SENT / 5)) ]
	[ "$("$TOOLS/points" "$BATS_TEST_TMPDIR/b/whisper")" -gt $((SENT / 5)) ]
}

rows() {
	in_netns "$NETNS" curl -sS http://127.0.0.1:8428/metrics |
		awk '/^vm_rows_inserted_total\{type="graphite"/ { n += $2 } END { print n + 0 }'
}

rows_are() {
	[ "$(rows)" = "$1" ]
}

@test "VictoriaMetrics: every line that was taken is stored" {
	local victoria
	start_bg in_netns "$NETNS" victoria-metrics -storageDataPath="$BATS_TEST_TMPDIR/data" -httpListenAddr=127.0.0.1:8428 \
		-graphiteListenAddr=127.0.0.1:2003 -search.latencyOffset=0s -memory.allowedPercent=5 >"$BATS_TEST_TMPDIR/log" 2>&1
	victoria=$BG_PID
	wait_for listens 2003
	recorded victoria
	replay victoria 2003
	wait_for rows_are "$SENT" 2>/dev/null || true
	echo "# CPU: VictoriaMetrics $(cpu "$victoria") s; $(du -sk "$BATS_TEST_TMPDIR/data" | cut -f 1) KiB on disk" >&3
	equal "rows inserted" "$(rows)" "$SENT"
}
