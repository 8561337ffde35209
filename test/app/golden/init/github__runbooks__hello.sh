#!/usr/bin/env bash
# A harmless first runbook: says where it runs.
set -euo pipefail
echo "Hello from $(uname -s), run ${GITHUB_RUN_ID:-unknown} at commit ${GITHUB_SHA:-unknown}."
echo "Nothing was changed."
