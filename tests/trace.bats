#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# sonde trace: counts are exact, a stuck process is seen through, bad days harm nobody.

bats_require_minimum_version 1.5.0
load helpers
load terminal

setup() {
	require root
	export LC_ALL=C.UTF-8
	unset NO_COLOR COLUMNS SUDO_UID SUDO_GID
	T=$BATS_TEST_TMPDIR
}

teardown() {
	end_terminals
	helpers_teardown
}

trace() {
	"$SONDE" trace "$@"
}

# refused STATUS WORDS ARG...: ends with that status, one line with WORDS on standard error, nothing on standard output.
refused() {
	run "-$1" --separate-stderr timeout 20 "$SONDE" trace "${@:3}"
	[ -z "$output" ] || fail "standard output: $output"
	[ "${#stderr_lines[@]}" = 1 ] || fail "not one line: $stderr"
	[[ $stderr == *"$2"* ]] || fail "no '$2' in: $stderr"
}

# attached ARG...: `sonde trace ARG...` in the background, output in `out` and errors in `err`, once it sees what targets do.
attached() {
	: >"$T/err"
	start_bg "$SONDE" trace "$@" >"$T/out" 2>"$T/err"
	TRACER=$BG_PID
	wait_for said_or_dead "$T/err" '^sonde: attached' "$TRACER"
	grep -q '^sonde: attached' "$T/err" || fail "did not attach: $(cat "$T/err")"
}

# counted CALL [FILE]: "calls errors" of that line of a table.
counted() {
	awk -v call="$1" '$NF == call && $1 ~ /^[0-9.]+$/ { print $4, NF == 10 ? $5 : 0 }' "${2:-$T/out}"
}

# --- counts ----------------------------------------------------------------------------------------------------------

@test "trace -c counts what programs do, exactly" {
	trace -c -o "$T/out" -- "$WORK/calls" -n 1000 getppid
	[ "$(counted getppid)" = "1000 0" ]
	trace -c -o "$T/out" -- "$WORK/calls" -n 77 read-fail
	[ "$(counted read)" = "77 77" ]
	# All threads, but children only with -f.
	trace -c -o "$T/out" -- "$WORK/calls" -t 4 -n 250 read
	[ "$(counted read)" = "1000 0" ]
	trace -c -o "$T/out" -- "$WORK/calls" -p 3 -t 2 -n 100 read
	[ "$(counted read)" = "200 0" ]
	trace -c -f -o "$T/out" -- "$WORK/calls" -p 3 -t 2 -n 100 read
	[ "$(counted read)" = "600 0" ]
	# Before and after an execve.
	trace -c -f -o "$T/out" -- "$WORK/calls" -p 2 -n 100 --exec read
	[ "$(counted read)" = "200 0" ]
	[ "$(counted execve)" = "3 0" ]
}

@test "trace -p counts from when it is attached until the process ends" {
	start_gated calls "$WORK/calls" --wait -t 3 -n 500 openat-fail
	attached -c -p "$BG_PID"
	release calls
	wait_for grep -q '^pid=' "$T/calls.out"
	release calls
	wait_bg "$TRACER"
	[ "$(counted openat)" = "1500 1500" ]
	grep -q ' total$' "$T/out"
}

# same_counts PROGRAM [ARG]...: sonde and strace count the same calls and errors.
same_counts() {
	require strace
	# What it finds on its first run is not what it finds later.
	"$@" >/dev/null 2>&1
	strace -c -f -o "$T/strace" "$@" >/dev/null 2>&1
	trace -c -f -o "$T/sonde" -- "$@" >/dev/null 2>&1
	awk '$1 ~ /^[0-9.]+$/ && NF >= 5 && $NF != "total" { print $NF, $4, NF == 6 ? $5 : 0 }' "$T/strace" | sort >"$T/a"
	awk '$1 ~ /^[0-9.]+$/ && NF >= 9 && $NF != "total" { print $NF, $4, NF == 10 ? $5 : 0 }' "$T/sonde" | sort >"$T/b"
	[ -s "$T/a" ]
	diff "$T/a" "$T/b"
}

# bats test_tags=user
@test "trace -c -f counts as strace does: a script of 200 processes" {
	echo 'i=0; while [ $i -lt 200 ]; do /bin/true; i=$((i+1)); done' >"$T/script"
	same_counts sh "$T/script"
}

# bats test_tags=host
@test "trace -c -f counts as strace does: a compiler and its children" {
	require gcc
	echo 'int main(void) { return 0; }' >"$T/a.c"
	# The names of temporary files are chance, and how often one is taken already.
	same_counts gcc -save-temps=obj -O2 -c -o "$T/a.o" "$T/a.c"
}

