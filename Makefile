# FauxGuard's tasks. `make run` and `make test` need a Swift 6.3 toolchain on PATH; everything else they install.
SHELL := /bin/bash
.ONESHELL:
.SHELLFLAGS := -euo pipefail -c

CONFIGURATION ?= release
PREFIX ?= /usr/local
DATA ?= ./data
SWIFT_BUILD := swift build --static-swift-stdlib -c $(CONFIGURATION) --product fauxguard

.PHONY: run test lint format acceptance bench fuzz soak man install docs/command-line.md docs/faults.md packages clean

## run: build, mint the lab's certificates, load the demo lab, serve (RESET=1 starts from the demo lab again)
run: packages
	if [[ -n "$(RESET)" ]]; then rm -rf "$(DATA)/labs"; fi
	$(SWIFT_BUILD)
	exec "$$(swift build -c $(CONFIGURATION) --show-bin-path)/fauxguard" serve --data "$(DATA)" $(ARGS)

## test: every test that needs no third-party package; SANITIZE=1 adds the thread and address sanitizers
test: packages
	Tools/test

## lint: formatter, warnings as errors, module arrows, where `unsafe` may stand, documentation, file lengths
lint: packages
	Tools/lint

## format: rewrite every Swift file as the formatter wants it
format:
	swift format --in-place --recursive --parallel Sources Tests Package.swift

## acceptance: third-party clients and scanners against the built binary, in a private venv
acceptance: packages
	Tools/acceptance

## bench: FauxGuard beside nginx, as a table with ratios (ARGS=--quick for a smoke run)
bench: packages
	Tools/packages bench
	$(SWIFT_BUILD)
	Benchmarks/run $(ARGS)

## fuzz: each fuzz target for FUZZ_SECONDS (60)
fuzz: packages
	Tools/packages fuzz
	Tools/fuzz

## soak: the long versions of the kill, connection and rule tests
soak: packages
	Tools/soak

## man: the manual pages, in .build/man
man: packages
	$(SWIFT_BUILD)
	Tools/manual pages "$$(swift build -c $(CONFIGURATION) --show-bin-path)/fauxguard" .build/man

## docs/command-line.md: the page of the command line, from the same definitions as --help
docs/command-line.md: packages
	$(SWIFT_BUILD)
	Tools/manual markdown "$$(swift build -c $(CONFIGURATION) --show-bin-path)/fauxguard" > .build/command-line.md
	mv .build/command-line.md $@

## docs/faults.md: the effects in the page of fault rules, from the catalogue that rules are checked against
docs/faults.md: packages
	$(SWIFT_BUILD)
	sed '/^### The connection$$/,$$d' $@ > .build/faults.md
	"$$(swift build -c $(CONFIGURATION) --show-bin-path)/fauxguard" faults-page >> .build/faults.md
	mv .build/faults.md $@

## install: binary, manual pages, completions, systemd unit, example configuration, profiles and scenarios under PREFIX (/usr/local)
install: man
	binary="$$(swift build -c $(CONFIGURATION) --show-bin-path)/fauxguard"
	share="$(DESTDIR)$(PREFIX)/share"
	install -D -m 0755 "$$binary" "$(DESTDIR)$(PREFIX)/bin/fauxguard"
	install -D -m 0644 -t "$$share/man/man1" .build/man/*.1
	"$$binary" --generate-completion-script bash > .build/fauxguard.bash
	"$$binary" --generate-completion-script zsh > .build/fauxguard.zsh
	"$$binary" --generate-completion-script fish > .build/fauxguard.fish
	install -D -m 0644 .build/fauxguard.bash "$$share/bash-completion/completions/fauxguard"
	install -D -m 0644 .build/fauxguard.zsh "$$share/zsh/site-functions/_fauxguard"
	install -D -m 0644 .build/fauxguard.fish "$$share/fish/vendor_completions.d/fauxguard.fish"
	install -D -m 0644 Config/fauxguard.service "$(DESTDIR)$(PREFIX)/lib/systemd/system/fauxguard.service"
	install -D -m 0644 Config/fauxguard.yaml "$(DESTDIR)$(PREFIX)/share/fauxguard/fauxguard.yaml"
	install -D -m 0644 Config/registry.yaml "$(DESTDIR)$(PREFIX)/share/fauxguard/registry.yaml"
	install -D -m 0644 Certs/profiles.yaml "$(DESTDIR)$(PREFIX)/share/fauxguard/profiles.yaml"
	install -D -m 0644 -t "$(DESTDIR)$(PREFIX)/share/fauxguard/scenarios" Config/scenarios/*.yaml

packages:
	Tools/packages build

clean:
	rm -rf .build .build-*
