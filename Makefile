# 政务数据开放平台 / government data portal.   make help
.DELETE_ON_ERROR:
.PHONY: help run stop status doctor test quick lint format lock bench soak clean venv venv-test
SHELL := /bin/sh
VENV := .venv/bin

# Any interpreter that really runs (a shim may not); config/bootstrap.py then looks for a suitable one.
BOOT = $(or $(GOVDATA_PYTHON),$(shell for p in python3 python3.12 python3.11 python3.10 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info[0] < 3)' 2>/dev/null && { echo "$$p"; break; }; done))

help: ## 显示本帮助 / show this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' Makefile

venv:
	@test -n "$(BOOT)" || { \
	  echo '没有找到 Python。请安装 Python 3.10、3.11 或 3.12。' >&2; \
	  echo 'No Python found. Install Python 3.10, 3.11 or 3.12.' >&2; exit 2; }
	@"$(BOOT)" config/bootstrap.py run

venv-test:
	@test -n "$(BOOT)" || { \
	  echo '没有找到 Python。请安装 Python 3.10、3.11 或 3.12。' >&2; \
	  echo 'No Python found. Install Python 3.10, 3.11 or 3.12.' >&2; exit 2; }
	@"$(BOOT)" config/bootstrap.py test

run: venv ## 安装并启动,载入演示数据 / install, start, load the demo
	@$(VENV)/python -m ckanext.govdata.cli up --demo

stop: ## 停止,不丢数据 / stop; nothing is lost
	@if [ -x $(VENV)/python ]; then $(VENV)/python -m ckanext.govdata.cli down; fi

status: venv ## 各服务状态 / how every service is
	@$(VENV)/python -m ckanext.govdata.cli status

doctor: venv ## 检查并给出解决办法 / what is wrong and how to mend it
	@$(VENV)/python -m ckanext.govdata.cli doctor

test: venv-test ## 全部测试 / all tests, on a stack of their own
	@$(VENV)/python tests/run.py

quick: venv-test ## 两个库的快速测试 / the libraries' tests without the slow ones
	@$(VENV)/python tests/run.py quick

lint: venv-test ## 代码检查 / ruff and mypy
	@$(VENV)/python tests/run.py lint

format: venv-test ## 代码格式 / ruff format
	@$(VENV)/ruff check --fix --quiet . ; $(VENV)/ruff format .

lock: venv-test ## 更新锁文件 / renew the lock files
	@for set in uv requirements test spark bench-presidio bench-anonymity bench-lac; do \
	  test $$set = spark && beside="--constraint config/locks/test.lock" || beside=; \
	  .uv/bin/uv pip compile $$beside --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.10 \
	    --custom-compile-command 'make lock' $(UPGRADE) "config/locks/$$set.in" -o "config/locks/$$set.lock" \
	    || exit 1; done
	@$(VENV)/python -m ckanext.govdata.cli jars lock

bench: venv-test ## 性能测量 / measure what the README quotes
	@$(VENV)/python tests/run.py bench

soak: venv-test ## 长时测试 / what takes longer than make test may
	@$(VENV)/python tests/run.py soak

clean: ## 停止并删除运行数据和虚拟环境 / stop, then remove all data and the environment
	@if [ -x $(VENV)/python ]; then $(VENV)/python -m ckanext.govdata.cli destroy; fi
	@rm -rf .venv .uv build .pytest_cache .mypy_cache .ruff_cache
