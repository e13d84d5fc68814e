# Castaway. `make` lists what there is to do.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

# What a caller may set.
CHROMIUM ?= /usr/bin/chromium
FUZZTIME ?= 10s
BENCH ?= .
PROGRAMS ?= 10000
RUNS ?= 1000
SEEDS ?= 20000
ARGS ?=

NPM := npm --prefix web
NODE_MODULES := web/node_modules/.package-lock.json
LINT := bin/tools/golangci-lint
PAGE := web/dist/index.html
WASM := web/engine/castaway.wasm web/engine/wasm_exec.js

# Without inlining, code is smaller to download. Of what a run does all the time, only raftsim, kv and its index
# are among it: in wasm they are hardly slower so.
CASTAWAY := github.com/castaway-kv/castaway
COLD := fmt reflect strconv internal/strconv time slices strings bytes sort os context internal/poll syscall syscall/js compress/flate \
	github.com/anishathalye/porcupine github.com/google/btree $(CASTAWAY)/kv $(CASTAWAY)/kv/... \
	$(CASTAWAY)/raftsim/... $(CASTAWAY)/linearize/... $(CASTAWAY)/fuzz $(CASTAWAY)/wasm/...
WASM_FLAGS := -trimpath $(patsubst %,-gcflags=%=-l,$(COLD))

# The engine in the browser has the version that castaway version shows; to read it there
# would cost 7 kB to download. Every program of this module has it.
ENGINE := github.com/castaway-kv/castaway/wasm/session.Engine
VERSION = $$(go version -m bin/slim | awk '$$1 == "mod" { print $$3 }')

# What is built and tested depends on each go.mod alone; go.work is for editors.
export GOWORK := off

# The packages that start goroutines, where the race detector has something to see.
CONCURRENT := ./cmd/... ./wasm/... ./linearize/... ./server/...

PAGE_SOURCES := $(shell find web/index.html web/vite.config.ts web/tsconfig.json web/src web/build web/engine examples -type f 2>/dev/null)

.PHONY: help
help: ## List the targets.
	@awk -F ':.*## ' '/^##: / { print "\n" substr($$0, 5) } /^[a-z0-9-]+:.*## / { printf "  %-15s %s\n", $$1, $$2 }' Makefile

##: Build and run:

.PHONY: build
build: $(PAGE) ## Build bin/castaway with the page inside.
	go build -tags page -o bin/castaway ./cmd/castaway

.PHONY: play
play: build ## Build everything and serve the playground on loopback (ARGS: flags of castaway play).
	bin/castaway play $(ARGS)

.PHONY: web
web: $(PAGE) ## Build the page in web/dist.

$(PAGE): $(WASM) $(NODE_MODULES) $(PAGE_SOURCES)
	$(NPM) run --silent build
	@touch $@

.PHONY: site
site: $(PAGE) ## Write the page as a static folder, and as one file, to bin/site.
	node scripts/site.mjs bin/site

.PHONY: wasm
wasm: $(WASM) ## Build the engine for the browser.

# The go command knows best whether anything changed; a file is replaced only
# when its bytes differ, so that the page isn't built again for nothing.
web/engine/castaway.wasm: FORCE
	@mkdir -p bin $(@D)
	go build -o bin/slim ./wasm/slim
	GOOS=js GOARCH=wasm go build $(WASM_FLAGS) -ldflags="-s -w -X '$(ENGINE)=$(VERSION)'" -o bin/castaway-whole.wasm ./wasm
	bin/slim bin/castaway-whole.wasm bin/castaway.wasm
	@cmp -s bin/castaway.wasm $@ || cp bin/castaway.wasm $@

web/engine/wasm_exec.js: FORCE
	@mkdir -p $(@D)
	@cmp -s "$$(go env GOROOT)/lib/wasm/wasm_exec.js" $@ || cp "$$(go env GOROOT)/lib/wasm/wasm_exec.js" $@

.PHONY: FORCE
FORCE:

.PHONY: clean
clean: ## Remove what was built; installed packages stay.
	rm -rf bin/castaway bin/castaway.wasm bin/castaway-whole.wasm bin/slim bin/site web/dist $(WASM)

##: Check:

.PHONY: test
test: install-deps lint vet test-go test-hashes test-race test-compat test-wasm test-web e2e ## Install what the tests need and run them all.

.PHONY: lint
lint: $(LINT) $(NODE_MODULES) ## Check formatting, lint, and that go.mod is tidy.
	go mod tidy -diff
	$(LINT) run ./...
	GOOS=js GOARCH=wasm $(LINT) run ./wasm/...
	cd compat && go mod tidy -diff && ../$(LINT) run ./...
	$(NPM) run --silent lint

.PHONY: fmt
fmt: $(LINT) $(NODE_MODULES) ## Format Go and TypeScript.
	$(LINT) fmt
	$(NPM) run --silent format

.PHONY: vet
vet: ## Vet the Go code, natively and for the browser.
	go vet ./...
	GOOS=js GOARCH=wasm go vet ./wasm/...

.PHONY: test-go
test-go: ## Run the Go tests.
	go test ./...

