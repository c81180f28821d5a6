#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Sets of a sonde run are switched while it runs, and no count of the others is lost.

bats_require_minimum_version 1.5.0
load helpers

setup() {
	require root btf jq
	join_root_cgroups
	OUT=$BATS_TEST_TMPDIR/out
	# Others than root come here.
	DIR=$(mktemp -d)
	chmod 755 "$DIR"
	SOCKET=$DIR/sock
}

teardown() {
	helpers_teardown
	rm -rf "$DIR"
}

serve() {
	sonde_start --interval 1 --output json --socket "$SOCKET" "$@"
}

ctl() {
	"$SONDE" ctl --socket "$SOCKET" "$@"
}

# sum SERVICE SET OPERATION: the counts of all slots.
sum() {
	jq -s "[.[].services[\"$1\"].$2.$3.count // 0] | add" "$OUT"
}

# slots_pass: two more slots are there.
slots_pass() {
	local n
	n=$(wc -l <"$OUT")
	wait_for eval "[ \$(wc -l <'$OUT') -ge $((n + 2)) ]"
}

# Programs that are attached by sonde, the iterators that it opens for a moment not among them.
attached() {
	find "/proc/$(sonde_pid)/fdinfo" -type f -exec grep -lE '^(tp_name|link_type:[[:space:]]*(raw_tracepoint|tracing|perf))' {} + 2>/dev/null | wc -l
}

@test "under a load, switching another set loses no count and no slot" {
	prog=$(copy_as calls ctl-load)
	serve --probes all
	start_bg "$prog" -t 4 -n $((20000 / SLOW)) -d 200 getppid
	load=$BG_PID
	changes=0
	while alive "$load"; do
		ctl disable tcp,block
		ctl enable block
		ctl disable sched
		ctl enable sched,tcp
		changes=$((changes + 6))
	done >/dev/null
	wait_bg "$load"
	sonde_stop
	equal getppid "$(sum ctl-load syscalls getppid)" $((80000 / SLOW))
	equal "slots that follow each other" "$(jq -s '[.[].slot] | [range(.[0]; .[-1] + 1)] == .' "$OUT")" true
	equal events "$(jq -s '[.[].events[]?] | length' "$OUT")" $changes
}

# bats test_tags=user
@test "system calls are counted up to the moment and from the moment on, and nothing in between" {
	prog=$(copy_as calls ctl-calls)
	serve --probes syscalls
	"$prog" -n 300 getppid
	before=$(attached)
	ctl disable syscalls
	equal "attached programs" "$(attached)" $((before - 2))
	slots_pass
	"$prog" -n 5000 getppid
	slots_pass
	tail -n 1 "$OUT" >"$OUT.off"
	ctl enable syscalls
	"$prog" -n 70 getppid
	sonde_stop
	equal getppid "$(sum ctl-calls syscalls getppid)" 370
	# Nothing, which is not the same as zeros.
	jq -e '.services == {} and .self.syscalls == {"running": 0}' "$OUT.off"
	jq -e '[.services[].syscalls | select(.)] | length > 0' <<<"$(tail -n 1 "$OUT")"
	jq -s -e '[.[].events[]? | [.set, .enabled, .uid]] == [["syscalls", false, 0], ["syscalls", true, 0]]' "$OUT"
	grep -q 'probe set syscalls was switched off by user 0, process ' "$BATS_TEST_TMPDIR/err"
}

# client N: so many connections of the service ctl-tcp.
client() {
	"$prog" client -p "$port" -n "$1" >/dev/null
}

# bats test_tags=user
@test "connections: the set syscalls may come and go, and what passed meanwhile counts nowhere" {
	require unlocked
	prog=$(copy_as tcpwork ctl-tcp)
	start_bg "$(copy_as tcpwork ctl-server)" server -n 170 >"$BATS_TEST_TMPDIR/server"
	wait_for grep -q port= "$BATS_TEST_TMPDIR/server"
	port=$(field port "$BATS_TEST_TMPDIR/server")
	serve --probes syscalls,tcp
	client 20
	ctl disable syscalls
	client 30
	ctl enable syscalls
	client 40
	ctl disable tcp
	client 50
	ctl enable tcp
	client 30
	sonde_stop
	equal connect "$(sum ctl-tcp tcp connect)" 120
	equal accept_wait "$(sum ctl-server tcp accept_wait)" 120
}

