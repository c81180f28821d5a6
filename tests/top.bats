#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# sonde top: what it prints and draws of recordings, and how it treats the terminal.

bats_require_minimum_version 1.5.0
# bats file_tags=user,host
load helpers
load terminal

setup() {
	FRAMES=$ROOT/tests/golden/frames
	export LC_ALL=C.UTF-8 COLUMNS=100
	unset NO_COLOR
}

teardown() {
	end_terminals
	helpers_teardown
}

top() {
	"$SONDE" top "$@"
}

# refused STATUS WORDS ARG...: ends with that status, one line with WORDS on standard error, nothing on standard output.
refused() {
	run "-$1" --separate-stderr timeout 5 "$SONDE" top "${@:3}"
	[ -z "$output" ] || fail "standard output: $output"
	[ "${#stderr_lines[@]}" = 1 ] || fail "not one line: $stderr"
	[[ $stderr == *"$2"* ]] || fail "no '$2' in: $stderr"
}

# --- text ------------------------------------------------------------------------------------------------------------

@test "top --batch prints each interval, all rows, as wide as asked for" {
	run -0 --separate-stderr top --batch --replay "$FRAMES/web.jsonl"
	[ "$(grep -c '^SERVICE ' <<<"$output")" = 12 ]
	[ "$(grep -c '^php-fpm ' <<<"$output")" = 12 ]
	[ -z "$stderr" ]
	[ "$(wc -L <<<"$output")" -le 100 ]
	COLUMNS=60 run -0 top --batch -n 1 --replay "$FRAMES/web.jsonl"
	[ "$(wc -L <<<"$output")" -le 60 ]
	unset COLUMNS
	run -0 top --batch -n 1 --replay "$FRAMES/web.jsonl"
	[ "$(wc -L <<<"$output")" -gt 150 ]
}

@test "top sorts, filters and shows the view that is asked for" {
	run -0 top --batch -n 1 --view processes --sort oldest --filter php --replay "$FRAMES/web.jsonl"
	[ "$(grep -c '^php-fpm ' <<<"$output")" = 20 ]
	[[ $(grep -A1 '^COMMAND' <<<"$output") == *4711*"12.0 s read"* ]]
	run ! grep -q '^nginx' <<<"$output"
	run -0 top --batch -n 1 --view peers --replay "$FRAMES/web.jsonl"
	[[ $(grep -A1 '^PEER' <<<"$output" | tail -n 1) == "10.0.3.7:3306 "* ]]
	for view in services operations devices; do
		run -0 top --batch -n 1 --view $view --replay "$FRAMES/web.jsonl"
		[[ $output == *" $view "* ]]
	done
}

@test "top --json gives frames back as they were, from standard input too" {
	top --json --replay "$FRAMES/web.jsonl" | cmp - "$FRAMES/web.jsonl"
	top --json --replay - <"$FRAMES/hostile.jsonl" | cmp - "$FRAMES/hostile.jsonl"
	[ "$(top --json -n 3 --replay "$FRAMES/web.jsonl" | wc -l)" = 3 ]
	top --json -n 1 --replay "$FRAMES/web.jsonl" | jq -e '.frame == 1 and .host == "web1" and
		(.services | length) == 6 and (.processes[] | select(.pid == 4711).inflight_op) == "read"'
}

@test "top prints 5,000 processes, and hostile names harmlessly" {
	head -n 1 "$FRAMES/web.jsonl" | jq -c '.processes = [range(5000) | {pid: (. + 1), service: (. % 6),
		comm: "w\(. % 7)", time: {user: (. * 1000), idle: 900000000}}]' >"$BATS_TEST_TMPDIR/many"
	run -0 top --batch --view processes --replay "$BATS_TEST_TMPDIR/many"
	[ "$(grep -c '^w[0-9] ' <<<"$output")" = 5000 ]
	top --batch --view processes --replay "$FRAMES/hostile.jsonl" >"$BATS_TEST_TMPDIR/out"
	# No name has broken a line.
	[ "$(sed '1,/^COMMAND/d' "$BATS_TEST_TMPDIR/out" | wc -l)" = 13 ]
	run ! grep -P '[\x00-\x08\x0b-\x1f\x7f]' "$BATS_TEST_TMPDIR/out"
	iconv -f UTF-8 -t UTF-8 "$BATS_TEST_TMPDIR/out" >/dev/null
	top --batch --ascii --replay "$FRAMES/hostile.jsonl" >"$BATS_TEST_TMPDIR/out"
	run ! env LC_ALL=C grep '[^ -~]' "$BATS_TEST_TMPDIR/out"
	LC_ALL=C top --batch --replay "$FRAMES/hostile.jsonl" | cmp - "$BATS_TEST_TMPDIR/out"
}

@test "top says at once what does not run and what is lost" {
	run -0 top --batch --replay "$FRAMES/lossy.jsonl"
	[[ $output == *"tcp DETACHED: detached: over its budget"* ]]
	[[ $output == *"block off: needs CONFIG_BLK_DEV_IO_TRACE"* ]]
	[[ $output == *"LOST lost.storage 34 now, 1,235 in all"* ]]
}