# bats test_tags=host
@test "trace -c -f counts as strace does: threads of Python" {
	require python3
	cat >"$T/threads.py" <<-'PYTHON'
		import os, threading
		def work(n):
		    for i in range(50):
		        os.stat("/"); os.getppid()
		        try: os.open("/nonexistent/%d" % n, 0)
		        except FileNotFoundError: pass
		threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
		for t in threads: t.start(); t.join()
	PYTHON
	# Waits for locks are chance.
	require strace
	strace -c -f -e trace=openat,getppid,newfstatat,clone,clone3 -o "$T/strace" python3 -S -E "$T/threads.py"
	trace -c -f -e trace=openat,getppid,newfstatat,clone,clone3 -o "$T/sonde" -- python3 -S -E "$T/threads.py"
	diff <(awk '$1 ~ /^[0-9.]+$/ && $NF != "total" { print $NF, $4 }' "$T/strace" | sort) \
		<(awk '$1 ~ /^[0-9.]+$/ && $NF != "total" { print $NF, $4 }' "$T/sonde" | sort)
	[ -n "$(counted getppid "$T/sonde")" ]
}

# bats test_tags=incident
@test "trace -c -f counts as strace does, at the same time: redis-server under redis-benchmark" {
	local server tracer calls=write,accept,accept4
	require strace redis-server redis-benchmark redis-cli
	start_bg redis-server --port 0 --unixsocket "$T/redis" --save '' --dir "$T" >/dev/null
	server=$BG_PID
	wait_for redis-cli -s "$T/redis" ping >/dev/null 2>&1
	attached -c -f -e trace=$calls -p "$server" -o "$T/sonde"
	start_bg strace -c -f -e trace=$calls -p "$server" -o "$T/strace" 2>"$T/strace.err"
	tracer=$BG_PID
	wait_for grep -q 'attached' "$T/strace.err"
	redis-benchmark -s "$T/redis" -c 5 -n 2000 -t get,set -q >/dev/null
	stop_bg "$tracer" INT || true
	stop_bg "$TRACER" INT
	diff <(awk '$1 ~ /^[0-9.]+$/ && $NF != "total" { print $NF, $4 }' "$T/strace" | sort) \
		<(awk '$1 ~ /^[0-9.]+$/ && $NF != "total" { print $NF, $4 }' "$T/sonde" | sort)
	[ "$(counted write "$T/sonde" | cut -d' ' -f1)" -ge 4000 ]
}

