#!/usr/bin/env bash
# Shows the state and the last log lines of a service; here a stand-in that reads nothing real.
set -euo pipefail
service="" lines=50
while [ $# -gt 0 ]; do
  case "$1" in
    --service) service="$2"; shift 2 ;;
    --lines) lines="$2"; shift 2 ;;
    *) echo "Unknown argument: $1" >&2; exit 64 ;;
  esac
done
echo "Service ${service}: 3 of 3 instances ready, last deployment 2 h ago."
echo "The last ${lines} log lines would follow here." >&2