@test "top refuses what it cannot show, in one line" {
	local bad=$BATS_TEST_TMPDIR/bad
	refused 2 "services, processes" --view nonsense
	refused 2 "there are service, lost" --batch --sort nonsense --replay "$FRAMES/web.jsonl"
	refused 2 "100ms to 1h" --interval 99ms
	refused 2 "100ms to 1h" --interval soon
	refused 2 "how many" -n 0
	refused 1 "No such file" --batch --replay "$bad"
	: >"$bad"
	refused 1 "there is no frame in it" --batch --replay "$bad"
	echo '{"slot":1}' >"$bad"
	refused 1 "$bad:1: that is no frame of sonde top" --batch --replay "$bad"
	echo '{"frame":99}' >"$bad"
	refused 1 "version 99 and this program reads version 1" --json --replay "$bad"
	head -c 5000 "$FRAMES/web.jsonl" >"$bad"
	refused 1 "$bad:1: not JSON" --batch --replay "$bad"
	refused 1 "Is a directory" --batch --replay "$BATS_TEST_TMPDIR"
	head -n 2 "$FRAMES/web.jsonl" >"$bad"
	echo nonsense >>"$bad"
	run -1 --separate-stderr top --json --replay "$bad"
	[ "${#lines[@]}" = 2 ]
	[[ $stderr == *"$bad:3: not JSON"* ]]
}

@test "top without a terminal says that it prints" {
	run -0 --separate-stderr top -n 1 --replay "$FRAMES/web.jsonl"
	[[ $output == *"php-fpm"* && $stderr == *"standard output is no terminal: printing"* ]]
}

@test "top ends when nobody reads it any more" {
	start_bg bash -c 'while cat "$1"; do :; done 2>/dev/null | "$0" top --batch --replay - 2>"$2" | head -n 1' "$SONDE" "$FRAMES/web.jsonl" "$BATS_TEST_TMPDIR/err" >/dev/null
	wait_bg "$BG_PID"
	grep -q 'closed by its reader' "$BATS_TEST_TMPDIR/err"
}

@test "docs/top.md shows what the program prints, and has every key" {
	local key
	{
		COLUMNS=118 top --batch -n 8 --replay "$FRAMES/web.jsonl"
		COLUMNS=118 top --batch -n 8 --view peers --replay "$FRAMES/web.jsonl"
	} >"$BATS_TEST_TMPDIR/out"
	sed -n '/^web1/,/^```/p; /^PEER/,/^```/p' "$ROOT/docs/top.md" | grep -v '^```' >"$BATS_TEST_TMPDIR/doc"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/doc")" = 13 ]
	while IFS= read -r line; do
		grep -qxF -- "$line" "$BATS_TEST_TMPDIR/out" || fail "not printed: $line"
	done <"$BATS_TEST_TMPDIR/doc"
	for key in $(sed -n -E "s/^\t\{'(.)', ACT.*/\1/p" "$ROOT/user/top/keys.c"); do
		grep -qF -e "\`$key\`" "$ROOT/docs/top.md" || [[ $key =~ [2-4/] ]] || fail "no $key in docs/top.md"
	done
}

# --- a terminal ------------------------------------------------------------------------------------------------------

@test "top draws, follows keys and gives the terminal back" {
	in_terminal 80 24 "$SONDE" top --interval 100ms --replay "$FRAMES/web.jsonl"
	shows "no more frames will come"
	shows "SERVICE        LOST  CPU% TIME"
	[ "$(screen | wc -L)" -le 80 ]
	keys Down Enter
	shows "mysqld > 2 processes"
	keys 3
	shows "pread64"
	keys H
	shows "share of the column:"
	keys Escape
	wait_for not_shown "share of the column:"
	keys D
	shows "p99.9"
	keys Escape Escape
	shows "1 services 2 processes"
	keys F1
	shows "the selection follows its row"
	keys h '\' php
	shows "only rows with: php"
	shows " 1 of 6  with 'php'"
	keys Enter '[' '['
	shows "STOPPED, 2.00 s ago"
	keys q
	ended 0
}

@test "top refuses terminals that cannot be drawn on, in one line" {
	local term
	for term in '' nonsense dumb; do
		TERMINAL_ENV="TERM=$term" in_terminal 80 24 "$SONDE" top --replay "$FRAMES/web.jsonl"
		ended 2
		[ "$(wc -l <"$BATS_TEST_TMPDIR/err")" = 1 ]
		grep -q 'TERM.*--batch' "$BATS_TEST_TMPDIR/err"
		tm kill-server
	done
}