.PHONY: test-hashes
test-hashes: ## Run 20 random configurations natively, on 32 bits and in wasm, and compare their hashes.
	scripts/same-hash 20

.PHONY: test-race
test-race: ## Run the tests of concurrent packages under the race detector.
	@scripts/need gcc gcc libc6-dev
	go test -race $(CONCURRENT)

.PHONY: test-compat
test-compat: ## Run 300 random programs on the real etcd and on ours, and runs with etcd's Raft core in our replicas.
	cd compat && go test . ./raft -rapid.checks=300 && go test ./peer

.PHONY: test-wasm
test-wasm: $(WASM) ## Build the engine for the browser.

.PHONY: test-web
test-web: $(NODE_MODULES) ## Type-check the page and run its unit tests.
	$(NPM) run --silent typecheck
	$(NPM) run --silent test

.PHONY: e2e
e2e: build site ## Test the page from end to end in Chromium (CHROMIUM: its path).
	@scripts/need "$(CHROMIUM)" chromium
	CHROMIUM="$(CHROMIUM)" $(NPM) run --silent e2e

.PHONY: film
film: build ## Make the README's pictures from the page.
	@scripts/need "$(CHROMIUM)" chromium
	CHROMIUM="$(CHROMIUM)" $(NPM) run --silent film

.PHONY: bench
bench: build ## Run the benchmarks (BENCH: which); print the page's download and the time to its first picture.
	@scripts/need "$(CHROMIUM)" chromium
	go test -run '^$$' -bench '$(BENCH)' -benchmem ./...
	@echo "the judge in wasm:"
	GOOS=js GOARCH=wasm go test -exec="$$(go env GOROOT)/lib/wasm/go_js_wasm_exec" -run '^$$' -bench 'With(Log|outLog)/clients=(16|64)/.*operations=10000$$' ./linearize
	@echo "seeking in a million events, in wasm:"
	GOOS=js GOARCH=wasm go test -exec="$$(go env GOROOT)/lib/wasm/go_js_wasm_exec" -run '^$$' -bench 'Seek|StepBack' ./raftsim
	@CHROMIUM="$(CHROMIUM)" $(NPM) run --silent bench

.PHONY: bench-web
bench-web: build ## Measure the page in Chromium against its bars.
	@scripts/need "$(CHROMIUM)" chromium
	@CHROMIUM="$(CHROMIUM)" $(NPM) run --silent bench

.PHONY: bench-engine
bench-engine: $(WASM) ## Measure the engine under Node: its memory over an hour of play, frames and seeks.
	node web/e2e/engine.mjs

.PHONY: hashes
hashes: ## Compare the hashes of RUNS random configurations natively, on 32 bits and in wasm.
	scripts/same-hash $(RUNS)

.PHONY: harsh
harsh: ## Make SEEDS runs with every fault there is.
	go test ./raftsim -run '^TestHarshSeeds$$' -count=1 -timeout 3h -seeds $(SEEDS)

.PHONY: compat
compat: ## Run PROGRAMS random programs on the real etcd and on ours.
	cd compat && go test . -run '^TestPrograms$$' -v -count=1 -timeout 3h -rapid.checks=$(PROGRAMS)

.PHONY: bench-compat
bench-compat: ## Measure etcd's store and ours in turn and print the medians of ten.
	@mkdir -p bin
	cd compat && go test . ./raft -run '^$$' -bench '$(BENCH)' -timeout 1h -rounds 10 | tee ../bin/bench-compat.txt | go run ./medians

.PHONY: campaign-compat
campaign-compat: ## Make RUNS runs of each campaign with etcd's Raft core in our replicas, and with ours.
	cd compat && go test ./peer -run '^TestCampaigns$$' -v -count=1 -timeout 3h -runs $(RUNS)

.PHONY: fuzz
fuzz: ## Search for ten minutes for runs that break something, with everything there is.
	go run ./cmd/castaway fuzz --for 10m

.PHONY: campaign
campaign: ## Search until interrupted, and add up in bin/campaign what was run over time.
	@mkdir -p bin && go build -o bin/castaway-fuzz ./cmd/castaway
	nice -n 19 bin/castaway-fuzz fuzz --out bin/campaign

.PHONY: mutants
mutants: ## Measure how soon each known bug is found: the table of docs/BUGS.md.
	go run ./cmd/castaway fuzz score

.PHONY: fuzz-targets
fuzz-targets: ## Run every target of Go's own fuzzer for FUZZTIME.
	scripts/fuzz $(FUZZTIME)

##: Install:

.PHONY: install-deps
install-deps: $(LINT) $(NODE_MODULES) ## Install the linter, the page's packages, and Chromium and gcc from Debian.
	@scripts/need gcc gcc libc6-dev
	@scripts/need "$(CHROMIUM)" chromium

# Versions are pinned in a module of their own, so that the linter's hundred
# dependencies don't choose the versions of ours.
$(LINT): tools/go.mod tools/go.sum
	cd tools && GOWORK=off go build -o ../$@ github.com/golangci/golangci-lint/v2/cmd/golangci-lint

$(NODE_MODULES): web/package.json web/package-lock.json
	$(NPM) ci --no-audit --no-fund --prefer-offline
	@touch $@
