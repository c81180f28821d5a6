#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# What `--output FORMAT` and `--stats` write on a real run. The bytes of each format are in tests/golden; Prometheus and
# VictoriaMetrics have files of their own.

bats_require_minimum_version 1.5.0
# bats file_tags=host
load helpers

setup() {
	require root btf awk
	join_root_cgroups
	CALLED=called-$$
	cp "$WORK/calls" "$BATS_TEST_TMPDIR/$CALLED"
}

# run_format FORMAT [ARG]...: a run that sees 321 calls, in two slots or more.
run_format() {
	sonde_start --interval 1 --host web1 --probes syscalls --output "$@"
	"$BATS_TEST_TMPDIR/$CALLED" -n 300 getppid
	wait_for grep -q "$CALLED" "$BATS_TEST_TMPDIR/out"
	"$BATS_TEST_TMPDIR/$CALLED" -n 21 getppid
	sonde_stop
}

@test "csv: one header, eight columns, counts and buckets add up to what was called" {
	run_format csv
	awk -F, -v s="$CALLED" '
		NR == 1 { if ($0 != "slot,interval,host,service,set,op,stat,value") exit bad = 1; next }
		NF != 8 || $1 !~ /^[0-9]+$/ || $2 != 1 || $3 != "web1" || $8 !~ /^[0-9]+(\.[0-9]+)?$/ { exit bad = 1 }
		$4 == s && $6 == "getppid" && $7 == "count" { count += $8 }
		$4 == s && $6 == "getppid" && $7 ~ /^le_ns\.[0-9]+$/ { buckets += $8 }
		END { exit bad || count != 321 || buckets != 321 }' "$BATS_TEST_TMPDIR/out" || fail "$(head -n 3 "$BATS_TEST_TMPDIR/out")"
}

@test "statsd: every line is a counter or a gauge; counters add up to what was called" {
	run_format statsd
	! grep -vE '^[A-Za-z0-9_.-]+:[0-9]+(\.[0-9]{1,3})?\|[cg]$' "$BATS_TEST_TMPDIR/out" || fail "odd lines"
	[ "$(sed -n "s/^sonde\.$CALLED\.web1\.syscalls\.getppid\.count:\(.*\)|c$/\1/p" "$BATS_TEST_TMPDIR/out" | awk '{ n += $1 } END { print n }')" = 321 ]
}

@test "graphite-tags: a real carbon stores each series, with the sum of what was called" {
	require netns carbon-cache python3 ss
	NETNS=sonde-formats-$$
	CARBON=$BATS_TEST_TMPDIR/carbon
	netns_up "$NETNS"
	mkdir -p "$CARBON"/{conf,log,run,whisper}
	printf '[cache]\n%s\nUSER =\nLINE_RECEIVER_INTERFACE = 127.0.0.1\nPICKLE_RECEIVER_INTERFACE = 127.0.0.1\nCACHE_QUERY_INTERFACE = 127.0.0.1\nMAX_CACHE_SIZE = inf\nMAX_CREATES_PER_MINUTE = inf\nMAX_UPDATES_PER_SECOND = inf\nCARBON_METRIC_INTERVAL = 0\n' \
		"$(printf '%s\n' "STORAGE_DIR = $CARBON" "CONF_DIR = $CARBON/conf" "LOG_DIR = $CARBON/log" "PID_DIR = $CARBON/run" "LOCAL_DATA_DIR = $CARBON/whisper")" \
		>"$CARBON/conf/carbon.conf"
	printf '[all]\npattern = .*\nretentions = 1s:1h\n' >"$CARBON/conf/storage-schemas.conf"
	start_bg in_netns "$NETNS" carbon-cache --nodaemon --config="$CARBON/conf/carbon.conf" --pidfile="$CARBON/run/pid" start \
		>"$CARBON/log/stdout" 2>&1
	wait_for carbon_listens
	run_format graphite-tags
	in_netns "$NETNS" bash -c 'exec 3<>/dev/tcp/127.0.0.1/2003; grep "service=$1 " "$2" >&3' feed "$CALLED" "$BATS_TEST_TMPDIR/out"
	wait_for stored 321 2>/dev/null || fail "$(find "$CARBON/whisper" | head -n 20)"
	SERIES=$(sed -n "s/\(.*service=$CALLED\) .*/\1/p" "$BATS_TEST_TMPDIR/out" | sort -u | wc -l)
	wait_for all_stored
}

all_stored() {
	[ "$(find "$CARBON/whisper/_tagged" -name '*.wsp' | wc -l)" = "$SERIES" ]
}

carbon_listens() {
	in_netns "$NETNS" ss -Hltn 'sport = :2003' | grep -q .
}

# A file of carbon is named by the hash of the series' name.
stored() {
	/usr/bin/python3 - "$CARBON/whisper/_tagged" "$1" "sonde.syscalls.count;host=web1;op=getppid;service=$CALLED" <<-'END'
		import hashlib, os, sys, whisper
		root, wanted, name = sys.argv[1:]
		h = hashlib.sha256(name.encode()).hexdigest()
		values = whisper.fetch(os.path.join(root, h[:3], h[3:6], h + ".wsp"), 0)[1]
		sys.exit(sum(v for v in values if v) != float(wanted))
	END
}

@test "--stats: what is chosen is sent, and its number is what --max-series counts" {
	local stats
	for stats in none buckets percentiles statsd buckets,percentiles,statsd; do
		run_format graphite --stats $stats --duration 10s
		grep "\.$CALLED\..*\.getppid\." "$BATS_TEST_TMPDIR/out" | sed -E 's/.*getppid\.([a-z_]+).*/\1/' | sort -u |
			tr '\n' ' ' >"$BATS_TEST_TMPDIR/sent"
		case $stats in
		none) wanted="count errors max_us sum_us " ;;
		buckets) wanted="count errors le_ns max_us sum_us " ;;
		percentiles) wanted="count errors max_us p sum_us " ;;
		statsd) wanted="count errors max_us sum_us timer " ;;
		*) wanted="count errors le_ns max_us p sum_us timer " ;;
		esac
		[ "$(<"$BATS_TEST_TMPDIR/sent")" = "$wanted" ] || fail "$stats: $(<"$BATS_TEST_TMPDIR/sent")"
		# Sonde's own total of lines, before its last slot, is that of all slots before.
		awk '$NF != slot { before = NR - 1; slot = $NF } /\.self\.output\.lines / { lines = $2 }
			END { exit lines != before }' "$BATS_TEST_TMPDIR/out" || fail "$stats: another number of lines"
	done
}
