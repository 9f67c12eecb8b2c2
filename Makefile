# make demo    build and score the embedded demo estate (prints the table, writes the pages, says where)
# make build   the static binary bin/obsready
# make test    vet and all tests, with the race detector, in random order
# make golden  rewrite golden files and generated docs from what the code does now; read the diff
# make lint    gofmt, vet and staticcheck
# make fuzz    every fuzz test for FUZZTIME each
# make bench   benchmarks, and one cold run over a generated estate of SERVICES services

export CGO_ENABLED ?= 0
FUZZTIME ?= 10s
SERVICES ?= 10000

.PHONY: all
all: build test

.PHONY: build
build:
	go build -trimpath -o bin/obsready .
