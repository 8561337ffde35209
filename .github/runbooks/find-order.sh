#!/usr/bin/env bash
# Looks an order up, read only; here a stand-in that only says what it would do.
set -euo pipefail
[ "${1:-}" = "--" ] && shift
echo "Would look up order ${1:?an order number is needed} with the read-only connection of this environment."
