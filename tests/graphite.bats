#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# What is installed for Graphite, in a real carbon and graphite-web: archives, functions, and every query of the dashboard.

bats_require_minimum_version 1.5.0
# bats file_tags=host
load helpers
load carbon/carbon
load carbon/graphite

# send [PORT]
send() {
	in_netns "$NETNS" "$TOOLS/send" 127.0.0.1 "${1:-2003}"
}

# stored FILE: there is a whisper file, and carbon has nothing more to write to it.
stored() {
	[ -s "$CARBON/whisper/$1.wsp" ]
}

# archive FILE STEP FROM UNTIL
archive() {
	"$TOOLS/archive" "$CARBON/whisper/$1.wsp" "${@:2}"
}

sum_is() {
	[ "$(archive "${@:2}" | awk '{ n += $1 } END { print n + 0 }')" = "$1" ]
}

max_is() {
	[ "$(archive "${@:2}" | sort -n | tail -n 1)" = "$1" ]
}

# tagged NAME: the file of a tagged series.
tagged() {
	/usr/bin/python3 -c 'import sys; from carbon.util import TaggedSeries; print(TaggedSeries.encode(sys.argv[1], sep="/", hash_only=True))' "$1"
}

@test "the shipped archives: 1,800 counts stay 1,800 when they are rolled up, a maximum stays one" {
	local now from slot n=0 op=sonde/shop/web1/syscalls/read
	shipped_carbon
	carbon_start
	now=$(date +%s) from=$((($(date +%s) - 2000) / 60 * 60))
	for ((slot = from; slot < from + 1800; slot += 10)); do
		n=$((n + 1))
		echo "sonde.shop.web1.syscalls.read.count 10 $slot"
		echo "sonde.shop.web1.syscalls.read.le_ns.1000000 10 $slot"
		echo "sonde.shop.web1.syscalls.read.max_us $((n == 77 ? 5000 : 10)) $slot"
		echo "sonde.sonde.web1.self.lost.storage $n $slot"
		echo "sonde.syscalls.count;host=web1;op=read;service=shop 10 $slot"
		echo "sonde.syscalls.max_us;host=web1;op=read;service=shop $((n == 77 ? 5000 : 10)) $slot"
	done | send
	wait_for stored $op/count
	wait_for sum_is 1800 $op/count 10 $((from - 10)) "$now"
	DEADLINE=30 wait_for sum_is 1800 $op/count 60 $((from - 60)) "$now"
	wait_for sum_is 1800 $op/le_ns/1000000 60 $((from - 60)) "$now"
	wait_for max_is 5000.0 $op/max_us 60 $((from - 60)) "$now"
	wait_for max_is 180.0 sonde/sonde/web1/self/lost/storage 60 $((from - 60)) "$now"
	wait_for sum_is 1800 "$(tagged 'sonde.syscalls.count;host=web1;op=read;service=shop')" 60 $((from - 60)) "$now"
	wait_for max_is 5000.0 "$(tagged 'sonde.syscalls.max_us;host=web1;op=read;service=shop')" 60 $((from - 60)) "$now"
	carbon_stop
}

@test "functions: percentiles and shares of a fleet are those of all its samples" {
	shipped_carbon
	carbon_start
	graphite_start
	"$TOOLS/fleet" lines >"$BATS_TEST_TMPDIR/lines" 2>"$BATS_TEST_TMPDIR/exact"
	send <"$BATS_TEST_TMPDIR/lines"
	wait_for stored sonde/shop/web3/syscalls/read/count
	wait_for all_arrived
	"$TOOLS/fleet" check "$BATS_TEST_TMPDIR/exact" nsenter "--net=/run/netns/$NETNS" curl -sS -G --data-urlencode format=json \
		http://127.0.0.1:8080/render >&3
	# Names that are no buckets, a limit that is none: an error that says so, not a picture of nothing.
	[[ $(render "histogramPercentile(sonde.shop.web1.syscalls.read.count,99)") == *"take buckets"* ]]
	[[ $(render "histogramShare(sonde.shop.*.syscalls.read.le_ns.*,'soon')") == *"a number with a unit"* ]]
	[[ $(render "histogramShare(sonde.shop.*.syscalls.read.le_ns.*,'64k')") == *"64k is no limit of what le_ns"* ]]
	[[ $(render "histogramPercentile(sonde.shop.*.syscalls.read.le_ns.*,101)") == *"at most 100"* ]]
	# What matches nothing is nothing.
	[ "$(render "histogramPercentile(sonde.nobody.*.syscalls.read.le_ns.*,99)")" = "[]" ]
	every_sample_is_in_a_bucket
	carbon_stop
}

