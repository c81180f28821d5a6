# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Programs in a terminal, which is tmux's: `load terminal` after helpers. The file's teardown calls end_terminals.

TERMINALS=0

end_terminals() {
	local socket
	for socket in "$BATS_TEST_TMPDIR"/tmux*; do
		[ ! -S "$socket" ] || tmux -S "$socket" kill-server 2>/dev/null || true
	done
}

tm() {
	tmux -S "$BATS_TEST_TMPDIR/tmux$TERMINALS" "$@"
}

# in_terminal WIDTH HEIGHT COMMAND...: runs it in a terminal of that size, by a shell that is still there afterwards and
# writes its status to `status`.
in_terminal() {
	require tmux
	# One that is ending would take what is asked of its successor.
	TERMINALS=$((TERMINALS + 1))
	rm -f "$BATS_TEST_TMPDIR"/status "$BATS_TEST_TMPDIR"/stty
	tm -f /dev/null new-session -d -x "$1" -y "$2" \
		"env ${TERMINAL_ENV:-} ${*:3} 2>'$BATS_TEST_TMPDIR/err'; echo \$? >'$BATS_TEST_TMPDIR/status'; stty -a >'$BATS_TEST_TMPDIR/stty'; exec sleep 1000" 3>&-
	PANE_PID=$(tm list-panes -F '#{pane_pid}')
}

screen() {
	tm capture-pane -p
}

# shows TEXT: it is on the screen before long.
shows() {
	wait_for shown "$1" || { screen >&2; return 1; }
}

shown() {
	[[ $(screen) == *"$1"* ]]
}

not_shown() {
	! shown "$1"
}

keys() {
	tm send-keys "$@"
}

# That it has ended with STATUS, and the terminal is as it was.
ended() {
	wait_for test -s "$BATS_TEST_TMPDIR/stty"
	[ "$(cat "$BATS_TEST_TMPDIR/status")" = "$1" ] || fail "status $(cat "$BATS_TEST_TMPDIR/status"): $(cat "$BATS_TEST_TMPDIR/err")"
	grep -qw echo "$BATS_TEST_TMPDIR/stty"
	grep -qw icanon "$BATS_TEST_TMPDIR/stty"
	[ "$(tm display-message -p '#{alternate_on}#{cursor_flag}')" = 01 ]
}

sonde_in_terminal() {
	local pids
	read -ra pids < <(ps -o pid= --ppid "$PANE_PID" | tr '\n' ' ')
	echo "${pids[0]}"
}

gone() {
	! start_time "$1" >/dev/null
}
