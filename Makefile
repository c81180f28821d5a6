# SPDX-License-Identifier: GPL-2.0-only
# make            ./sonde, one binary with the BPF objects inside, and ./sonde-query, which `sonde query` runs
# make run        install what is missing, build, stream this host's histograms to standard output
# make test       install the test tools, build, run everything        (TESTS=tests/tcp.bats: one file;
#                 TAGS=outage: receivers that are killed and stopped, which is not part of the rest;
#                 TAGS=incident make test TESTS=tests/incidents.bats: incidents with real servers, on a host that may suffer)
# make fuzz       each parser with random bytes, FUZZ_SECONDS=60 each; FUZZ='config frame': only those
# make lint       static analysis, by five tools (LINT='shell tidy': only those); installs them
# make test-valgrind      the unit tests under valgrind
# make test-soak  two hours with everything on, under load, then 1,000 times SIGKILL: what grows, what is not counted (SOAK_SECONDS=300 KILLS=100: shorter)
# make bench      cost, measured against other tools
# make install    DESTDIR= PREFIX=/usr/local SYSCONFDIR=/etc; an existing configuration file stays
# make man        man pages and completions, in .output/man and .output/completion
# make deb        .output/deb/*.deb, built from the files that git knows
# make test-deb   that package on fresh Debians: built twice, installed, run, upgraded, removed, purged    (SUITES=trixie: only there)
# make static     .output/static-ARCH/sonde, one file that needs no library; ARCH=aarch64 builds it for that
# make test-kernels       the tests on other kernels, in virtual machines (KERNELS='x86_64-5.10 ...': only those)
# make test-kernels-all   on more of them
# make clean      V=1 shows the commands; SANITIZE=1 builds the user side with address and undefined sanitizers

VERSION := 0.1.0
# In the man pages: of this version, so that a build tells nothing of when it was made.
DATE    := 2026-11-28
HOST    := $(shell uname -m)
ARCH    ?= $(HOST)
PREFIX  ?= /usr/local
SYSCONFDIR ?= /etc
UNITDIR ?= $(PREFIX)/lib/systemd/system
ZSHDIR  ?= $(PREFIX)/share/zsh/site-functions

SANITIZE ?=
# Set by `make fuzz` when it calls itself.
LIBFUZZER ?=
STATIC   ?= $(filter static,$(MAKECMDGOALS))
VARIANT  := $(if $(STATIC),/static-$(ARCH))$(if $(SANITIZE),/sanitize)$(if $(LIBFUZZER),/fuzz)
O        ?= .output$(VARIANT)
BIN      := $(if $(VARIANT),$(O)/sonde,sonde)
# Not in the static build: there is no static libcurl that is complete.
QUERY    := $(if $(STATIC),,$(BIN)-query)

ifneq ($(ARCH),$(HOST))
ifndef STATIC
$(error for another architecture there is only the static build: make static ARCH=$(ARCH))
endif
CC      := $(ARCH)-linux-gnu-gcc
SYSROOT := .output/sysroot-$(ARCH)
CROSS   := -isystem $(SYSROOT)/usr/include -isystem $(SYSROOT)/usr/include/$(ARCH)-linux-gnu
LDFLAGS += -L$(SYSROOT)/usr/lib/$(ARCH)-linux-gnu
else
CC      ?= cc
endif
CLANG   ?= clang
STRIP   ?= llvm-strip

CFLAGS   ?= -O2 -g
SANFLAGS := $(if $(SANITIZE),-fsanitize=address -fsanitize=undefined -fno-sanitize-recover=all -fno-omit-frame-pointer) \
            $(if $(LIBFUZZER),-fsanitize=fuzzer-no-link -fsanitize=address -fsanitize=undefined -fsanitize=float-cast-overflow -fno-sanitize-recover=all -Wno-error)
ALL_CFLAGS := -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror $(CPPFLAGS) $(CFLAGS) $(SANFLAGS) \
              -Iinclude -Iuser -DSONDE_VERSION='"$(VERSION)"' -pthread $(CROSS) $(if $(STATIC),-DSONDE_STATIC)
LDFLAGS += $(if $(STATIC),-static)
LIBS := -lbpf -lelf -lz -ljansson -lmicrohttpd -lncursesw -ltinfo -lcap-ng -lseccomp -lm