# bats test_tags=user
@test "no process of many short ones is missed" {
	local pids
	echo 'f() { [ $1 -gt 0 ] || return 0; (f $(($1 - 1))) & (f $(($1 - 1))) & wait; }; f 7; wait' >"$T/bomb"
	trace -f --calls -q -o "$T/out" -- sh "$T/bomb"
	pids=$(awk '{ print $1 }' "$T/out" | sort -u | wc -l)
	[ "$pids" = "$(grep -c '+++ exited with 0 +++' "$T/out")" ]
	# Twice as many in each generation; a shell may make the last ones itself.
	[ "$pids" -ge 127 ]
	run ! grep 'lost' "$T/out"
	# Of each the first and the last call.
	[ "$(grep -c "exit_group(0" "$T/out")" = "$pids" ]
}

# settled FILE: nothing more is written there.
settled() {
	local size=-1 now
	while now=$(stat -c %s "$1") && [ "$now" != "$size" ]; do
		size=$now
		sleep 0.5
	done
}

# many_calls N USEC [stopped]: shown, lost and counted of N calls, one each USEC microseconds (0: one after the other); with a
# tracer that stands still meanwhile.
many_calls() {
	start_gated calls "$WORK/calls" --wait -n "$1" ${2:+-d "$2"} getppid
	attached -e getppid -C -o "$T/lines" -p "$BG_PID"
	[ -z "$3" ] || kill -s STOP "$TRACER"
	release calls
	DEADLINE=120 wait_for grep -q '^pid=' "$T/calls.out"
	[ -z "$3" ] || kill -s CONT "$TRACER"
	# The end of the process is an event, too, which would be lost with the others.
	settled "$T/lines"
	release calls
	DEADLINE=60 wait_bg "$TRACER"
	shown=$(grep -c '^getppid()' "$T/lines")
	lost=$(awk '/^\.\.\. [0-9,]+ calls lost/ { gsub(",", "", $2); n += $2 } END { print n + 0 }' "$T/lines")
	[ "$(counted getppid "$T/lines")" = "$1 0" ]
	echo "# shown $shown, lost $lost of $1, $(($1 * 1000000 / ($(field ns "$T/calls.out") / 1000))) per second" >&3
}

# bats test_tags=user
@test "no call is lost at 100,000 calls per second into a file" {
	local shown lost
	many_calls $((300000 / SLOW)) 10
	[ "$shown" = $((300000 / SLOW)) ]
	[ "$lost" = 0 ]
}

# bats test_tags=user
@test "at five times that, what is shown and what is lost add up to what was counted" {
	local shown lost
	many_calls $((1500000 / SLOW)) 2
	[ $((shown + lost)) = $((1500000 / SLOW)) ]
}

# bats test_tags=user
@test "what is shown and what is lost add up also when nobody reads" {
	local shown lost
	many_calls $((1000000 / SLOW)) "" stopped
	[ $((shown + lost)) = $((1000000 / SLOW)) ]
	# An emulated machine makes fewer calls than there is room for.
	[ "$lost" -gt 0 ] || [ "$SLOW" != 1 ]
}

# --- the command -----------------------------------------------------------------------------------------------------

# bats test_tags=user
@test "the command's status is passed on, and its arguments are its own" {
	run -7 trace -o "$T/out" -- sh -c 'exit 7'
	run -7 trace -o "$T/out" sh -c 'exit 7'
	run -0 trace -o "$T/out" echo -p 1 --nonsense
	[ "$output" = "-p 1 --nonsense" ]
	# Killed by a signal, as the command was.
	run -143 trace -o "$T/out" sh -c 'kill -TERM $$'
	[ "$(tail -n 1 "$T/out")" = "+++ killed by SIGTERM +++" ]
	run -137 trace -o "$T/out" sh -c 'kill -KILL $$'
	refused 127 "nosuchprogram: No such file" nosuchprogram
	refused 126 "Permission denied" /etc/passwd
	# The first line is its execve.
	trace -o "$T/out" true
	[[ $(head -n 1 "$T/out") == 'execve("'*'/true", ["true"'*') = 0' ]]
	[ "$(tail -n 1 "$T/out")" = "+++ exited with 0 +++" ]
}

# bats test_tags=user
@test "with a command, lines go to standard error" {
	run -0 --separate-stderr trace -e write echo hello
	[ "$output" = hello ]
	[[ $stderr == *'write(1, "hello\n", 6)'*'= 6'* ]]
}

# bats test_tags=user
@test "under sudo the command runs as who called it" {
	SUDO_UID=65534 SUDO_GID=65534 run -0 trace -o "$T/out" sh -c 'id -u; id -g; id -G'
	[ "$(echo $output)" = "65534 65534 65534" ]
	run -0 trace -o "$T/out" id -u
	[ "$output" = 0 ]
}

# bats test_tags=user
@test "signals reach the command, whose end is the trace's" {
	local status=0
	start_bg "$SONDE" trace -o "$T/out" sh -c 'trap "echo got TERM; exit 5" TERM; echo ready; while :; do sleep 0.05; done' >"$T/said" 2>&1
	wait_for grep -q ready "$T/said"
	kill -s TERM "$BG_PID"
	wait_bg "$BG_PID" || status=$?
	[ "$status" = 5 ]
	grep -q 'got TERM' "$T/said"
	grep -q -- '--- SIGTERM {si_signo=SIGTERM, si_code=SI_USER, si_pid=' "$T/out"
	[ "$(tail -n 1 "$T/out")" = "+++ exited with 5 +++" ]
}

# --- which calls -----------------------------------------------------------------------------------------------------

# bats test_tags=user
@test "calls are chosen by name, class, expression, result, error, descriptor and path" {
	local fd program='cat /etc/passwd /nonexistent; true'
	trace -f -e openat -o "$T/out" sh -c "$program" 2>/dev/null
	run ! grep -vE 'openat\(|\+\+\+|---' "$T/out"
	trace -f -q -q -e '!openat' -e signal=none -o "$T/out" sh -c "$program" 2>/dev/null
	run ! grep -E 'openat|\+\+\+|---' "$T/out"
	grep -q 'read(' "$T/out"
	trace -f -qq -e signal=none -e trace=%file -o "$T/out" sh -c "$program" 2>/dev/null
	grep -q 'openat(' "$T/out"
	run ! grep -E 'read\(|close\(' "$T/out"
	trace -f -qq -e signal=none -e '/^(open|clo)' -o "$T/out" sh -c "$program" 2>/dev/null
	run ! grep -vE 'openat\(|close\(|clone|clock_' "$T/out"
	trace -f -qq -e signal=none -e openat -Z -o "$T/out" sh -c "$program" 2>/dev/null
	run ! grep -v 'openat(.* = -1 E' "$T/out"
	grep -q '"/nonexistent", O_RDONLY) = -1 ENOENT (No such file or directory)' "$T/out"
	trace -f -qq -e signal=none -e openat -z -o "$T/out" sh -c "$program" 2>/dev/null
	run ! grep -- '= -1' "$T/out"
	trace -f -qq -e signal=none --where errno=EBADF -o "$T/out" "$WORK/calls" -n 3 read-fail
	[ "$(grep -c 'read(-1, .* = -1 EBADF' "$T/out")" = 3 ]
	[ "$(wc -l <"$T/out")" = 3 ]
	trace -f -qq -e signal=none -P /etc/passwd -o "$T/out" cat /etc/passwd
	# bats has low numbers open itself.
	fd=$(sed -n 's|.*openat(AT_FDCWD, "/etc/passwd", O_RDONLY) = \([0-9]*\)$|\1|p' "$T/out")
	grep -q "fadvise64($fd, " "$T/out"
	grep -q "close($fd)" "$T/out"
	run ! grep 'ld.so' "$T/out"
	trace -f -qq -e signal=none -e fd=1 -o "$T/out" echo x
	run ! grep -vE '\(1[,)]' "$T/out"
	grep -q 'write(1, "x\\n", 2)' "$T/out"
}

# bats test_tags=user
@test "short calls are left out by --min-duration" {
	trace -qq --min-duration 10ms -T -o "$T/out" "$WORK/calls" -n 3 -d 20000 nanosleep
	[ "$(grep -c 'nanosleep(.*<0.0[2-9]' "$T/out")" = 3 ]
	run ! grep -v 'sleep\|execve' "$T/out"
}

# bats test_tags=user
@test "times, columns, strings and descriptors are shown as asked for" {
	trace -e write -t -o "$T/out" echo x
	grep -qE '^[0-2][0-9]:[0-5][0-9]:[0-5][0-9] write\(1, "x\\n", 2\) += 2$' "$T/out"
	trace -e write -tt -T -o "$T/out" echo x
	grep -qE '^[0-9:]{8}\.[0-9]{6} write\(1, "x\\n", 2\) += 2 <0\.[0-9]{6}>$' "$T/out"
	trace -e write -ttt -a 60 -o "$T/out" echo x
	grep -qE '^[0-9]{10}\.[0-9]{6} write\(1, "x\\n", 2\) {24}= 2$' "$T/out"
	trace -e write -r -o "$T/out" echo x
	grep -qE '^ +0\.[0-9]{6} write' "$T/out"
	trace -e write -s 3 -o "$T/out" echo abcdef
	grep -qF 'write(1, "abc"..., 7)' "$T/out"
	trace -e write -xx -o "$T/out" echo x
	grep -qF 'write(1, "\x78\x0a", 2)' "$T/out"
	(cd /etc && trace -e openat,read,close -y -o "$T/out" cat passwd)
	grep -qE '^openat\(AT_FDCWD</etc>, "passwd", O_RDONLY\) = [0-9]+</etc/passwd>$' "$T/out"
	grep -qE '^close\([0-9]+</etc/passwd>\) +=' "$T/out"
	trace -f -e write -yy -o "$T/out" sh -c 'echo x >/dev/null'
	grep -qF 'write(1</dev/null<char 1:3>>, "x\n", 2)' "$T/out"
}

# bats test_tags=host
@test "-yy shows both ends of a connection" {
	require python3
	cat >"$T/pair.py" <<-'PYTHON'
		import socket
		a = socket.socket(); a.bind(("127.0.0.1", 0)); a.listen()
		b = socket.create_connection(a.getsockname()); c, _ = a.accept()
		b.sendall(b"hello"); c.recv(5)
		print("%d %d" % (a.getsockname()[1], b.getsockname()[1]), flush=True)
		input()
	PYTHON
	mkfifo "$T/in"
	BG_INPUT=$T/in start_bg "$SONDE" trace -e sendto,recvfrom -yy -o "$T/out" python3 "$T/pair.py" >"$T/ports"
	wait_for test -s "$T/ports"
	read -r server client <"$T/ports"
	wait_for grep -q recvfrom "$T/out"
	echo 1<>"$T/in"
	wait_bg "$BG_PID"
	grep -qF "<TCP:[127.0.0.1:$client->127.0.0.1:$server]>, \"hello\", 5, 0, NULL, 0) = 5" "$T/out"
	grep -qF "<TCP:[127.0.0.1:$server->127.0.0.1:$client]>, \"hello\", 5, 0, NULL, NULL) = 5" "$T/out"
}

# bats test_tags=user
@test "-k shows where in the program it was" {
	# It lives long enough to be looked at.
	trace -e getppid -k -o "$T/out" "$WORK/calls" -n 3 -d $((50000 * SLOW)) getppid
	grep -A1 '^getppid()' "$T/out" | grep -qE '^ > .*/calls\([a-z_]+\+0x[0-9a-f]+\) \[0x[0-9a-f]+\]$'
}

# bats test_tags=user
@test "-ff writes a file for each thread" {
	local file
	trace -ff -e getppid -o "$T/out" "$WORK/calls" -p 2 -t 2 -n 50 getppid
	[ "$(cat "$T"/out.* | grep -c '^getppid()')" = 200 ]
	[ "$(ls "$T"/out.* | wc -l)" = 4 ]
	for file in "$T"/out.*; do
		[ "$(grep -c '^getppid() ' "$file")" = 50 ]
		[[ $(tail -n 1 "$file") == '+++ exited with 0 +++' ]]
	done
}

# bats test_tags=user
@test "threads that interrupt each other have halves of lines" {
	trace -e nanosleep -o "$T/out" "$WORK/calls" -t 2 -n 2 -d 50000 nanosleep
	grep -qE '^[0-9]+ +nanosleep\(\{tv_sec=0, tv_nsec=50000000\},.* <unfinished \.\.\.>$' "$T/out"
	grep -qE '^[0-9]+ +<\.\.\. nanosleep resumed>.*\) += 0$' "$T/out"
}

@test "32-bit calls are named as such and never decoded as others" {
	"$WORK/compat" 1 || kernel_lacks "32-bit calls of 64-bit programs"
	trace -o "$T/out" "$WORK/compat" 3
	[ "$(grep -c '^compat_syscall_0x40(' "$T/out")" = 3 ]
	[ "$(grep -c '^getppid() ' "$T/out")" = 3 ]
	grep -q 'makes 32-bit calls' "$T/out"
	trace -c -o "$T/out" "$WORK/compat" 3
	grep -q ' 3 .*(32-bit calls)$' "$T/out"
}

# bats test_tags=user
@test "--json is one object per call" {
	trace -f --json -o "$T/out" sh -c 'cat /nonexistent; kill -USR1 $$' 2>/dev/null || true
	jq -es 'length > 10' "$T/out" >/dev/null
	jq -es 'map(select(.call == "openat" and .error == "ENOENT" and .args.pathname == "/nonexistent" and .ret == -1 and
		.duration > 0 and .note == "No such file or directory")) | length == 1' "$T/out"
	jq -es 'map(select(.type == "exit" and .killed_by == "SIGUSR1")) | length == 1' "$T/out"
	jq -es 'map(select(.type == "signal" and .signal == "SIGCHLD")) | length > 0' "$T/out"
	trace -c --json -o "$T/out" "$WORK/calls" -n 20 read-fail
	jq -e '.type == "summary" and .lost == 0 and (.syscalls[] | select(.name == "read") |
		.calls == 20 and .errors == 20 and .p50 <= .p95 and .p95 <= .max)' "$T/out"
}