# A heat map of few points has all the samples, in all buckets between the lowest and the highest, four per power of two.
every_sample_is_in_a_bucket() {
	local answer
	answer=$(render 'histogramBuckets(sonde.pareto.*.syscalls.read.le_ns.*)' from=-10min maxDataPoints=7)
	[ "$(jq '[.[].datapoints[][0] // 0] | add' <<<"$answer")" = $((30 * (4000 + 2500 + 600))) ]
	[ "$(jq '[.[].datapoints | length] | unique | length == 1 and .[0] <= 7' <<<"$answer")" = true ]
	jq -e '[.[].target | tonumber] | [.[1:], .[:-1]] | transpose | all(.[0] / .[1] | . > 1.189 and . < 1.19)' <<<"$answer" >/dev/null
}

# A slot, of which all buckets have a given unit and the open one the rest; its p99 is in that.
@test "functions: sizes, buckets without an upper bound, tags" {
	local slot series='sonde.shop.web1.block.sda_read_size.le_bytes'
	slot=$((($(date +%s) - 60) / 10 * 10))
	shipped_carbon
	carbon_start
	graphite_start
	send <<-END
		$series.4096 90 $slot
		$series.9223372036854775807 10 $slot
		${series/le_bytes/le_ns}.9223372036854775807 10 $slot
		sonde.tcp.bucket;bound_s=0.000353553;host=web1;op=rtt;service=shop 99 $slot
		sonde.tcp.bucket;bound_s=1;host=web2;op=rtt;service=shop 100 $slot
		sonde.tcp.bucket;bound_s=inf;host=web2;op=rtt;service=shop 1 $slot
	END
	wait_for stored "${series//.//}/9223372036854775807"
	DEADLINE=30 wait_for answers 2147483648 "histogramPercentile($series.*,99)"
	answers 128000000 "histogramPercentile(${series/le_bytes/le_ns}.*,99)"
	answers 90 "histogramShare($series.*,'4k')"
	answers 90 "histogramShare($series.*,'4096b',1)"
	answers 0 "histogramShare(${series/le_bytes/le_ns}.*,'1s')"
	[[ $(render "histogramPercentile(${series/le_bytes/le_*}.*,99)") == *"of times and of sizes do not add up"* ]]
	# With tags, which carbon would have registered by itself if it were told to.
	for bound in '0.000353553;host=web1' '1;host=web2' 'inf;host=web2'; do
		in_netns "$NETNS" curl -sSf -o "$BATS_TEST_TMPDIR/answer" --data-urlencode "path=sonde.tcp.bucket;bound_s=$bound;op=rtt;service=shop" \
			http://127.0.0.1:8080/tags/tagSeries
	done
	answers 49.5 "histogramShare(seriesByTag('name=sonde.tcp.bucket','op=rtt'),'353553ns')"
	answers 1000000 "histogramPercentile(seriesByTag('name=sonde.tcp.bucket','op=rtt'),99.5,'service')"
	answers 353.553 "histogramPercentile(seriesByTag('name=sonde.tcp.bucket','host=web1'),100)"
	carbon_stop
}

