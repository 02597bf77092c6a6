#!/usr/bin/env bash
# Fails the job as the audit ended: 1 findings at or above --fail-on, 4 something could not be seen.
set -euo pipefail
code=$(cat "${AWS_SECAUDIT_OUT:-aws-secaudit-reports}/exit-code")
case "$code" in
  0) echo 'nothing at or above --fail-on' ;;
  1) echo 'findings at or above --fail-on: see the reports' >&2 ;;
  4) echo 'something could not be seen: grant what the report names, or use --allow-incomplete' >&2 ;;
  *) echo "the audit ended with code $code" >&2 ;;
esac
exit "$code"