# bats test_tags=user
@test "--rate says how many lines it leaves out" {
	trace -e getppid -qq --rate 100 -o "$T/out" "$WORK/calls" -n 20000 getppid
	awk '/^getppid/ { shown++ } /lines left out/ { gsub(",", "", $2); left += $2 } END { exit shown + left != 20000 || shown > 1000 }' "$T/out"
}

# bats test_tags=user
@test "--hist draws each call" {
	run -0 --separate-stderr trace --hist -e read "$WORK/calls" -n 100 read
	[[ $stderr == *"read"*"100"* ]]
}

# --- which processes -------------------------------------------------------------------------------------------------

# bats test_tags=user
@test "a service's and a cgroup's processes are traced, also those that come later" {
	require cgroup2
	local dir name=sonde-trace-$$
	dir=$(own_cgroup "$name")
	attached -e getppid --cgroup "/$name" -o "$T/cgroup"
	start_gated calls "$WORK/cgexec" "$dir" "$WORK/calls" --wait -n 40 getppid
	sleep 1.2
	release calls
	wait_for grep -q '^pid=' "$T/calls.out"
	wait_for eval '[ "$(grep -c "getppid()" "$T/cgroup")" = 40 ]'
	stop_bg "$TRACER" INT
	attached -e getppid --service "$name" -o "$T/service" -p 1 2>/dev/null || true
	stop_bg "$TRACER" INT || true
	release calls
}