BPF_ARCH := $(patsubst aarch64,arm64,$(patsubst x86_64,x86,$(ARCH)))
# v3: 32-bit operations and jumps, which every kernel from 5.1 on knows.
BPF_CFLAGS := -g -O2 -target bpf -mcpu=v3 -D__TARGET_ARCH_$(BPF_ARCH) -Wall -Werror \
              -Ivmlinux/$(ARCH) -Iinclude -Ibpf -ffile-prefix-map=$(CURDIR)=.

# clang 19 puts some types into the order of their addresses in memory, which are by chance otherwise.
FIXED_ADDRESSES := $(shell setarch -R true 2>/dev/null && echo setarch -R)

ifeq ($(V),1)
Q =
msg =
else
Q = @
msg = @printf '  %-8s %s\n' '$(1)' '$(2)';
endif

BPF_OBJ  := $(patsubst bpf/%.bpf.c,$(O)/bpf/%.bpf.o,$(wildcard bpf/*.bpf.c))
EMBED    := $(BPF_OBJ:.bpf.o=.embed.o)
USER_SRC := $(filter-out user/query/%,$(wildcard user/*.c user/*/*.c))
USER_OBJ := $(USER_SRC:%.c=$(O)/%.o)
NO_TLS   := $(if $(STATIC),$(O)/no_tls.o)
QUERY_SRC := $(wildcard user/query/*.c)
QUERY_OBJ := $(QUERY_SRC:%.c=$(O)/%.o)
# What it has in common with sonde.
SHARED_OBJ := $(patsubst %,$(O)/user/%.o,dist print_hist terminal units log)
# Everything but main, for the unit tests.
LIB_OBJ  := $(filter-out $(O)/user/main.o,$(USER_OBJ)) $(EMBED) $(NO_TLS)
# What needs no network.
QUERY_LIB_OBJ := $(if $(QUERY),$(filter-out $(O)/user/query/main.o $(O)/user/query/http.o,$(QUERY_OBJ)))
UNIT     := $(patsubst tests/unit/%.c,$(O)/unit/%,$(filter-out $(if $(STATIC),%/test_query.c),$(wildcard tests/unit/test_*.c)))
UNIT_BPF := $(patsubst tests/unit/%.bpf.c,$(O)/unit/%.bpf.o,$(wildcard tests/unit/*.bpf.c))
WORK     := $(patsubst tests/work/%.c,$(O)/work/%,$(wildcard tests/work/*.c))
# What a static program cannot be given.
PRELOAD  := $(if $(STATIC),,$(patsubst tests/preload/%.c,$(O)/work/%.so,$(wildcard tests/preload/*.c)))
# Harnesses of tests/fuzz: each with libFuzzer, or all of them in one unit test that goes over their corpus.
FUZZ_NAME  := $(filter-out $(if $(QUERY),,graphite json_source query_options),$(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c)))
FUZZ_WRAP  := -Wl,--wrap=fopen -Wl,--wrap=readlink -Wl,--wrap=access -Wl,--wrap=glob -Wl,--wrap=log__print
FUZZ_OBJ   := $(FUZZ_NAME:%=$(O)/harness/fuzz_%.o) $(O)/harness/files.o
FUZZ       ?= $(FUZZ_NAME)
FUZZ_SECONDS ?= 60

.PHONY: fuzz fuzz-programs all run man static test-kernels test-kernels-all test test-programs bench install deb clean deps test-deps format check-format test-deb test-soak lint lint-format lint-shell lint-cppcheck lint-tidy lint-analyzer test-valgrind
.DELETE_ON_ERROR:
.SECONDARY:

all: $(BIN) $(QUERY)

# Debian's static libmicrohttpd wants GnuTLS, which has no static library that is complete. Nothing here speaks TLS, so the static
# program gets functions that say yes and do nothing.
$(O)/no_tls.o: $(SYSROOT)
	$(call msg,GEN,$@)
	@mkdir -p $(@D)
	$(Q)llvm-nm -u $(or $(wildcard $(SYSROOT)/usr/lib/$(ARCH)-linux-gnu/libmicrohttpd.a),$$($(CC) -print-file-name=libmicrohttpd.a)) | \
	  sed -n 's/.* \(gnutls_[a-z0-9_]*\)$$/int \1(void) { return 0; }/p' | sort -u | $(CC) -c -x c - -o $@

$(BIN): $(USER_OBJ) $(EMBED) $(NO_TLS)
	$(call msg,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ $(LIBS) -o $@

$(BIN)-query: $(QUERY_OBJ) $(SHARED_OBJ)
	$(call msg,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ -lcurl -ljansson -lm -o $@

$(O)/user/%.o: user/%.c
	$(call msg,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c $< -o $@

$(O)/bpf/%.bpf.o: bpf/%.bpf.c
	$(call msg,BPF,$<)
	@mkdir -p $(@D)
	$(Q)$(FIXED_ADDRESSES) $(CLANG) $(BPF_CFLAGS) -MMD -MP -MT $@ -c $< -o $@
	$(Q)$(STRIP) -g $@

# The object's bytes between two symbols, NAME_object and NAME_object_end.
$(O)/bpf/%.embed.o: $(O)/bpf/%.bpf.o
	$(call msg,EMBED,$<)
	$(Q)printf '.section .rodata\n.balign 8\n.global %s_object, %s_object_end\n%s_object:\n.incbin "%s"\n%s_object_end:\n.section .note.GNU-stack,"",%%progbits\n' \
	  $* $* $* $< $* | $(CC) -c -x assembler - -o $@

$(O)/unit/%.bpf.o: tests/unit/%.bpf.c
	$(call msg,BPF,$<)
	@mkdir -p $(@D)
	$(Q)$(CLANG) $(BPF_CFLAGS) -MMD -MP -MT $@ -c $< -o $@

# A function of its own in the place of the C library's, also in a static program.
$(O)/unit/test_outbox: UNITLDFLAGS := -Wl,--wrap=getaddrinfo

$(O)/unit/%: tests/unit/%.c $(LIB_OBJ) $(QUERY_LIB_OBJ)
	$(call msg,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -Itests/unit -Iuser/query -MMD -MP -MF $@.d $< $(QUERY_LIB_OBJ) $(LIB_OBJ) $(LDFLAGS) $(UNITLDFLAGS) $(LIBS) -o $@

$(O)/harness/%.o: tests/fuzz/%.c
	$(call msg,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -Iuser/query $(if $(LIBFUZZER),,-DLLVMFuzzerTestOneInput=$*) -MMD -MP -c $< -o $@

# Each harness as a function of its own name, and what they are.
$(O)/harness/list.h: $(wildcard tests/fuzz/fuzz_*.c)
	@mkdir -p $(@D)
	$(Q)printf 'HARNESS(%s)\n' $(FUZZ_NAME) > $@

$(O)/unit/test_fuzz: tests/unit/test_fuzz.c $(O)/harness/list.h $(FUZZ_OBJ) $(LIB_OBJ) $(QUERY_LIB_OBJ)
	$(call msg,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -I$(O)/harness -MMD -MP -MF $@.d $< $(FUZZ_OBJ) $(FUZZ_WRAP) $(QUERY_LIB_OBJ) $(LIB_OBJ) $(LDFLAGS) $(LIBS) -o $@

$(O)/fuzz_%: $(O)/harness/fuzz_%.o $(O)/harness/files.o $(LIB_OBJ) $(QUERY_LIB_OBJ)
	$(call msg,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer $^ $(FUZZ_WRAP) $(LDFLAGS) $(LIBS) -o $@

# Static, so that no loader adds system calls to those that are counted.
$(O)/work/%: tests/work/%.c
	$(call msg,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -Wall -Wextra -Werror -O2 -pthread -static -MMD -MP -MF $@.d $< -o $@

$(O)/work/%.so: tests/preload/%.c
	$(call msg,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -O2 -fPIC -shared -MMD -MP -MF $@.d $< -o $@

# Asks a program that runs here and has all commands: for a static build or another architecture, the usual one is built beside it.
GENERATED := .output/man/done .output/completion/sonde .output/completion/_sonde
man: $(GENERATED)

ifneq ($(BIN),sonde)
sonde: $(USER_SRC) $(QUERY_SRC) $(wildcard bpf/*.[ch] include/*.h user/*.h user/*/*.h)
	@$(MAKE) --no-print-directory STATIC= SANITIZE= ARCH=$(HOST) O=.output all
