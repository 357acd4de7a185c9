# SPDX-FileCopyrightText: The E-Onay authors
# SPDX-License-Identifier: Apache-2.0

PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

deps: ## install the Debian packages that a build needs
	@scripts/install-packages build

build: deps ## build everything for debugging
	@$(SWIFT) build

release: deps ## build the programs as they are installed
	@SWIFT="$(SWIFT)" scripts/build-release

demo: deps ## card in, reminder shown, approval given, status printed: for real, without hardware
	@scripts/install-packages run
	@scripts/demo

demo-browser: deps ## the same in a browser: the portal's pages, the PIN window, pictures of each screen
	@scripts/install-packages run browser
	@scripts/demo-browser

check: deps ## the rules: format, warnings, imports, public declarations, texts, interface, documents
	@scripts/check
	@scripts/docs --check

docs: deps ## write the documents that follow from the source: docs/errors.md, docs/drivers.md
	@scripts/docs

docc: deps ## the libraries' documentation, into .build/docc
	@SWIFT="$(SWIFT)" scripts/docc

test: deps ## every test, unit and integration
	@scripts/install-packages run test browser
	@scripts/check
	@scripts/docs --check
	@$(SWIFT) build --product eonay
	@scripts/docc
	@scripts/completions --check
	@scripts/test-completions
	@scripts/test

coverage: deps ## which lines of a folder a target's tests run (TESTS=DesktopServiceTests SOURCES=Sources/DesktopService)
	@SWIFT="$(SWIFT)" scripts/coverage "$(or $(TESTS),DesktopServiceTests)" "$(or $(SOURCES),Sources/DesktopService)"

bench: deps ## measure against the peers; writes docs/benchmarks.md
	@scripts/install-packages run test bench
	@Benchmarks/run

screenshots: build ## pictures of every notification, into docs/screens
	@scripts/install-packages run test
	@scripts/screenshots
	@scripts/picture-texts notifications

portal-screens: build ## walk the portal's pages in a browser; pictures into docs/screens
	@scripts/install-packages run browser
	@scripts/portal-screens
	@mogrify -strip +dither -colors 128 docs/screens/{tr,en}-*.png
	@scripts/picture-texts portal

format: ## lay the source out as the house does
	@$(SWIFT) format --in-place --recursive Package.swift Sources Tests

install: install-desktop install-portal ## put the release programs where FHS and XDG say (PREFIX=, DESTDIR=)

install-desktop: ## of these, what a person with a card needs
	@scripts/install desktop "$(PREFIX)" "$(DESTDIR)"

install-portal: ## of these, the certification centre's server
	@scripts/install portal "$(PREFIX)" "$(DESTDIR)"

install-vcard: ## the card bench, for developers; not in install
	@scripts/install vcard "$(PREFIX)" "$(DESTDIR)"

uninstall: ## take away what the four put there
	@scripts/install --remove desktop,portal,vcard "$(PREFIX)" "$(DESTDIR)"

completions: build ## write the shells' completions from the help of eonay
	@scripts/completions

dist: ## the source as one archive, with the list of what a build without network needs
	@scripts/dist

deb: ## the Debian packages, into .build/packages (EONAY_PROGRAMS=folder of programs that were built before)
	@scripts/install-packages build package
	@scripts/build-packages deb

rpm: ## the same as RPM packages
	@scripts/install-packages build package
	@scripts/build-packages rpm

nightly: ## what is too long for each commit: the packages, built and tried; Debian 13; whether two builds are the same bytes
	@scripts/install-packages build package
	@SWIFT="$(SWIFT)" scripts/build-release
	@EONAY_PROGRAMS=.build/release scripts/build-packages deb
	@EONAY_PROGRAMS=.build/release scripts/build-packages rpm
	@scripts/test-packages
	@scripts/in-system trixie make demo test
	@SWIFT="$(SWIFT)" scripts/test-reproducible

test-packages: ## install, use, upgrade, remove and purge the packages in Debian 12 and 13 and Ubuntu 24.04
	@scripts/install-packages package
	@scripts/test-packages

test-trixie: ## the demo and every test on Debian 13, in a system of its own (as root)
	@scripts/install-packages package
	@scripts/in-system trixie make demo test

release-check: ## whether this commit can be released: version, changelog, pictures, addresses; then tests and packages
	@scripts/release-check

clean: ## remove what was built
	@rm -rf .build

.PHONY: help deps build release demo demo-browser check docs docc test coverage bench screenshots portal-screens format install install-desktop \
	install-portal install-vcard uninstall completions dist deb rpm test-packages test-trixie nightly release-check clean