# bats test_tags=user
@test "a process in another PID namespace has both numbers" {
	require unshare
	start_bg unshare --pid --fork --mount-proc sleep 1000
	wait_for pgrep -P "$BG_PID"
	local child
	child=$(pgrep -P "$BG_PID")
	echo "$child $(start_time "$child")" >>"$T/.pids"
	run -0 --separate-stderr trace -p "$child" --duration 100ms
	[[ $output == "$child sleep (1 in its PID namespace)"* ]]
}

# --- what it is stuck in ---------------------------------------------------------------------------------------------

# start_stuck ARG...: `work/stuck ARG...`, when it is stuck; its process is in PID, the thread in WAITER.
start_stuck() {
	start_bg ${NETNS:+in_netns "$NETNS"} "$WORK/stuck" "$@" >"$T/stuck.out"
	wait_for grep -q ready "$T/stuck.out"
	PID=$(field pid "$T/stuck.out")
	WAITER=$(field waiter "$T/stuck.out")
	wait_for eval '[[ $(cut -d" " -f1 /proc/$WAITER/syscall) =~ ^[0-9]+$ ]]'
}

# stuck CALL ON ARG...: `work/stuck ARG...` is seen in CALL, on what matches ON.
stuck() {
	start_stuck "${@:3}"
	COLUMNS=200 run -0 --separate-stderr trace -p "$PID" --duration 100ms
	[[ $(grep " $WAITER " <<<"$output") =~ \ $WAITER\ $1\ +\>[0-9.]+\ [mun]?s\ +$2$ ]] || fail "$output"
}