endif

.output/man/done: sonde scripts/gen-man scripts/options.awk README.md docs/operations.md $(wildcard docs/man/*)
	$(call msg,GEN,.output/man)
	$(Q)rm -rf $(@D)
	$(Q)scripts/gen-man ./sonde $(@D) $(VERSION) $(DATE)
	@touch $@

.output/completion/sonde: sonde scripts/gen-completion scripts/options.awk
	$(call msg,GEN,$@)
	@mkdir -p $(@D)
	$(Q)scripts/gen-completion ./sonde bash > $@

.output/completion/_sonde: sonde scripts/gen-completion scripts/options.awk
	$(call msg,GEN,$@)
	@mkdir -p $(@D)
	$(Q)scripts/gen-completion ./sonde zsh > $@

static:
	@scripts/install-deps build $(if $(SYSROOT),cross)
	@$(MAKE) --no-print-directory STATIC=1 all

# Every object needs its headers, but none needs them newer.
$(USER_OBJ): | $(SYSROOT)

# Again when the list of what is in it has changed.
.output/sysroot-%: scripts/fetch-sysroot
	$(call msg,FETCH,$@)
	$(Q)scripts/fetch-sysroot $* $@
	$(Q)touch $@

run: deps
	@$(MAKE) --no-print-directory all
	./$(BIN) run

deps:
	@scripts/install-deps build

test-deps:
	@scripts/install-deps build test

test-programs: $(BIN) $(QUERY) $(UNIT) $(UNIT_BPF) $(WORK) $(PRELOAD)

test: test-deps
	@$(if $(filter incident,$(TAGS)),scripts/install-deps incidents)
	@$(MAKE) --no-print-directory test-programs
	@SONDE=$(abspath $(BIN)) WORK=$(abspath $(O)/work) UNIT=$(abspath $(O)/unit) scripts/run-tests $(TESTS)

test-kernels: KERNELS ?= ci
test-kernels-all: KERNELS = all
test-kernels test-kernels-all:
	@scripts/install-deps build cross guests
	@for arch in $$(scripts/test-kernels --archs $(KERNELS)); do \
		$(MAKE) --no-print-directory STATIC=1 ARCH=$$arch test-programs || exit; \
	done
	@TESTS='$(TESTS)' scripts/test-kernels $(KERNELS)

fuzz:
	@scripts/install-deps build fuzz
	@$(MAKE) --no-print-directory LIBFUZZER=1 CC=$(CLANG) CFLAGS='-O1 -gline-tables-only' fuzz-programs
	@scripts/fuzz .output/fuzz $(FUZZ_SECONDS) $(FUZZ)

fuzz-programs: $(FUZZ:%=$(O)/fuzz_%)

# VALGRIND='test_query ...': only those.
test-valgrind:
	@scripts/install-deps build lint
	@$(MAKE) --no-print-directory $(UNIT) $(UNIT_BPF)
	@UNIT=$(abspath $(O)/unit) scripts/test-valgrind $(O)/valgrind $(or $(VALGRIND),$(notdir $(UNIT)))

test-soak: test-deps
	@$(MAKE) --no-print-directory test-programs
	@export SONDE=$(abspath $(BIN)) WORK=$(abspath $(O)/work); failed=0; scripts/test-soak $(abspath $(O)/soak) || failed=1; \
	  KILLS=$(or $(KILLS),1000) bats --timing tests/kills.bats || failed=1; exit $$failed

bench: test-deps
	@scripts/install-deps bench incidents
	@$(MAKE) --no-print-directory test-programs
	@SONDE=$(abspath $(BIN)) WORK=$(abspath $(O)/work) scripts/bench

install: all man
	install -D -m 0755 $(BIN) $(DESTDIR)$(PREFIX)/bin/sonde
	$(if $(QUERY),install -D -m 0755 $(QUERY) $(DESTDIR)$(PREFIX)/libexec/sonde/sonde-query)
	install -d $(DESTDIR)$(SYSCONFDIR)/sonde/conf.d
	test -e $(DESTDIR)$(SYSCONFDIR)/sonde/sonde.conf || install -m 0644 dist/sonde.conf $(DESTDIR)$(SYSCONFDIR)/sonde
	install -d $(DESTDIR)$(UNITDIR)
	sed 's|/usr/bin/|$(PREFIX)/bin/|; s|/etc/sonde/|$(SYSCONFDIR)/sonde/|' dist/systemd/sonde.service >$(DESTDIR)$(UNITDIR)/sonde.service
	chmod 0644 $(DESTDIR)$(UNITDIR)/sonde.service
	install -D -m 0644 dist/sysusers/sonde.conf $(DESTDIR)$(PREFIX)/lib/sysusers.d/sonde.conf
	install -D -m 0644 README.md $(DESTDIR)$(PREFIX)/share/doc/sonde/README.md
	install -D -m 0644 dist/sonde.conf $(DESTDIR)$(PREFIX)/share/doc/sonde/examples/sonde.conf
	install -m 0644 dist/systemd/realtime.conf dist/kubernetes/daemonset.yaml $(DESTDIR)$(PREFIX)/share/doc/sonde/examples
	install -d $(DESTDIR)$(PREFIX)/share/doc/sonde/docs/questions
	install -m 0644 docs/*.md $(DESTDIR)$(PREFIX)/share/doc/sonde/docs
	install -m 0644 docs/questions/* $(DESTDIR)$(PREFIX)/share/doc/sonde/docs/questions
	install -d $(DESTDIR)$(PREFIX)/share/sonde/graphite $(DESTDIR)$(PREFIX)/share/sonde/grafana
	install -m 0644 dist/graphite/* $(DESTDIR)$(PREFIX)/share/sonde/graphite
	install -m 0644 dist/grafana/* $(DESTDIR)$(PREFIX)/share/sonde/grafana
	install -d $(addprefix $(DESTDIR)$(PREFIX)/share/man/man,1 5 7)
	for page in $$(cd .output/man && ls *.[157]); do to=$(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$$page; \
	  sed 's|/usr/share/|$(PREFIX)/share/|g; s|/etc/sonde|$(SYSCONFDIR)/sonde|g' .output/man/$$page >$$to && chmod 0644 $$to || exit; done
	install -D -m 0644 .output/completion/sonde $(DESTDIR)$(PREFIX)/share/bash-completion/completions/sonde
	install -D -m 0644 .output/completion/_sonde $(DESTDIR)$(ZSHDIR)/_sonde

deb:
	@scripts/install-deps build deb
	@scripts/build-deb .output/deb

test-deb:
	@scripts/install-deps fresh
	@scripts/test-deb $(SUITES)

docs/metrics.md: $(BIN)
	./$(BIN) probes --markdown > $@

FORMAT := $(filter-out include/syscall_names_%,$(wildcard bpf/*.[ch] include/*.h user/*.[ch] user/*/*.[ch] tests/fuzz/*.[ch] tests/preload/*.c tests/unit/*.[ch] tests/work/*.[ch]))
format:
	@clang-format -i $(FORMAT)

check-format:
	@clang-format --dry-run -Werror $(FORMAT)

# make itself says that LINT is lint.
ifeq ($(origin LINT),default)
LINT :=
endif

lint:
	@scripts/install-deps build lint
	@CC='$(CC)' MAKE='$(MAKE)' scripts/lint $(LINT)

# An empty file for each source file that has passed, so that only what has changed is looked at again: an object is newer than its headers.
LINT_SRC := $(USER_SRC) $(QUERY_SRC)
lint-format: check-format
lint-tidy: $(LINT_SRC:%.c=$(O)/lint/%.tidy)
# Not where uthash's macros are: gcc 12 takes minutes for them. It loses what is put into an array that realloc has moved, and sees leaks.
lint-analyzer: $(patsubst %.c,$(O)/lint/%.analyzer,$(shell grep -L HASH_ $(LINT_SRC)))

$(O)/lint/%.tidy: %.c $(O)/%.o .clang-tidy
	$(call msg,TIDY,$<)
	@mkdir -p $(@D)
	$(Q)clang-tidy --quiet $< -- $(ALL_CFLAGS) 2>/dev/null
	@touch $@

$(O)/lint/%.analyzer: %.c $(O)/%.o
	$(call msg,ANALYZE,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -fanalyzer -Wno-analyzer-malloc-leak $(ANALYZER_WITHOUT:%=-Wno-analyzer-%) -c $< -o /dev/null
	@touch $@

# What is folded has a place, and an array that is walked has items.
$(O)/lint/user/budget.analyzer: ANALYZER_WITHOUT := null-dereference
# make_getopt fills the array as far as it is read.
$(O)/lint/user/options.analyzer: ANALYZER_WITHOUT := use-of-uninitialized-value

lint-cppcheck:
	@mkdir -p $(O)/lint/cppcheck
	@cppcheck --cppcheck-build-dir=$(O)/lint/cppcheck --quiet --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
	  --suppressions-list=scripts/lint.d/cppcheck.suppressions --library=posix,gnu,scripts/lint.d/cppcheck.cfg -D_GNU_SOURCE -D__linux__ -D__$(HOST)__ -Iinclude -Iuser $(LINT_SRC)

lint-shell:
	@shellcheck --severity=warning $$(grep -lE '^#!.*[/ ](sh|bash|bats)$$' -r .ci scripts tests) tests/*.bash tests/*/*.bash

clean:
	rm -rf .output sonde sonde-query

-include $(USER_OBJ:.o=.d) $(QUERY_OBJ:.o=.d) $(BPF_OBJ:.o=.d) $(UNIT:=.d) $(UNIT_BPF:.o=.d) $(WORK:=.d) $(PRELOAD:=.d) $(FUZZ_OBJ:.o=.d)