@test "functions: hosts of different intervals" {
	local slot begin
	begin=$((($(date +%s) - 180) / 60 * 60))
	shipped_carbon
	sed -i '1i [minutes]\npattern = \\.web2\\.\nretentions = 60s:1h\n' "$CARBON/conf/storage-schemas.conf"
	carbon_start
	graphite_start
	for ((slot = begin; slot < begin + 60; slot += 10)); do
		echo "sonde.shop.web1.syscalls.read.le_ns.1000000000 10 $slot"
	done | send
	echo "sonde.shop.web2.syscalls.read.le_ns.2000000000 60 $begin" | send
	wait_for stored sonde/shop/web2/syscalls/read/le_ns/2000000000
	DEADLINE=30 wait_for answers 50 "histogramShare(sonde.shop.*.syscalls.read.le_ns.*,'1s')"
	carbon_stop
}

# answers NUMBER TARGET: that is its only value in the last ten minutes.
answers() {
	render "$2" from=-10min >"$BATS_TEST_TMPDIR/answer"
	jq -e --argjson want "$1" '[.[].datapoints[][0] | select(. != null)] == [$want]' "$BATS_TEST_TMPDIR/answer" >/dev/null
}

@test "carbon-aggregator: the sums of all hosts are those of the hosts, and are not counted with them" {
	shipped_carbon
	carbon_start
	aggregator_start
	graphite_start
	"$TOOLS/fleet" lines 2>"$BATS_TEST_TMPDIR/exact" >"$BATS_TEST_TMPDIR/lines"
	# The same, as far as maxima go.
	sed -n 's/\.count \(.*\) /.max_us \1 /p' "$BATS_TEST_TMPDIR/lines" >>"$BATS_TEST_TMPDIR/lines.max"
	cat "$BATS_TEST_TMPDIR"/lines{,.max} | send 2013
	wait_for stored sonde/shop/web3/syscalls/read/count
	DEADLINE=60 wait_for all_arrived
	for stat in count le_ns.*; do
		DEADLINE=60 wait_for same_answers "sumSeries(sonde.shop.*.syscalls.read.$stat)" "sumSeries(sonde_fleet.shop.*.syscalls.read.$stat)"
	done
	wait_for same_answers 'maxSeries(sonde.shop.*.syscalls.read.max_us)' 'sonde_fleet.shop.all.syscalls.read.max_us'
	same_answers 'histogramPercentile(sonde.shop.*.syscalls.read.le_ns.*,99)' 'histogramPercentile(sonde_fleet.shop.*.syscalls.read.le_ns.*,99)'
	carbon_stop
}

# Not nothing, and the same.
same_answers() {
	local first second
	first=$(render "$1" from=-10min | jq -c '.[].datapoints | map(select(.[0] != null))')
	second=$(render "$2" from=-10min | jq -c '.[].datapoints | map(select(.[0] != null))')
	[ "$(jq length <<<"$first")" = 30 ] && [ "$first" = "$second" ]
}

all_arrived() {
	[ "$(render 'sumSeries(sonde.*.*.syscalls.read.count)' from=-1h | jq '[.[].datapoints[][0] // 0] | add | floor')" = \
		"$(awk '/\.count / { n += $2 } END { print n }' "$BATS_TEST_TMPDIR/lines")" ]
}

# A run that has something for every panel: reads and writes of a disk, connections that succeed and fail.
busy_run() {
	require loop fio nft
	truncate -s 64M "$BATS_TEST_TMPDIR/disk"
	DEV=$(losetup --find --show "$BATS_TEST_TMPDIR/disk")
	NETNS=$NETNS sonde_start --graphite 127.0.0.1:2003 --interval 10 --send-offset 0 --prefix sonde --new-series 0 "$@"
	fio --name=busy --filename="$DEV" --rw=randrw --bs=4k --size=32M --number_ios=3000 --direct=1 --output="$BATS_TEST_TMPDIR/fio"
	in_netns "$NETNS" bash -c 'for i in 1 2 3; do (exec 3<>/dev/tcp/127.0.0.1/1) 2>/dev/null; (exec 3<>/dev/tcp/127.0.0.1/2003); done' || true
	# A SYN that nobody hears is sent again.
	in_netns "$NETNS" nft 'add table inet drops; add chain inet drops in { type filter hook input priority 0; };
		add rule inet drops in tcp dport 9 drop'
	in_netns "$NETNS" timeout 3 bash -c 'exec 3<>/dev/tcp/127.0.0.1/9' || true
	workload 300 1000
	for _ in {1..20}; do
		render 'sumSeries(sonde.*.*.syscalls._all.count)' from=-1min >"$BATS_TEST_TMPDIR/answer"
	done
	# Two slots have ended and are stored.
	DEADLINE=45 wait_for busy_stored
	sonde_stop
	losetup -d "$DEV"
}

