#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
bats_require_minimum_version 1.5.0
# Whose is it? Programs in cgroups of all sorts are charged to the expected service, however briefly they live.

# bats file_tags=beside
load helpers

setup() {
	require root btf cgroup2 unlocked
}

getppids() {
	graphite_sum "$BATS_TEST_TMPDIR/out" "^sonde\\.$1\\.[^.]*\\.syscalls\\.getppid\\.count\$"
}

in_cgroup() {
	own_cgroup "$1" >/dev/null
	"$WORK/cgexec" "$(cgroup2_dir)/$1" "$WORK/short" -n 23 -l 1 -q
}

@test "cgroup of one's own, unit, template instance, user session, container" {
	id=$(printf '%064d' 7 | tr 0 a)
	# A directory of our own where Docker keeps what it knows of its containers.
	root=$BATS_TEST_TMPDIR/root
	mkdir -p "$root/var/lib/docker/containers/$id" "$root/proc"
	echo "{\"Name\": \"/shop\"}" >"$root/var/lib/docker/containers/$id/config.v2.json"
	mount --bind /proc "$root/proc"
	sonde_start --probes syscalls --interval 1 --root "$root"
	in_cgroup sondetest-own
	in_cgroup sondetest.slice/sondetest-web.service
	in_cgroup sondetest.slice/sondetest-db@main.service
	in_cgroup sondetest.slice/user-4711.slice/session-3.scope
	in_cgroup "sondetest.slice/docker-$id.scope"
	rc=0
	sonde_stop || rc=$?
	umount "$root/proc"
	[ $rc = 0 ]
	[ "$(getppids sondetest-own)" = 23 ]
	[ "$(getppids sondetest-web)" = 23 ]
	[ "$(getppids sondetest-db_main)" = 23 ]
	[ "$(getppids user-4711)" = 23 ]
	[ "$(getppids shop)" = 23 ]
}

# bats test_tags=user
@test "nobody takes another's name by cgroups below their own" {
	local user=sondetest.slice/user-4712.slice/user@4712.service long deep=
	long=$(printf '%0250d' 0)
	for _ in {1..23}; do
		deep+=/d
	done
	sonde_start --probes syscalls --interval 1 --service 'elsewhere=cgroup:^/($|[^s]|s[^o]|so[^n])'
	in_cgroup "$user/systemd-nspawn@sondetest-bank.service"
	in_cgroup "$user/docker-$(printf '%064d' 7 | tr 0 a).scope"
	# Of more than 24 names, or 2,048 bytes, only the last ones are told.
	in_cgroup "$user$deep/sondetest-bank.service"
	in_cgroup "$user/$long/$long/$long/$long/$long/$long/$long/$long/$long/sondetest-bank.service"
	in_cgroup "sondetest-own$deep"
	sonde_stop
	equal "getppid of the user" "$(getppids user-4712)" 46
	equal "getppid of what lies too deep" "$(getppids _other)" 46
	equal "getppid at the limit" "$(getppids 'sondetest-own[-d]*')" 23
	equal "getppid of whoever was meant" "$(getppids '[^.]*bank[^.]*')" 0
}

# bats test_tags=user
@test "rules: cgroup, comm, exe and cmdline; the first match wins" {
	cp "$WORK/short" "$BATS_TEST_TMPDIR/ruled"
	sonde_start --probes syscalls --interval 1 \
		--service 'bycgroup=cgroup:^/sondetest-r' \
		--service 'byexe=exe:/ruled$' \
		--service 'bycomm=comm:^short$'
	in_cgroup sondetest-r1
	"$BATS_TEST_TMPDIR/ruled" -n 17 -l 30 -q
	"$WORK/short" -n 19 -l 1 -q
	sonde_stop
	[ "$(getppids bycgroup)" = 23 ]
	[ "$(getppids byexe)" = 17 ]
	[ "$(getppids bycomm)" = 19 ]
}