@test "trace -p says what a process is stuck in, for how long and on what" {
	require netns nft
	mkfifo "$T/fifo"
	stuck read "$T/fifo" fifo "$T/fifo"
	stuck fcntl "$T/lock; process [0-9]+ has the lock" lock "$T/lock"
	stuck futex "lock at 0x[0-9a-f]+, [0-9]+ has it" mutex
	netns_up hole
	in_netns hole nft -f - <<-'NFT'
		add table inet hole
		add chain inet hole in { type filter hook input priority 0; }
		add rule inet hole in tcp dport 81 drop
	NFT
	NETNS=hole stuck connect 127.0.0.1:81 connect 127.0.0.1 81
}

# bats test_tags=host
@test "what it is stuck in is on the screen at once" {
	local begun
	mkfifo "$T/fifo"
	start_stuck fifo "$T/fifo"
	begun=${EPOCHREALTIME/[.,]/}
	in_terminal 80 24 "$SONDE" trace -p "$PID"
	shows " read "
	echo "# on the screen after $((${EPOCHREALTIME/[.,]/} - begun)) us" >&3
	[[ $(screen) == *"$PID stuck "*"$WAITER read "*">"*"${T:0:16}"* ]]
	keys q
	ended 0
}

# --- bad input, bad days ---------------------------------------------------------------------------------------------

# bats test_tags=user
@test "trace refuses what makes no sense, in one line" {
	refused 2 "what shall be traced"
	refused 2 "not both" -p 1 true
	refused 2 "did you mean openat" -e opnat true
	refused 2 "did you mean network" -e %netwrok true
	refused 2 "did you mean follow" --folow true
	refused 2 "unknown status" -e status=good true
	refused 2 "unknown signal" -e signal=SIGFOO true
	refused 2 "descriptors" -e fd=x true
	refused 2 "only watches" -e inject=read:error=EIO true
	refused 2 "errno=NAME" --where pid=1 true
	refused 2 "unknown error" --where errno=ENONSENSE true
	refused 2 "process ids" -p x
	refused 2 "process ids" -p ,
	refused 2 "such as 10ms" --min-duration soon true
	refused 2 "expected one of" -S nonsense true
	refused 2 "needs -o FILE" -ff true
	refused 2 "-C prints both" -c --calls true
	refused 2 "a number from 0 to 4096" -s 5000 true
	refused 1 "there is no such process" -p 4194304
	refused 1 "No such file or directory" -o /nonexistent/file true
	refused 1 "Is a directory" -o "$T" true
}

# bats test_tags=user
@test "without root it says what it needs" {
	chmod 755 "$T" "$BATS_RUN_TMPDIR" 2>/dev/null || true
	cp "$SONDE" /tmp/sonde-trace-$$
	run -3 --separate-stderr setpriv --reuid 65534 --clear-groups "/tmp/sonde-trace-$$" trace -p 1
	rm -f /tmp/sonde-trace-$$
	[ "${#stderr_lines[@]}" = 1 ]
	[[ $stderr == *root* || $stderr == *CAP_* ]]
}

