#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
bats_require_minimum_version 1.5.0
# SIGKILL at random moments of a run with all that it can do: it leaves nothing in the kernel, no slot is damaged, and the next one starts.
# KILLS says how often, SEED makes it the same moments again.

# bats file_tags=load
load helpers

KILLS=${KILLS:-24}
SEED=${SEED:-$((EPOCHSECONDS % 32768))}

setup() {
	require root btf netns bpftool jq python3
	NETNS=sonde-kills-$$
	SPOOL=$BATS_TEST_TMPDIR/spool
	netns_up "$NETNS"
	: >"$BATS_TEST_TMPDIR/err"
}

# sonde with a receiver at 2003, one that may be away at 2103, a spool for both, and all else.
run_all() {
	start_bg in_netns "$NETNS" "$SONDE" run --probes all --interval 1 --host killed --graphite 127.0.0.1:2003 --graphite 127.0.0.1:2103 \
		--spool "$SPOOL" --output json:"$BATS_TEST_TMPDIR/slots" --prometheus 9435 --socket "$BATS_TEST_TMPDIR/sock" --confine \
		2>>"$BATS_TEST_TMPDIR/err"
}

# ledger PORT
ledger() {
	start_bg in_netns "$NETNS" "$ROOT/tests/carbon/ledger" "$1" . "$BATS_TEST_TMPDIR/ledger.$1" >"$BATS_TEST_TMPDIR/$1.out"
	LEDGERS+=("$BG_PID")
	wait_for grep -q listening "$BATS_TEST_TMPDIR/$1.out"
}

# held [PID]: what that process or any holds of programs, maps and links, as KIND ID lines.
held() {
	cat /proc/${1:-[0-9]*}/fdinfo/* 2>/dev/null | sed -n -E 's/^(map|prog|link)_id:[[:space:]]*([0-9]+)$/\1 \2/p' | sort -u
}

# What there is in the kernel, as KIND ID NAME lines; a link has its program's name.
in_kernel() {
	bpftool prog show -j | jq -r '.[] | "prog \(.id) \(.name)"'
	bpftool map show -j | jq -r '.[] | "map \(.id) \(.name)"'
	bpftool link show -j | jq -r '.[] | "link \(.id) \(.prog_id)"'
}

none_present() {
	[ -z "$(comm -12 "$1" <(in_kernel | cut -d ' ' -f 1,2 | sort -u))" ]
}

# What has a name of sonde's and is held by no process.
no_orphans() {
	held >"$BATS_TEST_TMPDIR/held"
	! in_kernel | grep -xE "(prog|map) [0-9]+ ($(paste -sd '|' "$BATS_TEST_TMPDIR/names"))" | cut -d ' ' -f 1,2 | sort -u |
		comm -23 - "$BATS_TEST_TMPDIR/held" | grep . >"$BATS_TEST_TMPDIR/orphans"
}

attached() {
	[ "$(grep -c '^sonde: attached' "$BATS_TEST_TMPDIR/err")" -gt "$1" ]
}

# kill_after MS [ATTACHED]: starts it and ends it by KILL so long after its start, or after it is attached as those before it were; while it
# stands still, so that it is known what it held.
kill_after() {
	local pid
	run_all
	pid=$BG_PID
	[ -z "${2:-}" ] || wait_for attached "$2"
	sleep "$(printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)))"
	alive "$pid" || fail "it ended by itself: $(tail -n 3 "$BATS_TEST_TMPDIR/err")"
	kill -s STOP "$pid"
	held "$pid" >"$BATS_TEST_TMPDIR/of-it"
	stop_bg "$pid" KILL || [ $? = 137 ]
	wait_for none_present "$BATS_TEST_TMPDIR/of-it"
}

spool_is_empty() {
	[ -z "$(find "$SPOOL" -name '*.slot' -print -quit)" ]
}

@test "SIGKILL at random moments: nothing stays attached, no slot is damaged, the next one starts" {
	local i last pid port LEDGERS=()
	echo "# KILLS=$KILLS SEED=$SEED" >&3
	RANDOM=$SEED
	ledger 2003
	for ((i = 0; i < KILLS; i++)); do
		# Every other one while it starts, with luck, and the others while it runs.
		if [ $((i % 2)) = 0 ]; then
			kill_after $((RANDOM % (2000 * SLOW)))
		else
			kill_after $((RANDOM % (2000 * SLOW))) "$(grep -c '^sonde: attached' "$BATS_TEST_TMPDIR/err")"
		fi
	done
	echo "# $(grep -c '^sonde: attached' "$BATS_TEST_TMPDIR/err") were attached, $(find "$SPOOL" -name '*.slot' | wc -l) slots wait" >&3
	ledger 2103
	i=$(grep -c '^sonde: attached' "$BATS_TEST_TMPDIR/err")
	run_all
	last=$BG_PID
	wait_for attached "$i"
	DEADLINE=$((20 + KILLS / 10)) wait_for spool_is_empty
	held "$last" >"$BATS_TEST_TMPDIR/of-it"
	in_kernel | awk 'NR == FNR { held[$0]; next } ($1 " " $2) in held && $1 != "link" { print $3 }' "$BATS_TEST_TMPDIR/of-it" - | sort -u >"$BATS_TEST_TMPDIR/names"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/names")" -gt 20 ]
	stop_bg "$last" INT
	wait_for no_orphans || fail "held by nobody: $(cat "$BATS_TEST_TMPDIR/orphans")"
	for pid in "${LEDGERS[@]}"; do
		stop_bg "$pid" INT
	done
	run ! grep -E 'damaged|cannot be read back|could not be delivered|is another sonde' "$BATS_TEST_TMPDIR/err"
	# Beside what is always there.
	[ "$(find "$SPOOL" -type f ! -name lock ! -name last-slot | wc -l)" = 0 ] || fail "$(find "$SPOOL" -type f)"
	[ "$(find "$SPOOL" -name lock | wc -l)" = 2 ]
	for port in 2003 2103; do
		equal "bad lines" "$(field bad "$BATS_TEST_TMPDIR/$port.out")" 0
		equal "values that changed" "$(field changed "$BATS_TEST_TMPDIR/$port.out")" 0
	done
	# What both have is the same.
	[ "$(sort -u "$BATS_TEST_TMPDIR"/ledger.* | cut -d ' ' -f 1,2 | uniq -d | wc -l)" = 0 ]
	jq -e .slot "$BATS_TEST_TMPDIR/slots" >/dev/null
	[ "$(jq -r .slot "$BATS_TEST_TMPDIR/slots" | sort | uniq -d | wc -l)" = 0 ]
}