@test "1,000 processes of a few ms, each in a fresh cgroup, are all charged to its service" {
	n=$((500 / SLOW))
	dir=$(own_cgroup sondetest-jobs)
	sonde_start --probes syscalls --interval 1
	"$WORK/cgstorm" -p 'job-%d.scope' "$dir" $n "$WORK/short" -n 23 -l 5 -q
	"$WORK/cgstorm" -c -p 'job-%d.scope' -j 4 "$dir" $n "$WORK/short" -n 23 -l 5 -q
	sonde_stop
	equal getppid "$(getppids job)" $((2 * n * 23))
}

# bats test_tags=user
@test "5,000 cgroups that appear and vanish, more services than numbers: nothing is lost" {
	n=$((1000 / SLOW))
	dir=$(own_cgroup sondetest-many)
	sonde_start --probes syscalls --interval 1 --max-services 20 --max-series 100000
	"$WORK/cgstorm" -j 4 -p 'many%d.service' "$dir" $n "$WORK/short" -n 3 -l 0 -q
	"$WORK/cgstorm" -j 4 -p 'r-%d.scope' "$dir" $((4 * n)) "$WORK/short" -n 3 -l 0 -q
	sonde_stop
	# What others on this host call is in _other, too.
	calls=$(getppids '(many[0-9]+|_other|r)')
	[ "$calls" -ge $((5 * n * 3)) ] || equal getppid "$calls" $((5 * n * 3))
	[ "$calls" -le $((5 * n * 3 + 100)) ]
	[ "$(getppids _other)" -gt $n ]
	# In one slot; in a later one others may have the numbers.
	awk '{ split($1, node, "."); n[$3] += !seen[$3, node[2]]++ } END { for (slot in n) if (n[slot] > 23) { print slot, n[slot]; bad = 1 } exit bad }' \
		"$BATS_TEST_TMPDIR/out"
	[ "$(graphite_sum "$BATS_TEST_TMPDIR/out" '\.self\.services\.folded$')" -gt 0 ]
}

# bats test_tags=user
@test "a service that comes late gets the number of one that is gone" {
	for name in early-a early-b late; do
		copy_as calls $name >/dev/null
	done
	sonde_start --probes syscalls --interval 1 --max-services 3 --service 'a=comm:^early-a' --service 'b=comm:^early-b' \
		--service 'c=comm:^late' --service 'rest=comm:.'
	"$BATS_TEST_TMPDIR/early-a" -n 5 getppid
	"$BATS_TEST_TMPDIR/early-b" -n 5 getppid
	start_bg "$BATS_TEST_TMPDIR/late" -n 800 -d 20000 getppid
	DEADLINE=$((30 * SLOW)) wait_for named_calls c
	wait_bg "$BG_PID"
	sonde_stop
	echo "# of 800 calls $(getppids c) under its own name" >&3
	[ "$(getppids _other)" -gt 0 ]
	equal getppid "$(getppids '(a|b|c|_other)')" $((800 + 2 * 5))
}

named_calls() {
	[ "$(getppids "$1")" -gt 0 ]
}

@test "a process that moves is charged to its new cgroup from then on" {
	dir=$(own_cgroup sondetest-moved)
	cp "$WORK/calls" "$BATS_TEST_TMPDIR/mover"
	sonde_start --probes syscalls --interval 1
	start_gated mover "$BATS_TEST_TMPDIR/mover" -w -n 100 getppid
	echo "$BG_PID" >"$dir/cgroup.procs"
	release mover
	wait_for grep -q 'calls=' "$BATS_TEST_TMPDIR/mover.out"
	release mover
	sonde_stop
	[ "$(getppids sondetest-moved)" = 100 ]
}

# bats test_tags=user
@test "10,000 threads and a fork storm with random names" {
	sonde_start --probes syscalls --interval 1 --max-services 30
	"$WORK/storm" -n $((3000 / SLOW)) -k 5 -j 8 -r 400 >"$BATS_TEST_TMPDIR/storm"
	start_gated threads "$WORK/storm" -a $((10000 / SLOW))
	release threads
	wait_for grep -q 'calls=' "$BATS_TEST_TMPDIR/threads.out"
	sonde_stop
	calls=$(graphite_sum "$BATS_TEST_TMPDIR/out" '\.syscalls\.getppid\.count$')
	[ "$calls" -ge $((25000 / SLOW)) ]
	[ "$(graphite_sum "$BATS_TEST_TMPDIR/out" '\.self\.lost\.(storage|early_full)$')" = 0 ]
}

