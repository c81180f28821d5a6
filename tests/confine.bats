#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# A run under way has given up what it does not need, and misses none of it.

bats_require_minimum_version 1.5.0
# bats file_tags=user,beside
load helpers

DAC_READ_SEARCH=2 SYS_PTRACE=19 SYS_NICE=23 BPF=39

setup() {
	require root btf
	join_root_cgroups
	# Others than root come here.
	DIR=$(mktemp -d)
	chmod 755 "$DIR"
}

teardown() {
	helpers_teardown
	rm -rf "$DIR"
}

# capabilities BIT...: as /proc has a set of them.
capabilities() {
	local set=0 bit
	for bit; do
		set=$((set | 1 << bit))
	done
	printf '%016x\n' $set
}

# Those that depend on the kernel: kernels before 5.19 ask for one wherever maps are read, and maps are read with priority
# where programs can be interrupted.
by_kernel() {
	local version
	version=$(uname -r)
	[ "$(printf '5.19\n%s\n' "$version" | sort -V | head -n 1)" = 5.19 ] || echo $BPF
	! "$SONDE" check --json | jq -e '.notes.preemptible' >/dev/null || echo $SYS_NICE
}

# status FIELD: of all threads of sonde, each value once.
status() {
	sed -n "s/^$1:[[:space:]]*//p" "/proc/$(sonde_pid)/task/"*/status | sort -u
}

# confined BIT...: all threads have these capabilities and no others.
confined() {
	local field expected
	# shellcheck disable=SC2046
	expected=$(capabilities "$@" $(by_kernel))
	for field in CapEff CapPrm CapBnd; do
		[ "$(status $field)" = "$expected" ] || fail "$field: $(status $field), expected $expected"
	done
	for field in CapInh CapAmb; do
		[ "$(status $field)" = "$(capabilities)" ] || fail "$field: $(status $field)"
	done
	[ "$(status NoNewPrivs)" = 1 ]
	[ "$(status Seccomp)" = 2 ]
}

@test "each thread keeps only the capabilities that the options ask for" {
	require jq
	sonde_start --confine --interval 1 --socket none
	confined
	sonde_stop
	sonde_start --confine --interval 1 --probes all --socket none --service 'x=exe:/x$'
	confined $SYS_PTRACE
	sonde_stop
	sonde_start --confine --interval 1 --probes all --socket "$DIR/socket" --spool "$DIR/spool" --graphite 127.0.0.1:1 --statsd 127.0.0.1:1 \
		--output "json:$DIR/json" --prometheus 19435
	[ "$(find "/proc/$(sonde_pid)/task" -mindepth 1 -maxdepth 1 | wc -l)" -ge 6 ]
	confined $SYS_PTRACE $DAC_READ_SEARCH
	sonde_stop
}

@test "a file in a directory of somebody else is written to, and renamed" {
	mkdir "$DIR/foreign"
	chown 65534:65534 "$DIR/foreign"
	chmod 700 "$DIR/foreign"
	sonde_start --confine --interval 1 --probes syscalls --socket none --output "json:$DIR/foreign/json" --output-size 4k
	wait_for test -e "$DIR/foreign/json.2"
	sonde_stop
	equal "lines on standard error" "$(grep -vc '^sonde: attached' "$BATS_TEST_TMPDIR/err")" 0
}

@test "all is kept unless it is told otherwise" {
	sonde_start --interval 1 --probes block --socket none
	[ "$(status CapEff)" = "$(sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status)" ]
	[ "$(status NoNewPrivs)" = 0 ]
	[ "$(status Seccomp)" = 0 ]
	sonde_stop
}

@test "a process that had next to no privileges keeps what it had" {
	local caps=+bpf,+perfmon
	install -m 0755 "$SONDE" "$DIR/sonde"
	ulimit -l unlimited 2>/dev/null || true
	: >"$BATS_TEST_TMPDIR/err"
	start_bg setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set "-all,$caps" --inh-caps "-all,$caps" \
		--ambient-caps "-all,$caps" "$DIR/sonde" run --confine --interval 1 --socket none >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err"
	echo "$BG_PID" >"$BATS_TEST_TMPDIR/.sonde"
	wait_for said_or_dead "$BATS_TEST_TMPDIR/err" '^sonde: attached' "$BG_PID"
	[ "$(status CapAmb)" = "$(capabilities)" ]
	[ "$(status NoNewPrivs)" = 1 ]
	[ "$(status Seccomp)" = 2 ]
	sonde_stop
	equal "lines on standard error" "$(grep -vc '^sonde: attached' "$BATS_TEST_TMPDIR/err")" 0
}

@test "a reload may bring a destination, and with it a part of the spool" {
	local conf=$DIR/conf
	install -d -o 65534 -g 65534 "$DIR/spool"
	printf 'probes = syscalls\ninterval = 1\nconfine = true\nsocket = none\noutput = json:/dev/null\nspool = %s\ngraphite = 127.0.0.1:1\n' \
		"$DIR/spool" >"$conf"
	chmod 755 "$DIR"
	sonde_start --config "$conf"
	[ -d "$DIR/spool/graphite-127.0.0.1-1" ]
	echo 'graphite = 127.0.0.1:2' >>"$conf"
	kill -HUP "$(sonde_pid)"
	wait_for grep -q 'was read again' "$BATS_TEST_TMPDIR/err"
	[ -d "$DIR/spool/graphite-127.0.0.1-2" ]
	sonde_stop
}

