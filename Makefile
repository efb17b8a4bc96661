# The project's commands. Everything they install goes into .venv, everything they write into var.

.PHONY: help setup setup-dev run test test-quick test-services test-image coverage-report check check-js \
	check-infra deploy bench bench-services bench-vision bench-api fuzz-api schema lock third-party screenshots

PY = .venv/bin/python

help:
	@echo 'make run    set up and start Vanish: http://127.0.0.1:8000/ (PORT=8001 make run: another port)'
	@echo 'make test   set up, lint, check types and run all tests that need no services'
	@echo 'make test-quick     the tests that take a minute: no services, no browser'
	@echo 'make test-services  on PostgreSQL, S3, SQS and Rekognition; the CDK stacks'
	@echo 'make test-image     build the image without Docker, run its roles'
	@echo 'make setup  set up alone; make setup-dev: with what tests and linters need'
	@echo 'make check  linters, types, migrations and the settings of a production site'
	@echo 'make check-js  lint, types and tests of the JavaScript; make check-infra: types of infra/'
	@echo 'make deploy ENVIRONMENT=dev [DIGEST=sha256:...]  to AWS: infra/README.md'
	@echo 'make bench  measure, and write benchmarks/RESULTS.md'
	@echo 'make bench-services  embedded and AWS-like side by side: benchmarks/SERVICES.md'
	@echo 'make bench-vision  removal: speed, quality, detection: benchmarks/VISION.md'
	@echo 'make bench-api  every call of the API, on PostgreSQL: benchmarks/API.md'
	@echo 'make fuzz-api  100 made-up calls of every operation, by three people'
	@echo 'make schema  write the OpenAPI description: docs/openapi.yaml'
	@echo 'make lock   renew the locked requirements; then make third-party'
	@echo 'make screenshots  renew the pictures of README.md'

setup:
	@sh tools/setup.sh run

setup-dev:
	@sh tools/setup.sh dev

run: setup
	@$(PY) manage.py up

test: check
	@sh tools/install_system_packages.sh browser
	@$(PYTEST) $(EMBEDDED)

test-quick: setup-dev
	@$(PYTEST) -m 'not slow and not browser and not whole_way and not real_services' $(QUICK)

test-services: check-infra
	@sh tools/install_system_packages.sh browser services
	@$(PY) -m tests.stand_ins.aws_like $(PYTEST) $(BEHIND_SERVICES)

test-image: setup-dev
	@sh tools/install_system_packages.sh image
	@infra/verify-image

# `make test COVERAGE=1` measures; then this prints the lines and branches that were run.
coverage-report:
	@$(PY) -m coverage combine --quiet
	@$(PY) tools/report_coverage.py

RUN = $(if $(COVERAGE),-m coverage run,)
# In the order of tests/conftest.py, which is by groups, not by their sizes.
PYTEST = $(PY) $(RUN) -m pytest --numprocesses 2 --dist loadgroup --no-loadscope-reorder
# In the browser: the main way. The other pages are opened behind services.
EMBEDDED = -m 'not real_services' --ignore tests/infra --ignore-glob 'tests/browser/test_browser_*'
QUICK = $(addprefix tests/,accounts gallery inpainting jobs operations webhooks)
# What stores rows, files or messages, all pages in the browser, and what starts real services.
BEHIND_SERVICES = $(addprefix tests/,access accounts api browser gallery infra inpainting jobs \
	operations real_services webhooks whole_way)

deploy:
	@sh tools/setup.sh infra
	@$(PY) -m infra.deploy $(ENVIRONMENT) $(if $(DIGEST),--digest $(DIGEST))

check: setup-dev
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy --exclude '$(INFRA)|$(UNTYPED)' .
	@$(PY) manage.py makemigrations --check --dry-run
	@VANISH_ENVIRONMENT=production VANISH_ALLOWED_HOSTS=vanish.example SECRET_KEY=$(SECRET) \
	    VANISH_MAIL_URL=smtp://mail.vanish.example \
	    $(PY) manage.py check --deploy --fail-level WARNING
	@sh tools/check_js.sh

check-js: setup-dev
	@sh tools/check_js.sh

# Apart from `check`, because reading the types of the CDK takes two minutes.
check-infra: setup-dev
	@$(PY) -m mypy infra tests/infra tests/image

INFRA = ^(infra|tests/infra|tests/image)/
UNTYPED = /migrations/|^\.venv/|^var/|(^|/)node_modules/|/cdk\.out/

SECRET = $$($(PY) -c 'import secrets; print(secrets.token_urlsafe(64))')

bench: setup-dev
	@PYTHONPATH=platform:apps:examples $(PY) -m benchmarks

bench-services: setup-dev
	@sh tools/install_system_packages.sh services
	@PYTHONPATH=platform:apps:examples $(PY) -m benchmarks.services

bench-vision: setup-dev
	@sh benchmarks/vision/setup.sh
	@PYTHONPATH=platform:apps $(PY) -m benchmarks.vision

bench-api: setup-dev
	@sh tools/install_system_packages.sh services
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
	@$(PY) manage.py shell --no-imports --command 'from tests.third_party import main; main()' > THIRD_PARTY.md

lock: setup-dev
	@$(COMPILE) requirements/setup.in --output-file requirements/setup.txt
	@$(COMPILE) requirements/run.in --output-file requirements/run.txt
	@$(COMPILE) requirements/infra.in --constraints requirements/run.txt --output-file requirements/infra.txt
	@$(COMPILE) requirements/image.in --constraints requirements/run.txt --output-file requirements/image.txt
	@$(COMPILE) requirements/dev.in --constraints requirements/run.txt --output-file requirements/dev.txt
	@$(COMPILE) requirements/bench.in --constraints requirements/run.txt --output-file requirements/bench.txt
