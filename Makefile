# make          build and test
# make demo     judge the demo estate that is built into the program: prints the table, writes the pages, says where
# make build    the static binary bin/obsready, stamped with the commit it is built from
# make test     vet and all tests in random order, with the race detector where there is a C compiler, which it needs
# make test-live  what the tests of catalog/grafana promise, against the real Grafana at GRAFANA_URL: see live_test.go there
# make golden   rewrite golden files, and what is generated in READMEs, from what the code does now; read the diff
# make lint     gofmt, vet and staticcheck
# make fuzz     every fuzz test for FUZZTIME each
# make bench    the benchmarks, then one cold run over a generated estate of SERVICES services
# make cross    the binary for every system that it is built for, in bin/
# make eval     what is said of alert rules, against the classes that people gave to those in LABELS, a JSONL file
# make clean    remove what the others made

FUZZTIME    ?= 10s
SERVICES    ?= 10000
TARGETS     ?= linux/amd64 linux/arm64 darwin/arm64 windows/amd64
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

# Go refuses to build in a repository that git refuses to read, such as one that belongs to another user.
VCS   := $(shell git rev-parse HEAD >/dev/null 2>&1 && echo auto || echo false)
BUILD := CGO_ENABLED=0 go build -trimpath -buildvcs=$(VCS)

# The race detector is used when the C compiler that Go would call can build a program.
RACE = $(shell echo 'int main(void) { return 0; }' | $$(go env CC) -x c -include stdlib.h -o /dev/null - 2>/dev/null && echo -race)
TEST = $(if $(RACE),CGO_ENABLED=1 go test -race,CGO_ENABLED=0 go test) -shuffle=on

# testdata/estate is a program of the project that ./... does not name.
ALL := ./... ./testdata/estate

.PHONY: all
all: build test

.PHONY: demo
demo: build
	bin/obsready demo

.PHONY: build
build:
	$(BUILD) -o bin/obsready .

.PHONY: test
test:
	CGO_ENABLED=0 go vet $(ALL)
	CGO_ENABLED=0 go vet -tags live ./catalog/grafana
	$(TEST) ./...

.PHONY: test-live
test-live:
	CGO_ENABLED=0 go test -tags live -count=1 -v -run '^TestLive' ./catalog/grafana

.PHONY: golden
golden:
	UPDATE_GOLDEN=1 CGO_ENABLED=0 go test -count=1 ./...

.PHONY: lint
lint:
	@unformatted=$$(gofmt -l .) && if [ -n "$$unformatted" ]; then echo "not formatted, run gofmt -w:" $$unformatted; exit 1; fi
	CGO_ENABLED=0 go vet $(ALL)
	CGO_ENABLED=0 go run $(STATICCHECK) $(ALL)

# A test package holds several fuzz tests, and go test runs one at a time. Inputs that are found are not made smaller for
# longer than one run, so that FUZZTIME is what it takes. A run that fails is repeated: go test takes its own deadline for a
# failure at times, and an input that was found to fail is kept below testdata and fails again.
.PHONY: fuzz
fuzz:
	@set -e; for package in $$(go list ./...); do \
		listed=$$(CGO_ENABLED=0 go test -list '^Fuzz' $$package); \
		for target in $$(echo "$$listed" | grep '^Fuzz'); do \
			echo "$$package $$target"; \
			fuzz="go test -run ^\$$ -fuzz ^$$target\$$ -fuzztime $(FUZZTIME) -fuzzminimizetime 1x $$package"; \
			CGO_ENABLED=0 $$fuzz || CGO_ENABLED=0 $$fuzz; \
		done; \
	done

.PHONY: bench
bench: build
	CGO_ENABLED=0 go test -run '^$$' -bench . -benchmem ./...
	CGO_ENABLED=0 go run ./testdata/estate -services $(SERVICES) -run bin/obsready

.PHONY: eval
eval:
	@CGO_ENABLED=0 go run ./checks/measure/eval $(EVALFLAGS) $(LABELS)

.PHONY: cross
cross:
	@set -e; for target in $(TARGETS); do \
		os=$${target%/*} arch=$${target#*/} suffix=; \
		if [ $$os = windows ]; then suffix=.exe; fi; \
		echo "bin/obsready-$$os-$$arch$$suffix"; \
		GOOS=$$os GOARCH=$$arch $(BUILD) -o "bin/obsready-$$os-$$arch$$suffix" .; \
	done

.PHONY: clean
clean:
	rm -rf bin obsready-report
