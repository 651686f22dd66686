.DEFAULT_GOAL := help
.PHONY: help demo demo-down test test-fast soak build format clean images images-vm packages
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

# Asked for only by the targets that need it, once.
JDK = $(eval JDK := $(or $(shell testbed/jdk),$(error no JDK)))$(JDK)
MAVEN = env JAVA_HOME=$(JDK) ./mvnw --batch-mode
TESTBED = set -a; . testbed/.run/images.env
SOURCES = pom.xml .mvn crds agent operator e2e helm

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1 /p' Makefile | while read -r target does; do printf 'make %-10s %s\n' "$$target" "$$does"; done

demo: images packages ## a cluster, two hosts, two PHP pools and a mount on this machine, left running
	@$(TESTBED); $(JDK)/bin/java --enable-native-access=ALL-UNNAMED -Djava.util.logging.config.file=e2e/logging.properties \
		-cp "e2e/target/classes:$$(cat e2e/target/classpath)" io.unitsmith.testbed.Demo

demo-down: ## remove the demo
	@testbed/down demo

test: images-vm ## every test, on a real cluster and real hosts (needs Docker, which it installs)
	@export UNITSMITH_RUN=$${UNITSMITH_RUN:-test-$$$$}; trap '[ "$${UNITSMITH_KEEP:-}" = true ] || testbed/down "$$UNITSMITH_RUN"' EXIT; \
		$(TESTBED); $(MAVEN) verify

soak: images-vm ## the tests that count, with their full counts; writes docs/soak.md
	@export UNITSMITH_SOAK=true UNITSMITH_RUN=$${UNITSMITH_RUN:-soak-$$$$}; \
		trap '[ "$${UNITSMITH_KEEP:-}" = true ] || testbed/down "$$UNITSMITH_RUN"' EXIT; \
		rm -rf */target/figures; $(TESTBED); code=0; $(MAVEN) verify -Dgroups=soak || code=$$?; testbed/soak-report $$code

test-fast: ## the unit tests: no Docker, under two minutes
	@$(MAVEN) test

build: ## the packages: agent .deb, operator image, chart's CRDs
	@$(MAVEN) package -DskipTests

format: ## format the sources, and write the CRDs anew
	@$(MAVEN) --quiet spotless:apply
	@$(MAVEN) --quiet test -pl crds -Dtest=CrdYamlTest -Dunitsmith.write=true

clean: ## remove what the build has made; images and the demo stay
	@rm -rf */target testbed/.run/built

images:
	@testbed/engine
	@testbed/images

images-vm:
	@testbed/engine
	@testbed/images vm

# Only if a source is newer than the last time: Maven itself takes a minute to find out.
packages:
	@exec 9>testbed/.run/lock; flock 9; \
		if [ -f testbed/.run/built ] && [ -z "$$(find $(SOURCES) -name target -prune -o -type f -newer testbed/.run/built -print -quit)" ]; then exit 0; fi; \
		. testbed/common.sh; touch testbed/.run/building; \
		step "building the agent's package and the operator's image (2 min the first time)" $(MAVEN) package -Dmaven.test.skip -Dspotless.check.skip; \
		mv testbed/.run/building testbed/.run/built