# bats test_tags=user
@test "what was under way when it was switched off is neither failed nor long afterwards" {
	prog=$(copy_as tcpwork ctl-open)
	start_bg "$(copy_as tcpwork ctl-sink)" server -n 10 >"$BATS_TEST_TMPDIR/server"
	wait_for grep -q port= "$BATS_TEST_TMPDIR/server"
	serve --probes syscalls,tcp
	start_gated client "$prog" client -p "$(field port "$BATS_TEST_TMPDIR/server")" -n 10 -w
	release client
	wait_for eval '[ "$(sum ctl-open tcp connect)" = 10 ]'
	ctl disable tcp,syscalls
	ctl enable tcp,syscalls
	release client
	wait_bg "$BG_PID"
	sonde_stop
	equal connect "$(sum ctl-open tcp connect)" 10
	# The last one was open all the time.
	equal lifetime "$(sum ctl-open tcp lifetime)" 9
	equal failures "$(jq -s '[.[].services["ctl-open"].tcp.connect.errno // {} | add // 0] | add' "$OUT")" 0
}

# bats test_tags=user
@test "the time of threads is that of when it was on" {
	start_bg "$(copy_as mixture ctl-spin)" spin 1000 1
	serve --probes sched
	slots_pass
	ctl disable sched
	sleep 3
	ctl enable sched
	slots_pass
	sonde_stop
	# No slot has more than its own second, however long the gap was.
	jq -s -e "[.[].services[\"ctl-spin\"].time // {} | [.user, .kernel, .runq] | map(.ms // 0) | add] | max < $((2000 * SLOW)) and (map(select(. > 0)) | length) >= 3" "$OUT"
}

# bats test_tags=user
@test "a confined run does it, too" {
	kernel_says check '.notes.preemptible | not' || kernel_lacks "attaching without privileges where programs can be interrupted"
	prog=$(copy_as calls ctl-confined)
	serve --probes syscalls,tcp --confine
	ctl disable syscalls,tcp
	"$prog" -n 100 getppid
	ctl enable syscalls,tcp
	"$prog" -n 40 getppid
	sonde_stop
	equal getppid "$(sum ctl-confined syscalls getppid)" 40
}

# bats test_tags=user
@test "a reload leaves it as it is" {
	printf 'probes = syscalls,tcp\n' >"$DIR/conf"
	serve --config "$DIR/conf"
	ctl disable tcp
	kill -HUP "$(sonde_pid)"
	wait_for grep -q 'was read again' "$BATS_TEST_TMPDIR/err"
	ctl status --json | jq -e 'map(select(.enabled).set) == ["syscalls"]'
	ctl enable tcp
	kill -HUP "$(sonde_pid)"
	wait_for eval '[ "$(grep -c "was read again" "$BATS_TEST_TMPDIR/err")" = 2 ]'
	ctl status --json | jq -e 'map(select(.enabled).set) == ["syscalls", "tcp"]'
	sonde_stop
}

# bats test_tags=user
@test "status, and what is refused" {
	serve --probes syscalls,tcp --socket-mode 0666
	run -0 ctl status
	[[ ${lines[0]} =~ ^syscalls\ +on\ +since\ 20 ]]
	[[ ${lines[2]} =~ ^block\ +off\ +not\ asked\ for ]]
	run -0 ctl disable tcp
	[[ ${lines[1]} =~ ^tcp\ +off\ +since\ 20 ]]
	ctl status --json | jq -e '[.[] | .enabled] == [true, false, false, false] and (.[1].since | type) == "number"'
	run -1 ctl enable block
	[[ $output == *"refused: block was not loaded at the start; name it in --probes and restart" ]]
	run -1 ctl disable tcp,disk
	[[ $output == *"refused: there is no probe set 'disk'" ]]
	run -2 ctl disable
	[[ $output == *"expected enable SET"* ]]
	run -1 "$SONDE" ctl --socket "$DIR/nothing" status
	[[ $output == *"does a sonde run serve it?" ]]
	cp "$SONDE" "$DIR/sonde"
	run -1 setpriv --reuid 65534 --regid 65534 --clear-groups "$DIR/sonde" ctl --socket "$SOCKET" disable syscalls
	[[ $output == *"refused: only root may ask for that" ]]
	[ "${#lines[@]}" = 1 ]
	# It is no viewer, and changed nothing.
	ctl status --json | jq -e '.[0].enabled'
	sonde_stop
	[ "$(jq -s '[.[].events[]?] | length' "$OUT")" = 1 ]
}
