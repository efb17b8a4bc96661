# The project's commands. Everything they install goes into .venv, everything they write into var.

.PHONY: help setup setup-dev system run test check infra-test verify-image deploy bench \
	bench-services bench-vision bench-api fuzz-api schema lock third-party screenshots

PY = .venv/bin/python

help:
	@echo 'make run    set up and start Vanish: http://127.0.0.1:8000/ (PORT=8001 make run: another port)'
	@echo 'make test   set up, lint, check types and run all tests'
	@echo 'make setup  set up alone'
	@echo 'make check  linters, types, migrations and the settings of a production site'
	@echo 'make infra-test     the CDK stacks: synthesized, checked, deployed to a stand-in'
	@echo 'make verify-image   build the image without Docker, run its roles'
	@echo 'make deploy ENVIRONMENT=dev [DIGEST=sha256:...]  to AWS: infra/README.md'
	@echo 'make bench  measure, and write benchmarks/RESULTS.md'
	@echo 'make bench-services  embedded and AWS-like side by side: benchmarks/SERVICES.md'
	@echo 'make bench-vision  removal: speed, quality, finding: benchmarks/VISION.md'
	@echo 'make bench-api  every call of the API, on PostgreSQL: benchmarks/API.md'
	@echo 'make fuzz-api  100 made-up calls of every operation, by three people'
	@echo 'make schema  write what the API says of itself: docs/openapi.yaml'
	@echo 'make lock   renew the locked requirements; then make third-party'
	@echo 'make screenshots  renew the pictures of README.md'

setup:
	@sh tools/setup.sh run

setup-dev:
	@sh tools/setup.sh dev

run: setup
	@$(PY) manage.py up

test: system check
	@$(PYTEST)
	@$(PY) -m tests.stand_ins.aws_like $(PYTEST) -m 'not real_services' $(BEHIND_SERVICES)
	@infra/verify-image

# In the order of tests/conftest.py, which is by groups, not by their sizes.
PYTEST = $(PY) -m pytest --numprocesses 2 --dist loadgroup --no-loadscope-reorder
# All tests of what keeps rows, files or work; vision and infra do none of that.
BEHIND_SERVICES = $(filter-out tests/vision/ tests/stand_ins/ tests/infra/ tests/image/,$(wildcard tests/*/))

infra-test: setup-dev
	@$(PYTEST) tests/infra

verify-image: system setup-dev
	@infra/verify-image

deploy:
	@sh tools/setup.sh infra
	@$(PY) -m infra.deploy $(ENVIRONMENT) $(if $(DIGEST),--digest $(DIGEST))

system:
	@sh tools/install_system_packages.sh

check: setup-dev
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy .
	@$(PY) manage.py makemigrations --check --dry-run
	@VANISH_ENVIRONMENT=production VANISH_ALLOWED_HOSTS=vanish.example SECRET_KEY=$(SECRET) \
	    VANISH_MAIL_URL=smtp://mail.vanish.example \
	    $(PY) manage.py check --deploy --fail-level WARNING

SECRET = $$($(PY) -c 'import secrets; print(secrets.token_urlsafe(64))')

bench: setup-dev
	@PYTHONPATH=platform:apps:examples $(PY) -m benchmarks

bench-services: system setup-dev
	@PYTHONPATH=platform:apps:examples $(PY) -m benchmarks.services

bench-vision: setup-dev
	@sh benchmarks/vision/setup.sh
	@PYTHONPATH=platform:apps $(PY) -m benchmarks.vision

bench-api: system setup-dev
	@PYTHONPATH=platform:apps $(PY) -m benchmarks.api

fuzz-api: setup-dev
	@VANISH_FUZZ_EXAMPLES=100 $(PYTEST) tests/fuzz

schema: setup-dev
	@$(PY) manage.py spectacular --file docs/openapi.yaml --validate --fail-on-warn

COMPILE = .venv/bin/uv pip compile --quiet --universal --python-version 3.12 \
	--generate-hashes --no-emit-index-url --no-header

screenshots: setup-dev
	@VANISH_SCREENSHOTS=docs $(PY) -m pytest tests/browser/test_screenshot.py

third-party: setup-dev
	@PYTHONPATH=platform:apps $(PY) -m tests.third_party > THIRD_PARTY.md

lock: setup-dev
	@$(COMPILE) requirements/setup.in --output-file requirements/setup.txt
	@$(COMPILE) requirements/run.in --output-file requirements/run.txt
	@$(COMPILE) requirements/infra.in --constraints requirements/run.txt --output-file requirements/infra.txt
	@$(COMPILE) requirements/image.in --constraints requirements/run.txt --output-file requirements/image.txt
	@$(COMPILE) requirements/dev.in --constraints requirements/run.txt --output-file requirements/dev.txt
	@$(COMPILE) requirements/bench.in --constraints requirements/run.txt --output-file requirements/bench.txt
