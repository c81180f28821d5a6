#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
bats_require_minimum_version 1.5.0
# Programs that know the very lines which a tracer must print for them (tests/work/lines_TOPIC.c): Debian's strace prints
# them, which shows that they are right, and so does `sonde trace`, but for what tests/lines.differences says.

# bats file_tags=beside
load helpers

# With more than one thread or process, where calls interrupt each other is chance, unless the program sees to it.
EXACT="paths stat io descriptors memory time ids sockets messages poll ipc misc threads"
JOINED="processes signals"

setup() {
	require root
	export TZ=UTC
}

# Both ends of a FIFO for each worker of lines_threads.
copiers() {
	local n
	for n in 1 2; do
		mkfifo "$1/ask$n" "$1/answer$n"
		BG_INPUT=$1/ask$n start_bg cat 1<>"$1/answer$n"
	done
}

how() {
	[[ " $EXACT " = *" $1 "* ]] && echo 0 || echo 1
}

# by_thread HOW: lines in which halves of calls have been joined are in each thread's order.
by_thread() {
	if [ "$1" = 1 ]; then
		sed -E 's/\) +=/) =/; s/^([0-9]+) +/\1 /' | sort -s -n -k1,1
	else
		cat
	fi
}

# compare TOPIC TRACER [OPTION]...: shows how the lines differ. TRACER is strace or sonde, FILTER a sed script that takes
# off what its options have added, MODE the program's.
compare() {
	local topic=$1 tracer=$2 base joined intended=/dev/null command
	shift 2
	base=$(mktemp -d "$BATS_TEST_TMPDIR/$topic.XXXXXX")
	joined=${LINES_JOINED:-$(how "$topic")}
	mkdir "$base/dir"
	[ "$topic" != threads ] || copiers "$base/dir"
	command=(strace)
	[ "$tracer" = strace ] || command=("$SONDE" trace) intended=$ROOT/tests/lines.differences
	"${command[@]}" -f "$@" -o "$base/trace" "$WORK/lines_$topic" "$base/dir" ${MODE:+"$MODE"} \
		>"$base/expected" 2>"$base/errors" || fail "$topic: status $?: $(cat "$base/errors")"
	by_thread "$joined" <"$base/expected" | sed -E -f "$intended" >"$base/want"
	sed -E "${FILTER:-}" "$base/trace" | awk -v joined="$joined" -f "$ROOT/tests/lines.awk" | by_thread "$joined" |
		sed -E -f "$intended" >"$base/got"
	[ -s "$base/want" ] || fail "$topic expects nothing"
	diff -U2 "$base/want" "$base/got" | sed '/^@@/d' >"$base/diff" || true
	[ ! -s "$base/diff" ] || fail "$topic ($(wc -l <"$base/want") lines) under $tracer $*:
$(cat "$base/diff")"
}

# What is printed for each option is in the mode of its name.
options() {
	local option
	for option in "-v" "-s 5" "-x" "-xx" "-y" "-yy"; do
		# shellcheck disable=SC2086 # An option and its argument.
		MODE=$(tr -d ' -' <<<"$option") compare options "$1" $option
	done
}

# Each of these puts something into every line, which the filter wants there. What that does to columns does not matter.
times() {
	local pid='^([0-9]+ +)' day='[0-2][0-9]:[0-5][0-9]:[0-6][0-9]'
	export LINES_JOINED=1
	FILTER="s/$pid$day /\1/; t; s/^/without: /" compare io "$1" -t
	FILTER="s/$pid$day\.[0-9]{6} /\1/; t; s/^/without: /" compare io "$1" -tt
	FILTER="s/${pid}[0-9]{10}\.[0-9]{6} /\1/; t; s/^/without: /" compare io "$1" -ttt
	FILTER="s/${pid} +[0-9]+\.[0-9]{6} /\1/; t; s/^/without: /" compare io "$1" -r
	FILTER='/ = /{s/ <[0-9]+\.[0-9]{6}>$//; t; s/^/without: /}' compare io "$1" -T
}


# bats test_tags=host
@test "strace prints what the programs expect" {
	require strace
	local topic
	for topic in $EXACT $JOINED; do
		compare "$topic" strace
	done
	options strace
	times strace
}

sonde_lines() {
	require btf
	compare "$1" sonde
}

# bats test_tags=user
@test "paths" {
	sonde_lines paths
}

# bats test_tags=user
@test "what files are" {
	sonde_lines stat
}

# bats test_tags=user
@test "reading and writing" {
	sonde_lines io
}

# bats test_tags=user
@test "descriptors" {
	sonde_lines descriptors
}

# bats test_tags=user
@test "memory" {
	sonde_lines memory
}

# bats test_tags=user
@test "time and scheduling" {
	sonde_lines time
}

# bats test_tags=user
@test "identities, limits, the machine" {
	sonde_lines ids
}

# bats test_tags=user
@test "sockets" {
	sonde_lines sockets
}

# bats test_tags=user
@test "messages" {
	sonde_lines messages
}

# bats test_tags=user
@test "poll, select, epoll" {
	sonde_lines poll
}

# bats test_tags=user
@test "shared memory, semaphores, queues, futexes" {
	sonde_lines ipc
}

# bats test_tags=user
@test "other calls, and numbers without a name" {
	sonde_lines misc
}

@test "processes: fork, clone, exec, wait, exit" {
	sonde_lines processes
}

@test "signals" {
	sonde_lines signals
}

@test "threads whose calls interrupt each other" {
	sonde_lines threads
}

# bats test_tags=user
@test "options: -v -s -x -xx -y -yy" {
	require btf
	options sonde
}

# bats test_tags=user
@test "options: -t -tt -ttt -r -T" {
	require btf
	times sonde
}