few_entries() {
	[ "$(bpftool -j map dump id "$1" | jq length)" -lt 100 ]
}

# bats test_tags=user
@test "what could not be asked for is in _other, and leaves the kernel when it is quiet" {
	require bpftool jq
	local dir long map n=400
	# With such names a few hundred questions are more than the kernel has room for.
	long=$(printf '%0200d' 0)
	dir=$(own_cgroup "sondetest-unasked/$long/$long/$long/$long/$long/$long/$long/$long")
	sonde_start --probes syscalls --interval 1 --service 'unasked=cgroup:^/sondetest-unasked/' --service 'elsewhere=cgroup:.'
	map=$(map_of "$(sonde_pid)" early)
	kill -s STOP "$(sonde_pid)"
	"$WORK/cgstorm" -p '%d' "$dir" $n "$WORK/short" -n 3 -l 0 -q
	kill -s CONT "$(sonde_pid)"
	DEADLINE=30 wait_for few_entries "$map"
	sonde_stop
	[ "$(graphite_sum "$BATS_TEST_TMPDIR/out" '\.self\.lost\.announce$')" -gt 0 ]
	[ "$(graphite_sum "$BATS_TEST_TMPDIR/out" '\.self\.lost\.early_full$')" = 0 ]
	echo "# $(getppids unasked) calls under their own name, $(getppids _other) in _other" >&3
	[ "$(getppids unasked)" -gt 0 ]
	equal getppid "$(getppids '(unasked|_other)')" $((3 * n))
}

# What else would ask is a call of a process, which this run does not look at.
@test "connections that outlast a reload keep their service" {
	local conf=$BATS_TEST_TMPDIR/sonde.conf err=$BATS_TEST_TMPDIR/err out=$BATS_TEST_TMPDIR/slots dir
	require jq
	join_root_cgroups
	dir=$(own_cgroup sondetest-kept)
	start_bg "$(copy_as tcpwork kept-server)" server -n 5 >"$BATS_TEST_TMPDIR/server"
	wait_for grep -q port= "$BATS_TEST_TMPDIR/server"
	printf 'probes = tcp\ninterval = 1\nconfine = true\nsocket = none\noutput = json:%s\nservice = none=comm:^nothing$\n' "$out" >"$conf"
	start_bg "$SONDE" run --config "$conf" 2>"$err"
	sonde=$BG_PID
	wait_for [ -s "$out" ]
	start_gated client "$WORK/tcpwork" client -p "$(field port "$BATS_TEST_TMPDIR/server")" -n 5 -w
	echo "$BG_PID" >"$dir/cgroup.procs"
	release client
	wait_for eval '[ "$(tcp_count connect sondetest-kept)" = 5 ]'
	# An ident that was in use just now is remembered.
	slots=$(wc -l <"$out")
	wait_for eval "[ \$(wc -l <'$out') -gt $((slots + 5)) ]"
	printf 'service = neither=comm:^no-one$\n' >>"$conf"
	kill -HUP "$sonde"
	wait_for grep -q 'was read again' "$err"
	release client
	wait_for eval '[ "$(tcp_count lifetime sondetest-kept kept-server _other)" -ge 10 ]'
	stop_bg "$sonde" INT
	equal "client's lifetimes" "$(tcp_count lifetime sondetest-kept)" 5
	equal "server's lifetimes" "$(tcp_count lifetime kept-server)" 5
}

# tcp_count OPERATION SERVICE...
tcp_count() {
	jq -s --args --arg op "$1" 'map(.services[$ARGS.positional[]].tcp[$op].count // 0) | add // 0' "${@:2}" <"$BATS_TEST_TMPDIR/slots"
}
