# Assay: everything a person or a CI runs. Needs only python3 (3.11+) and make.
PYTHON ?= python3
ARTICLES ?=
# Where wheels may lie on this machine, for instance a CPU build of torch; see README, "Installing".
export UV_FIND_LINKS ?= $(PIP_FIND_LINKS)

BIN := .venv/bin
INSTALLED := .venv/.installed
UV := $(BIN)/python -m uv

.PHONY: chat test lint format lock calibrate evaluate help

help:  ## What there is to make
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

chat: $(INSTALLED)  ## Serve the chat; ARTICLES=path indexes those articles first
	@$(BIN)/python app.py $(if $(ARTICLES),--articles "$(ARTICLES)")

test: $(INSTALLED)  ## Run the whole suite
	@$(BIN)/python -m pytest

lint: $(INSTALLED)  ## Style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: $(INSTALLED)  ## Rewrite the code in the house style
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock: $(INSTALLED)  ## Write requirements.lock anew from pyproject.toml; torch and its companions stay out of it
	@$(UV) pip compile --quiet --universal --generate-hashes --no-annotate --no-header \
		$(foreach package,$(TORCH),--no-emit-package $(package)) \
		pyproject.toml --group dev --output-file requirements.lock

evaluate: $(INSTALLED)  ## Run the project's own questions, write the report, and hold it to eval/minimums.toml
	@$(BIN)/python -m eval run eval/samples.jsonl --articles eval/articles --out scratch/evaluation
	@$(BIN)/python -m eval gate scratch/evaluation eval/minimums.toml

calibrate: $(INSTALLED)  ## Fit assistant/weights.toml; DATA=folder of the public sets, ARTICLES=the beat's articles
	@$(BIN)/python -m eval.calibrate $(DATA) --keep scratch/calibration $(if $(ARTICLES),--articles "$(ARTICLES)")

$(INSTALLED): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m uv --version >/dev/null 2>&1 || $(BIN)/python -m pip install --quiet --disable-pip-version-check "$$(grep -o '^uv==[0-9.]*' requirements.lock)"
	@$(UV) pip install --python $(BIN)/python -r requirements.lock -r pyproject.toml --group dev
	@touch $@

TORCH := torch triton setuptools \
	nvidia-cublas nvidia-cuda-cupti nvidia-cuda-nvrtc nvidia-cuda-runtime nvidia-cudnn-cu13 nvidia-cufft nvidia-cufile \
	nvidia-curand nvidia-cusolver nvidia-cusparse nvidia-cusparselt-cu13 nvidia-nccl-cu13 nvidia-nvjitlink \
	nvidia-nvshmem-cu13 nvidia-nvtx cuda-bindings cuda-pathfinder cuda-toolkit
