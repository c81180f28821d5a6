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
	[ "${#lines[@]}" = 4 ]
	run -0 "$SONDE" query "${FILES[@]}" --service shop --op read --host 'web[12]' --json
	[ "$(jq '.[0].count' <<<"$output")" = $((30 * (400 + 250))) ]
	run -0 "$SONDE" query "${FILES[@]}" --service shop --op read --within 3ms
	[[ $output == *"%~"*"estimated"* ]]
	run -0 "$SONDE" query "${FILES[@]}" --service bimodal --op read --heat --last 10m --ascii
	[ "${#lines[@]}" -ge 10 ]
}

@test "the same of a real graphite-web" {
	shipped_carbon
	carbon_start
	graphite_start
	fleet_of_three
	in_netns "$NETNS" "$TOOLS/send" 127.0.0.1 2003 <"$BATS_TEST_TMPDIR/lines"
	DEADLINE=60 wait_for store_agrees >/dev/null 2>&1 || true
	store_agrees >&3
	run -0 in_netns "$NETNS" "$SONDE" query --from-graphite http://127.0.0.1:8080 --service shop --op read --by host --last 10m
	[ "${#lines[@]}" = 4 ]
	run -0 in_netns "$NETNS" "$SONDE" query --from-graphite http://127.0.0.1:8080/ --service bimodal --op read --heat --last 10m --ascii
	[ "${#lines[@]}" -ge 10 ]
	carbon_stop
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
	[ "$(jq '.[0].count' <<<"$output")" = 1234 ]
}

@test "input that is cut, broken or something else: one line that says where and what" {
	fleet_of_three
	head -c -10 "$BATS_TEST_TMPDIR/hosts/web1.json" >"$BATS_TEST_TMPDIR/cut"
	run -0 --separate-stderr "$SONDE" query --from-json "$BATS_TEST_TMPDIR/cut" --op read
	[[ $stderr == *"cut:30: the last line is not complete and left out" ]]
	(head -n 2 "$BATS_TEST_TMPDIR/hosts/web1.json"; echo '{"slot":') >"$BATS_TEST_TMPDIR/broken"
	fails_with "broken:3: not JSON" --from-json "$BATS_TEST_TMPDIR/broken" --op read
	fails_with "standard input:1: not a slot" --from-json - --op read <<<'{"slot": "x"}'
	fails_with "No such file" --from-json /nonexistent
	fails_with "nothing is there" "${FILES[@]}" --op nothing
	run -2 --separate-stderr "$SONDE" query
	[[ $stderr == *"--from-graphite URL"* ]]
	run -2 --separate-stderr "$SONDE" query --from-graphite http://x --service "a');drop"
	[[ $stderr == *"one node of a name"* ]]
}

# A server that answers everything with one thing.
answers() {
	cat >"$BATS_TEST_TMPDIR/server.py" <<-'END'
		import http.server, sys
		status, body = int(sys.argv[1]), sys.argv[2].encode()
		class Handler(http.server.BaseHTTPRequestHandler):
		    def do_GET(self):
		        self.send_response(status)
		        self.send_header("Content-Length", str(len(body)))
		        self.end_headers()
		        self.wfile.write(body)
		    def log_message(self, *args):
		        pass
		http.server.HTTPServer(("127.0.0.1", 8081), Handler).serve_forever()
	END
	start_bg in_netns "$NETNS" python3 "$BATS_TEST_TMPDIR/server.py" "$@"
	SERVER_PID=$BG_PID
	wait_for in_netns "$NETNS" bash -c '(exec 3<>/dev/tcp/127.0.0.1/8081) 2>/dev/null'
}

@test "a store that answers nonsense, errors or not at all: one line that names it" {
	local answer
	for answer in '500 oops' '200 <html>' '200 {}' '200 [{"target":1}]' '200 [{"target":"a.b","datapoints":[]}]'; do
		# shellcheck disable=SC2086
		answers ${answer%% *} "${answer#* }"
		run -1 --separate-stderr in_netns "$NETNS" "$SONDE" query --from-graphite http://127.0.0.1:8081
		[[ $stderr == *"http://127.0.0.1:8081"* ]] || fail "$answer: $stderr"
		stop_bg "$SERVER_PID" || true
	done
	run -1 --separate-stderr in_netns "$NETNS" "$SONDE" query --from-graphite http://127.0.0.1:8081
	[[ $stderr == *"http://127.0.0.1:8081 does not answer"* ]]
}