# bats test_tags=user
@test "a full disk ends the trace, and not the program" {
	[ -c /dev/full ]
	run -1 --separate-stderr trace -o /dev/full -- sh -c 'i=0; while [ $i -lt 20000 ]; do i=$((i+1)); kill -0 $$; done; echo done'
	[ "$output" = "done" ]
	[ "$(grep -c . <<<"$stderr")" = 1 ]
	[[ $stderr == *"/dev/full: No space left on device; the trace ends here"* ]]
}

# bats test_tags=user
@test "a reader that goes away ends the trace, and not the program" {
	start_gated calls "$WORK/calls" --wait -n 200000 getppid
	local target=$BG_PID
	start_bg bash -c '"$0" trace --calls -p "$1" 2>"$2" | head -n 3' "$SONDE" "$target" "$T/err" >"$T/out"
	local tracer=$BG_PID
	wait_for grep -q attached "$T/err"
	release calls
	wait_bg "$tracer"
	grep -q 'closed by its reader' "$T/err"
	wait_for grep -q '^pid=.* calls=200000 ' "$T/calls.out"
	BG_PID=$target
	release calls
	wait_bg "$target"
}

# no_programs ID...: none of these BPF programs is there any more.
no_programs() {
	local id
	for id in "$@"; do
		! bpftool prog show id "$id" >/dev/null 2>&1 || return 1
	done
}

# bats test_tags=user
@test "nothing is left when sonde is killed, and the program goes on" {
	start_gated calls "$WORK/calls" --wait -n 100000 -d 10 getppid
	local target=$BG_PID programs
	require bpftool
	attached --calls -p "$target" -o "$T/lines"
	programs=$(cat "/proc/$TRACER/fdinfo/"* 2>/dev/null | awk '$1 == "prog_id:" { print $2 }')
	[ -n "$programs" ]
	release calls
	wait_for test -s "$T/lines"
	kill -s KILL "$TRACER"
	wait_bg "$TRACER" || true
	wait_for grep -q '^pid=.* calls=100000 ' "$T/calls.out"
	release calls
	wait_bg "$target"
	# shellcheck disable=SC2086 # numbers
	wait_for no_programs $programs
}

# bats test_tags=user
@test "a process that is killed in a call ends its line, and the trace" {
	mkfifo "$T/fifo"
	start_bg "$WORK/stuck" fifo "$T/fifo" >"$T/stuck.out"
	local target=$BG_PID
	wait_for eval '[[ $(cut -d" " -f1 /proc/'"$target"'/syscall) =~ ^[0-9]+$ ]]'
	attached --calls -p "$target"
	kill -s KILL "$target"
	wait_bg "$TRACER"
	# The call began before the trace.
	[[ $(head -n 1 "$T/out") =~ ^read\([0-9]+,\ .*\)\ +=\ \?(\ ERESTARTSYS.*)?$ ]]
	[ "$(tail -n 1 "$T/out")" = "+++ killed by SIGKILL +++" ]
	wait_bg "$target" || true
}

# bats test_tags=user
@test "hostile strings cannot reach the terminal" {
	local name=$'\e]0;owned\a\n\x9b31m'
	run -1 trace -o "$T/out" cat -- "/nonexistent/$name"
	run ! env LC_ALL=C grep -P '[^\n -~]' "$T/out"
	grep -qF 'openat(AT_FDCWD, "/nonexistent/\33]0;owned\7\n\23331m", O_RDONLY) = -1 ENOENT' "$T/out"
	trace --json -o "$T/out" cat -- "/nonexistent/$name" || true
	run ! env LC_ALL=C grep -P '[^\n -~]' "$T/out"
	jq -e . "$T/out" >/dev/null
}

# start_deaf HOW: `work/deaf HOW`, when it is in a call; its process is in PID.
start_deaf() {
	local status=0
	mkdir "$T/deaf"
	start_bg "$WORK/deaf" "$1" "$T/deaf" $((20 * SLOW)) >"$T/deaf.out"
	PID=$BG_PID
	wait_for said_or_dead "$T/deaf.out" '^ready' "$PID"
	if ! grep -q '^ready' "$T/deaf.out"; then
		wait_bg "$PID" || status=$?
		[ "$status" != 77 ] || kernel_lacks "FUSE"
		fail "deaf ended with $status"
	fi
	wait_for eval '[[ $(cut -d" " -f1 /proc/$PID/syscall) =~ ^[0-9]+$ ]]'
}