@test "top fills a large terminal, and a resized one" {
	in_terminal 200 60 "$SONDE" top --interval 100ms --replay "$FRAMES/web.jsonl"
	shows "TIME ukqdrslmo|idle"
	shows "PROC"
	[ "$(screen | wc -l)" = 60 ]
	[[ $(screen | tail -n 1) == "F1 help"* ]]
	tm resize-window -x 90 -y 20
	wait_for not_shown "PROC"
	wait_for eval '[[ $(screen | sed -n 20p) == "F1 help"* ]]'
	for size in "20 5" "300 70" "1 1" "80 24"; do
		tm resize-window -x "${size% *}" -y "${size#* }"
	done
	shows "SERVICE        LOST  CPU% TIME"
	keys q
	ended 0
}

@test "top has colours, few or none, as the terminal has" {
	local kind want
	for kind in "TERM=screen-256color;48;5;71" "TERM=screen;42m" "TERM=screen-256color NO_COLOR=1;"; do
		want=${kind#*;}
		TERMINAL_ENV=${kind%%;*} in_terminal 80 24 "$SONDE" top --replay "$FRAMES/web.jsonl"
		shows "php-fpm"
		if [ -n "$want" ]; then
			[[ $(tm capture-pane -pe) == *"$want"* ]] || fail "$kind: $(tm capture-pane -pe)"
		else
			# 39 and 49 are the terminal's own.
			run ! grep -E $'\e\\[([0-9;]*;)?[34][0-8][;m]' <<<"$(tm capture-pane -pe)"
		fi
		keys q
		ended 0
		tm kill-server
	done
}

@test "top ends cleanly by HUP, TERM and INT, and when its terminal goes away" {
	local signal pid
	for signal in HUP TERM INT; do
		in_terminal 80 24 "$SONDE" top --replay "$FRAMES/web.jsonl"
		shows "php-fpm"
		kill -s "$signal" "$(sonde_in_terminal)"
		ended 0
		tm kill-server
	done
	# One that no signal tells, since the terminal does not control it. (The leak sanitizer waits for ever in a process
	# without a terminal.)
	TERMINAL_ENV="ASAN_OPTIONS=detect_leaks=0" in_terminal 80 24 setsid "$SONDE" top --replay "$FRAMES/web.jsonl"
	shows "php-fpm"
	pid=$(sonde_in_terminal)
	echo "$pid $(start_time "$pid")" >>"$BATS_TEST_TMPDIR/.pids"
	tm kill-server
	wait_for gone "$pid"
}

# click COLUMN ROW: from 1 on, as a terminal reports that a button goes down and up.
click() {
	local at
	at="\\x$(printf %02x $(($1 + 32)))\\x$(printf %02x $(($2 + 32)))"
	# shellcheck disable=SC2059 # the format is made here
	keys -l "$(printf "\e[M $at\e[M#$at")"
}

# line_of TEXT: the number of the first line on the screen that begins with it.
line_of() {
	screen | grep -n "^$1" | head -n 1 | cut -d: -f1
}

@test "top takes the mouse" {
	TERMINAL_ENV=TERM=screen in_terminal 80 24 "$SONDE" top --interval 100ms --replay "$FRAMES/web.jsonl"
	shows "no more frames will come"
	# Not the sentence above the table, which begins with it, too.
	click 5 "$(line_of "backup  ")"
	keys Enter
	shows "backup > 2 processes"
	keys Escape
	shows "1 services"
	# On CALLS/s.
	click 42 "$(line_of SERVICE)"
	wait_for eval '[[ $(screen | grep -A2 ^SERVICE | tail -n 1) == "nginx "* ]]'
	keys q
	ended 0
}

@test "top can be stopped and continued" {
	require tmux
	tm -f /dev/null new-session -d -x 80 -y 24 "bash --norc -i" 3>&-
	# shellcheck disable=SC2034 # For terminal.bash.
	PANE_PID=$(tm list-panes -F '#{pane_pid}')
	keys "PS1='ready> '" Enter
	shows "ready> "
	keys "'$SONDE' top --replay '$FRAMES/web.jsonl'" Enter
	shows "php-fpm"
	keys C-z
	shows "Stopped"
	wait_for not_shown "postgres"
	tm resize-window -x 100 -y 30
	keys fg Enter
	shows "postgres"
	wait_for eval '[[ $(screen | sed -n 30p) == "F1 help"* ]]'
	keys q
	wait_for not_shown "postgres"
}

@test "top shows what comes through a pipe, with keys from the terminal" {
	local pipe=$BATS_TEST_TMPDIR/pipe
	mkfifo "$pipe"
	in_terminal 80 24 "'$SONDE' top --interval 100ms --replay - <'$pipe'"
	# The line is not complete yet: waiting for it does not keep from drawing and typing.
	exec 5>"$pipe"
	head -c 3000 "$FRAMES/web.jsonl" >&5
	shows "waiting for the first interval"
	keys 5
	shows "PEER"
	keys 1
	tail -c +3001 "$FRAMES/web.jsonl" >&5
	shows "php-fpm"
	keys 2
	shows "COMMAND"
	keys q
	ended 0
}