busy_stored() {
	local file
	file=$(find "$CARBON/whisper" -path "*self/output/lines.wsp" | head -n 1)
	[ -n "$file" ] && [ "$("$TOOLS/archive" "$file" 10 $(($(date +%s) - 300)) "$(date +%s)" | wc -l)" -ge 2 ]
}

has_data() {
	render "$1" from=-10min >"$BATS_TEST_TMPDIR/answer"
	jq -e '[.[].datapoints[][0] | select(. != null)] | length > 0' "$BATS_TEST_TMPDIR/answer" >/dev/null 2>&1
}

# substituted QUERY SERVICE: the dashboard's variables as Grafana would fill them in.
substituted() {
	local query=${1//'$service'/$2}
	query=${query//'$host'/'*'} query=${query//'$set'/syscalls}
	echo "${query//'$op'/read}"
}

# all_have_data SERVICE: every query of the dashboard, and of its variables.
all_have_data() {
	local query bad=0 seen=0
	while IFS= read -r query; do
		query=$(substituted "$query" "$1")
		seen=$((seen + 1))
		# Carbon makes its files at its own pace.
		DEADLINE=30 wait_for has_data "$query" 2>/dev/null || {
			echo "no data: $query: $(head -c 300 "$BATS_TEST_TMPDIR/answer")" >&2
			bad=$((bad + 1))
		}
	done < <(jq -r '.panels[].targets[]?.target' "$ROOT/dist/grafana/graphite.json")
	echo "# $seen queries, $bad without data" >&3
	[ "$seen" -ge 20 ] && [ $bad = 0 ]
	while IFS= read -r query; do
		query=$(substituted "$query" "$1")
		in_netns "$NETNS" curl -sS -G --data-urlencode "query=$query" http://127.0.0.1:8080/metrics/find | jq -e 'length > 0' >/dev/null ||
			fail "nothing to choose: $query"
	done < <(jq -r '.templating.list[] | select(.type == "query").query' "$ROOT/dist/grafana/graphite.json")
}

# The questions of the documentation, of all services.
all_documented_have_data() {
	local query seen=0
	while IFS= read -r query; do
		seen=$((seen + 1))
		DEADLINE=30 wait_for has_data "$(sed -E 's/sonde\.(nginx|shop)\./sonde.*./g' <<<"$query")"
	done < <(sed -n '/^## Graphite/,/^## /s/^|[^|]*| `\(.*)\)` |$/\1/p' "$ROOT/docs/stores.md")
	[ "$seen" -ge 7 ]
}

# Pictures have this colour for what is drawn, and for nothing else; a legend would have it without any points.
COLOUR=ff00ff

# drawn FILE: a picture in which something is drawn.
drawn() {
	"$TOOLS/picture" "$1" $COLOUR || fail "nothing is drawn in $1"
}

# The commands of docs/stores.md from `sed` to `rm`, with the places that a test has.
@test "docs/stores.md puts what is shipped into the carbon.conf of Debian, and it is still one" {
	cp /etc/carbon/carbon.conf "$BATS_TEST_TMPDIR/carbon.conf"
	sed -n '/^sed -n/,/^rm sonde.new/p' "$ROOT/docs/stores.md" | sed "s|/usr/share/sonde|$ROOT/dist|" >"$BATS_TEST_TMPDIR/commands"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/commands")" = 3 ]
	(cd "$BATS_TEST_TMPDIR" && bash -e commands)
	python3 - /etc/carbon/carbon.conf "$BATS_TEST_TMPDIR/carbon.conf" >"$BATS_TEST_TMPDIR/changed" <<-'END'
		import configparser, sys
		before, after = [configparser.ConfigParser(interpolation=None) for _ in "ab"]
		for parser, name in zip((before, after), sys.argv[1:]):
		    parser.optionxform = str
		    parser.read(name)
		assert before.sections() == after.sections()
		for section in before.sections():
		    assert set(before[section]) <= set(after[section])
		    for key, value in after[section].items():
		        if before[section].get(key) != value:
		            print(section, key, "=", value)
	END
	# USE_FLOW_CONTROL is True there already.
	diff "$BATS_TEST_TMPDIR/changed" <(shipped cache | grep -v FLOW | sed 's/^/cache /')
}

# picture TARGET FILE: what graphite-web draws.
picture() {
	in_netns "$NETNS" curl -sS -G --data-urlencode "target=$1" --data-urlencode from=-5min --data-urlencode width=800 \
		--data-urlencode height=400 --data-urlencode lineMode=connected --data-urlencode lineWidth=2 --data-urlencode colorList=$COLOUR \
		--data-urlencode hideLegend=true \
		http://127.0.0.1:8080/render >"$2"
}

@test "every query of the dashboard returns data, and a p99 is drawn" {
	local p99='histogramPercentile(sonde.*.*.syscalls._all.le_ns.*,99)'
	shipped_carbon
	# What is seen in one slot only must not wait for its file: here all series are new, and --max-series does not bound them.
	sed -i 's/^MAX_CREATES_PER_MINUTE .*/MAX_CREATES_PER_MINUTE = inf/' "$CARBON/conf/carbon.conf"
	carbon_start
	graphite_start
	busy_run --slo tcp.connect:200ms
	all_have_data '*'
	all_documented_have_data
	# As several services are chosen.
	has_data "$(substituted 'histogramPercentile(sonde.$service.$host.syscalls._all.le_ns.*, 99, 1)' "{carbon-cache,gunicorn,$STORED}")"
	picture "$p99" "${PICTURE:=$BATS_TEST_TMPDIR/picture.png}"
	drawn "$PICTURE"
	picture "${p99/sonde/nothing}" "$BATS_TEST_TMPDIR/nothing.png"
	run ! drawn "$BATS_TEST_TMPDIR/nothing.png"
	# SCREENSHOT=FILE: what a browser shows, for a person to look at.
	if [ -n "${SCREENSHOT:-}" ]; then
		in_netns "$NETNS" chromium --headless=new --no-sandbox --disable-gpu --window-size=1200,800 \
			--user-data-dir="$BATS_TEST_TMPDIR/chromium" --virtual-time-budget=15000 --screenshot="$SCREENSHOT" \
			"http://127.0.0.1:8080/?width=900&height=500&from=-5min&lineMode=connected&lineWidth=2&hideLegend=true&colorList=$COLOUR&target=$p99" >/dev/null 2>&1
		drawn "$SCREENSHOT"
	fi
	carbon_stop
}

@test "the fragments are understood, the dashboards are what the generator makes" {
	require carbon-c-relay
	"$ROOT/scripts/gen-dashboards" "$BATS_TEST_TMPDIR"
	for name in graphite prometheus victoria; do
		cmp "$BATS_TEST_TMPDIR/$name.json" "$ROOT/dist/grafana/$name.json"
	done
	echo "sonde.shop.web1.syscalls.read.count" | carbon-c-relay -t -f "$ROOT/dist/graphite/carbon-c-relay.conf" >"$BATS_TEST_TMPDIR/relay" 2>&1
	grep -q 'carbon_ch(caches)\|127.0.0.1:2[12]03' "$BATS_TEST_TMPDIR/relay"
	# It has status 0 and says valid whatever it finds.
	validate-storage-schemas "$ROOT/dist/graphite/storage-schemas.conf" >"$BATS_TEST_TMPDIR/schemas"
	! grep Error "$BATS_TEST_TMPDIR/schemas"
}