# within_10s ARG...: `sonde trace ARG...` ends by itself, or by INT after a second where INT is set; its output is in `out`.
within_10s() {
	local status=0
	start_bg timeout --foreground -s KILL $((10 * SLOW)) ${INT:+timeout --foreground -s INT $SLOW} "$SONDE" trace "$@" >"$T/out" 2>"$T/err"
	wait_bg "$BG_PID" || status=$?
	# 124: as timeout says that it sent it.
	[ "$status" = $((${INT:-0} * 124)) ] || fail "ended with $status: $(cat "$T/err")"
}

# bats test_tags=user
@test "a process whose memory never comes holds nobody up" {
	local deaf
	start_deaf path
	deaf=$PID
	mkfifo "$T/fifo"
	start_stuck fifo "$T/fifo"
	export COLUMNS=200
	within_10s -p "$deaf,$PID" --duration 300ms
	grep -qE " $deaf openat +>[0-9.]+ [mun]?s *$" "$T/out"
	grep -qE " $PID read .* $T/fifo$" "$T/out"
	INT=1 within_10s -p "$deaf"
	grep -qE " $deaf openat +>[0-9.]+ [mun]?s *$" "$T/out"
	# As what is not there.
	within_10s --calls -p "$deaf" --duration 300ms
	grep -qE '^openat\(AT_FDCWD, 0x[0-9a-f]+, O_RDONLY <' "$T/out"
}

# bats test_tags=user
@test "a program whose file is never read to its end holds nobody up" {
	start_deaf program
	within_10s -k -e getppid -p "$PID" --duration 1s
	[ "$(grep -c '^getppid()' "$T/out")" -ge 5 ]
	grep -qE '^ > .*/program\(\) \[0x10[0-9a-f]\]$' "$T/out"
	# And is no reason to know less of others.
	start_bg "$WORK/calls" -n 1000000 -d $((20000 * SLOW)) getppid
	within_10s -k -e getppid -p "$PID,$BG_PID" --duration 1s
	grep -qE '^ > .*/program\(\) \[0x10[0-9a-f]\]$' "$T/out"
	grep -qE '^ > .*/calls\([a-z_]+\+0x[0-9a-f]+\) \[0x[0-9a-f]+\]$' "$T/out"
}

# --- the live view ---------------------------------------------------------------------------------------------------

# bats test_tags=host
@test "the live summary is readable at 80x24 and 200x60, sorted by keys, and quits cleanly" {
	local size
	start_bg "$WORK/calls" -t 2 -n 100000000 -d 100 read
	local target=$BG_PID
	for size in "80 24" "200 60"; do
		in_terminal $size "$SONDE" trace -p "$target"
		shows "CALL "
		shows "read "
		shows "NOW "
		shows "time:"
		[ "$(screen | wc -L)" -le "${size% *}" ]
		[[ $(screen | sed -n "${size#* }p") == "q quit"* ]]
		keys c
		shows "sort: calls"
		keys n
		shows "sort: name"
		keys h
		shows "this help"
		keys h p
		shows "holds still"
		keys p q
		ended 0
		end_terminals
	done
	# The final table stays on the screen.
	in_terminal 80 24 "$SONDE" trace -p "$target"
	shows "read "
	keys C-c
	ended 0
	shows "read "
	end_terminals
	in_terminal 80 24 "$SONDE" trace -p "$target"
	shows "read "
	kill -s KILL "$target"
	wait_bg "$target" || true
	shows "has ended"
	keys q
	ended 0
}

# bats test_tags=user
@test "not on a terminal there is one table, or one for each interval" {
	start_bg "$WORK/calls" -n 100000000 -d 100 read
	run -0 --separate-stderr trace -p "$BG_PID" --duration 300ms
	[ "$(grep -c '^CALL ' <<<"$output")" = 1 ]
	run -0 --separate-stderr trace -p "$BG_PID" --duration 1s --interval 200ms
	[ "$(grep -c '^CALL ' <<<"$output")" -ge 3 ]
}

# bats test_tags=user
@test "docs/trace.md has every option and key" {
	local option key
	for option in $("$SONDE" trace --help | sed -n -E 's/^ +(-., )?--([a-z-]+).*/\2/p' |
		grep -vxE 'help|version|verbose|root|btf|ascii'); do
		grep -qE -- "--$option\b|$(letter_of "$option")" "$ROOT/docs/trace.md" || fail "no --$option in docs/trace.md"
	done
	for key in t c e 5 9 x n j k p h q; do
		grep -qF "\`$key\`" "$ROOT/docs/trace.md" || fail "no key $key"
	done
}

letter_of() {
	"$SONDE" trace --help | sed -n -E "s/^ +-(.), --$1( .*)?$/\`-\1/p"
}