# take PORT FILE: what comes there over TCP, one connection after the other.
take() {
	cat >"$DIR/take" <<-'END'
		import socket, sys
		server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
		print("listening", flush=True)
		while True:
		    conn, _ = server.accept()
		    while chunk := conn.recv(1 << 20):
		        sys.stdout.buffer.write(chunk)
		        sys.stdout.flush()
		    conn.close()
	END
	start_bg in_netns "$NETNS" python3 "$DIR/take" "$1" >"$2"
	wait_for grep -q listening "$2"
}

# calls SERVICE: getppid in what the receiver has got.
calls() {
	graphite_sum "$BATS_TEST_TMPDIR/taken" "\\.$1\\.[^.]*\\.syscalls\\.getppid\\.count\$"
}

scraped() {
	in_netns "$NETNS" curl -sS --max-time 10 http://127.0.0.1:9435/metrics >"$DIR/scraped"
	grep -qF "sonde_syscalls_latency_seconds_count{op=\"getppid\",service=\"$1\"} $2" "$DIR/scraped"
}

spooled() {
	[ -n "$(find "$DIR/spool" -name '*.slot' -print -quit)" ]
}

# bats test_tags=host
@test "nothing that it does is refused: all sets, each destination, a spool, a viewer, rules, new cgroups" {
	require netns strace jq curl python3 cgroup2
	NETNS=confine-$$
	netns_up "$NETNS"
	printf '#!/bin/sh\nexec strace -D -f -Z -qq -o "%s" "%s" "$@"\n' "$DIR/failed" "$SONDE" >"$DIR/traced"
	chmod 755 "$DIR/traced"
	cp "$WORK/short" "$DIR/ruled"
	mkfifo -m 666 "$DIR/fifo"
	install -m 755 "$WORK/stuck" "$DIR/stuck"
	take 2003 "$BATS_TEST_TMPDIR/taken"
	SONDE=$DIR/traced sonde_start --confine --probes all --interval 1 --socket "$DIR/socket" --spool "$DIR/spool" --new-series 0 \
		--graphite localhost:2003 --graphite localhost:2004 --statsd localhost:8125 --prometheus 9435 \
		--output "json:$DIR/json" --output-size 20k --output-keep 99 \
		--service 'byexe=exe:/ruled$' --service 'bycmdline=cmdline:-n 19 -l' --service 'stuck=exe:/stuck$' \
		--service 'others=cgroup:.'
	# Somebody else's process, which was not there when sonde began.
	start_bg setpriv --reuid 65534 --regid 65534 --clear-groups "$DIR/stuck" fifo "$DIR/fifo" >"$DIR/ready"
	wait_for grep -q ^ready "$DIR/ready"
	echo "process $BG_PID" | "$WORK/unixcat" -n 4 "$DIR/socket" >"$DIR/frames"
	COLUMNS=100 "$SONDE" top --socket "$DIR/socket" --batch -n 1 >"$DIR/table"
	setpriv --reuid 65534 --regid 65534 --clear-groups "$DIR/ruled" -n 17 -l 300 -q
	"$WORK/short" -n 19 -l 300 -q
	own_cgroup sondetest-new >/dev/null
	"$WORK/cgexec" "$(cgroup2_dir)/sondetest-new" "$WORK/calls" -n 23 getppid
	wait_for spooled
	for service in byexe:17 bycmdline:19; do
		DEADLINE=60 wait_for eval "[ \"\$(calls ${service%:*})\" = ${service#*:} ]"
	done
	wait_for scraped byexe 17
	# `stuck` is in no frame's table by chance.
	jq -s -e --arg fifo "$DIR/fifo" '[.[].threads[]? | select(.on == $fifo)] | length > 0' "$DIR/frames"
	grep -q '^stuck ' "$DIR/table"
	sonde_stop
	[ -e "$DIR/json.2" ]
	[ "$(cat "$DIR"/json* | jq -s '[.[].services | (.byexe, .bycmdline) | .syscalls.getppid.count // 0] | add')" = 36 ]
	# From where the filter is looked at, which fails by design, on; without clone3 threads are made by clone.
	sed -n '/seccomp(SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC/,$p' "$DIR/failed" | grep -E 'EPERM|EACCES|ENOSYS' |
		grep -v 'clone3(' >"$DIR/refused" || true
	[ ! -s "$DIR/refused" ] || fail "refused: $(<"$DIR/refused")"
	grep -v -e '^sonde: attached' -e 'connection refused; slots' -e 'wait in .* for the next run' -e 'could not be delivered to statsd' \
		"$BATS_TEST_TMPDIR/err" >"$DIR/said" || true
	[ ! -s "$DIR/said" ] || fail "said: $(<"$DIR/said")"
}
