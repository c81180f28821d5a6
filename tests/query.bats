#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# `sonde query`: percentiles and shares of a fleet are those of all its samples, from files and from a real graphite-web; and
# what is said to input that is not what it should be.

bats_require_minimum_version 1.5.0
# bats file_tags=host
load helpers
load carbon/carbon
load carbon/graphite

fleet_of_three() {
	"$TOOLS/fleet" lines >"$BATS_TEST_TMPDIR/lines" 2>"$BATS_TEST_TMPDIR/exact"
	mkdir "$BATS_TEST_TMPDIR/hosts"
	"$TOOLS/fleet" json "$BATS_TEST_TMPDIR/hosts" <"$BATS_TEST_TMPDIR/lines"
	FILES=()
	for file in "$BATS_TEST_TMPDIR"/hosts/*; do
		FILES+=(--from-json "$file")
	done
}

# fails_with WORDS ARG...
fails_with() {
	run -1 --separate-stderr "$SONDE" query "${@:2}"
	[ -z "$output" ]
	[[ $stderr == *"$1"* ]] || fail "not '$1' in: $stderr"
}

@test "files of three hosts: p50 to p99.9 within 5 %, counts and shares exact" {
	fleet_of_three
	"$TOOLS/fleet" query "$BATS_TEST_TMPDIR/exact" "$SONDE" query "${FILES[@]}" >&3
	# One host alone is another answer, and --by host has a row for each.
	run -0 "$SONDE" query "${FILES[@]}" --service shop --op read --by host
	[ "${#lines[@]}" = 5 ]
	run -0 "$SONDE" query "${FILES[@]}" --service shop --op read --host web1,web2 --json
	[ "$(jq '.rows[0].count' <<<"$output")" = $((30 * (4000 + 2500))) ]
	# All in one row: the sum of the four services.
	run -0 "$SONDE" query "${FILES[@]}" --op 'rea*' --by none --json
	[ "$(jq -c '[.rows[] | [.count, .op]]' <<<"$output")" = "[[$((4 * 30 * (4000 + 2500 + 600))),null]]" ]
	[ "$(jq '[.rows[0].le_ns[]] | add' <<<"$output")" = $((4 * 30 * (4000 + 2500 + 600))) ]
}

@test "a share at a time that is no bucket's bound is between two, which are named" {
	fleet_of_three
	run -0 "$SONDE" query "${FILES[@]}" --service shop --op read --slo 3ms --json
	[ "$(jq '.rows[0] | .slo_low_percent < .slo_high_percent' <<<"$output")" = true ]
	run -0 "$SONDE" query "${FILES[@]}" --service shop --op read --slo 3ms
	[[ $output == *" .. "*" %"*"no bucket ends at 3.00 ms"*"2.76 ms and 3.28 ms"* ]] || fail "$output"
}

@test "heat: every sample is in it, whatever time the file is of" {
	fleet_of_three
	run -0 "$SONDE" query "${FILES[@]}" --service bimodal --op read --heat --json
	[ "$(jq '[.rows[0].lines[].buckets[]] | add' <<<"$output")" = $((30 * (4000 + 2500 + 600))) ]
	# Two slots, a year apart: as many lines as for five minutes.
	run -0 "$SONDE" query "${FILES[@]}" --from-json - --service bimodal --op read --heat --json \
		< <(head -n 1 "$BATS_TEST_TMPDIR/hosts/web1.json" | jq -c '.slot -= 31536000')
	[ "$(jq '.rows[0].lines | length' <<<"$output")" = 2 ]
	[ "$(jq '[.rows[0].lines[].buckets[]] | add' <<<"$output")" = $((30 * (4000 + 2500 + 600) + 4000)) ]
	run -0 env LC_ALL=C COLUMNS=90 "$SONDE" query "${FILES[@]}" --service bimodal --op read --heat
	[[ $output == *"bimodal syscalls.read, a line is 10 s"* ]]
	[ "$(grep -c '^[0-9][0-9]:[0-9][0-9]:[0-9][0-9]   *7.10k ' <<<"$output")" = 30 ]
}

@test "the same of a real graphite-web" {
	shipped_carbon
	carbon_start
	graphite_start
	fleet_of_three
	in_netns "$NETNS" "$TOOLS/send" 127.0.0.1 2003 <"$BATS_TEST_TMPDIR/lines"
	DEADLINE=60 wait_for store_agrees >/dev/null 2>&1 || true
	store_agrees >&3
	# A URL with as many names is longer than the server takes.
	run -0 in_netns "$NETNS" "$SONDE" query --from-graphite http://127.0.0.1:8080 --op read --last 10m --json \
		--service "shop$(printf ',name%03d' {1..100})" --host "web1$(printf ',name%03d' {1..100})"
	[ "$(jq -c '[.rows[].count]' <<<"$output")" = "[$((30 * 4000))]" ]
	run -0 in_netns "$NETNS" "$SONDE" query --from-graphite http://127.0.0.1:8080 --service shop --op read --by host --last 10m
	[ "${#lines[@]}" = 5 ]
	run -0 in_netns "$NETNS" "$SONDE" query --from-graphite http://127.0.0.1:8080/ --service 'bim*,none' --op read --heat --last 10m --json
	[ "$(jq '[.rows[0].lines[].buckets[]] | add' <<<"$output")" = $((30 * (4000 + 2500 + 600))) ]
	carbon_stop
}

# Where archives differ, Graphite brings them to one step before it adds them: by the mean, unless it is told otherwise.
@test "counts of hosts whose archives have different steps" {
	local now slot minute
	carbon_setup 10
	sed -i '1i [slow]\npattern = \\.slow\\.\nretentions = 60s:1h\n' "$CARBON/conf/storage-schemas.conf"
	carbon_start
	graphite_start
	now=$(date +%s) minute=$((now / 60 * 60 - 240))
	for ((slot = minute; slot < minute + 180; slot += 10)); do
		echo "sonde.shop.fast.syscalls.read.count 5 $slot"
		echo "sonde.shop.fast.syscalls.read.le_ns.1000000000 5 $slot"
		((slot % 60)) || echo "sonde.shop.slow.syscalls.read.count 70 $slot"
		((slot % 60)) || echo "sonde.shop.slow.syscalls.read.le_ns.1000000000 70 $slot"
	done | in_netns "$NETNS" "$TOOLS/send" 127.0.0.1 2003
	wait_for is_counted $((18 * 5 + 3 * 70)) --from $minute --until $((minute + 180))
	# The first slot is in, the one at the end is not.
	is_counted $((6 * 5 + 70)) --from $((minute + 60)) --until $((minute + 120))
	# The store added slots up, so which there were is not known, but with --heat.
	run -0 in_netns "$NETNS" "$SONDE" query --from-graphite http://127.0.0.1:8080 --op read --from $minute --until $((minute + 180)) --json
	[ "$(jq -c '[.from, .until, .first_slot]' <<<"$output")" = "[$minute,$((minute + 180)),null]" ]
	run -0 in_netns "$NETNS" "$SONDE" query --from-graphite http://127.0.0.1:8080 --op read --from $minute
	[[ ${lines[0]} == "slots between $(date -d "@$minute" "+%F %T") and "* ]] || fail "$output"
	run -0 in_netns "$NETNS" "$SONDE" query --from-graphite http://127.0.0.1:8080 --op read --from $minute --heat --json
	[ "$(jq .first_slot <<<"$output")" = $minute ]
	carbon_stop
}

is_counted() {
	local counts
	counts=$(in_netns "$NETNS" "$SONDE" query --from-graphite http://127.0.0.1:8080 --op read --json "${@:2}" |
		jq -c '.rows[0] | [.count, .le_ns["1000000000"]]')
	[ "$counts" = "[$1,$1]" ] || fail "not $1 but $counts"
}

store_agrees() {
	"$TOOLS/fleet" query "$BATS_TEST_TMPDIR/exact" nsenter "--net=/run/netns/$NETNS" "$SONDE" query \
		--from-graphite http://127.0.0.1:8080 --last 10m
}

@test "a real run: the counts are those of the workload" {
	local name=asked-$$
	cp "$WORK/calls" "$BATS_TEST_TMPDIR/$name"
	sonde_start --output json --interval 1
	"$BATS_TEST_TMPDIR/$name" -n 1234 getppid
	sonde_stop
	run -0 "$SONDE" query --from-json "$BATS_TEST_TMPDIR/out" --service "$name" --op getppid --json
	[ "$(jq '.rows[0].count' <<<"$output")" = 1234 ]
}

@test "files that are cut, broken or something else: one line that says where and what" {
	local good
	fleet_of_three
	good=$BATS_TEST_TMPDIR/hosts/web1.json
	head -c -10 "$good" >"$BATS_TEST_TMPDIR/cut"
	run -0 --separate-stderr "$SONDE" query --from-json "$BATS_TEST_TMPDIR/cut" --op read --service shop --json
	[ "$(jq '.rows[0].count' <<<"$output")" = $((29 * 4000)) ]
	[ "${#stderr_lines[@]}" = 1 ]
	[[ $stderr == *"warning: $BATS_TEST_TMPDIR/cut:30: not JSON"*"the last line is cut, the rest counts" ]]
	(head -n 2 "$good"; echo '{"slot":'; cat "$good") >"$BATS_TEST_TMPDIR/broken"
	fails_with "broken:3: not JSON" --from-json "$BATS_TEST_TMPDIR/broken" --op read
	fails_with "standard input:1: slot is not" --from-json - --op read <<<'{"slot": "x"}'
	fails_with "standard input:1: not an object" --from-json - <<<'[]'
	fails_with "standard input:2: slot is not" --from-json - < <(printf '\n{}')
	fails_with "shop.syscalls.read: count is not a number" --from-json - --op read < <(jq -c '.services.shop.syscalls.read.count="x"' "$good")
	fails_with "count has no possible value" --from-json - --op read < <(jq -c '.services.shop.syscalls.read.count=-1' "$good")
	fails_with "le_ns.12345 is no bucket" --from-json - --op read < <(jq -c '.services.shop.syscalls.read.le_ns={"12345":1}' "$good")
	fails_with "read: is not an object" --from-json - --op read < <(jq -c '.services.shop.syscalls.read=1' "$good")
	fails_with "host is not" --from-json - < <(jq -c '.host="a b"' "$good")
	fails_with "not JSON" --from-json /bin/true
	fails_with "No such file" --from-json /nonexistent
	fails_with "Is a directory" --from-json / || fails_with "Input/output error" --from-json /
	fails_with "web1.json: is given twice" "${FILES[@]}" --from-json "$BATS_TEST_TMPDIR/hosts/../hosts/web1.json" --op read
	fails_with "nothing found" "${FILES[@]}" --op nothing
	fails_with "no slot of that time; the files hold" "${FILES[@]}" --op read --until 1000
}

@test "options that are not understood: one line, status 2" {
	local word
	while read -r word args; do
		# shellcheck disable=SC2086
		run -2 --separate-stderr "$SONDE" query $args
		[ -z "$output" ] && [ "${#stderr_lines[@]}" = 1 ] && [[ $stderr == *"${word//_/ }"* ]] || fail "$args: $stderr"
	done <<-'END'
		say_where_from
		not_both --from-graphite http://x --from-json y
		unknown_option --from-json x --servcie y
		needs_a_value --from-json
		names_of --from-json x --service a');drop
		names_of --from-json x --op a,,b
		percentiles --from-json x --p 50,101
		percentiles --from-json x --p nan
		10ms --from-json x --slo soon
		seconds_since --from-json x --from yesterday
		not_before --from-json x --from -1h --until -2h
		--by --from-json x --by device
		--prefix --from-json x --prefix a
		nodes --from-graphite http://x --prefix a..b
		not_understood x
	END
	run -0 "$SONDE" query --help
	[[ $output == "Usage: sonde query"* ]]
	run -0 "$SONDE" help query
	[[ $output == "Usage: sonde query"* ]]
}

store() {
	in_netns "$NETNS" env "HOME=$BATS_TEST_TMPDIR" "$SONDE" query --from-graphite "http://${2:-}127.0.0.1:8081/$1" --op read "${@:3}"
}

# store_fails PATH WORDS [ARG]...: status 1, one line that has WORDS and no control characters.
store_fails() {
	run -1 --separate-stderr store "$1" "ada:secret@" "${@:3}"
	[ -z "$output" ] && [ "${#stderr_lines[@]}" = 1 ] && [[ $stderr == *"$2"* ]] || fail "$1: $stderr"
	[[ $stderr != *secret* && $stderr != *$'\e'* ]] || fail "$1: $stderr"
}

@test "a store that is bad in its answers: one line that says how, no password, little memory" {
	in_netns "$NETNS" true
	start_bg in_netns "$NETNS" "$TOOLS/badstore" 8081
	SERVER_PID=$BG_PID
	wait_for in_netns "$NETNS" bash -c '(exec 3<>/dev/tcp/127.0.0.1/8081) 2>/dev/null'
	run -0 store good "" --json
	[ "$(jq '.rows[0].count' <<<"$output")" = 3 ]
	store_fails html "answers with text/html and not JSON"
	store_fails status "HTTP status 500:  [31mdatabase is locked"
	store_fails redirect "leads on to http://elsewhere.example/render"
	store_fails partial "transfer closed with"
	store_fails none "nothing found"
	for answer in garbage cut object empty nested; do
		store_fails $answer "not the JSON of a render API, or is cut"
	done
	store_fails nodata "series 'shop.syscalls.read.count': no target and datapoints"
	store_fails points "point 1 is not [value, time]"
	store_fails text "the value of point 1 is not a number"
	store_fails negative "no possible value"
	store_fails infinite "not the JSON"
	store_fails bound "no bucket of sonde's"
	store_fails name "series '?[31m.x': not what was asked for"
	store_fails rows "more than 10000 rows"
	store_fails silent "timed out" --timeout 1
	# Series without end, and a name without end.
	store_fails long "a series is longer than 8 MiB"
	# The address sanitizer reserves more than any limit.
	ldd "$SONDE-query" | grep -q libasan || limit="ulimit -v 400000;"
	run -1 --separate-stderr bash -c "${limit:-} exec nsenter --net=/run/netns/$NETNS $SONDE query --op read --timeout 5 \
		--from-graphite http://127.0.0.1:8081/many"
	[[ $stderr == *"more than 1024 MiB"* || $stderr == *"timed out"* ]] || fail "$stderr"
	# Credentials in the URL or in netrc.
	store_fails auth "HTTP status 401; give a user"
	run -0 store auth "ada:love%20lace@"
	echo 'machine 127.0.0.1 login ada password "love lace"' >"$BATS_TEST_TMPDIR/.netrc"
	run -0 store auth ""
	stop_bg "$SERVER_PID" || true
	run -1 --separate-stderr store good
	[[ $stderr == *"Failed to connect"* ]]
	run -1 --separate-stderr "$SONDE" query --from-graphite file:///etc/passwd
	[[ $stderr == *'Protocol "file" not supported'* ]] || fail "$stderr"
}

@test "without the program beside it, query says what is missing; the rest of sonde does not need it" {
	cp "$SONDE" "$BATS_TEST_TMPDIR/sonde"
	run -1 --separate-stderr "$BATS_TEST_TMPDIR/sonde" query --help
	[[ $stderr == *"a program of its own, sonde-query"* ]]
	! ldd "$SONDE" | grep -q curl
}
