# Runreel: every command a person needs. `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help demo test build dev bench bench-full fmt lint clean setup setup-tests
export PATH := $(CURDIR)/.tools/bin:$(CURDIR)/node_modules/.bin:$(PATH):$(HOME)/.cargo/bin

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## /make \1 - /p' Makefile

demo: build ## install what is missing, build, serve at http://127.0.0.1:4700 with a run going
	@scripts/demo.sh

test: setup-tests ## install what is missing and run every test
	@scripts/test.sh

build: setup ## target/release/runreel, with the app inside
	@scripts/build-app.sh
	@cargo build --release --locked -p cli

dev: setup ## server and app, rebuilt and reloaded on change
	@scripts/dev.sh

bench: build ## the side-by-side table
	@benches/run

bench-full: build ## the same and what takes longer: a run of ten minutes, streamed and polled
	@FULL=1 benches/run

fmt: ## format the Rust code
	cargo fmt --all

lint: setup-tests ## formatting and clippy
	@scripts/test.sh lint

clean: ## remove everything built (not the tools)
	cargo clean
	rm -rf dist

setup:
	@scripts/setup.sh

setup-tests:
	@scripts/setup.sh --tests
