#!/usr/bin/env bash
# The part that the GitHub action and the GitLab template share: runs the audit with every report a pipeline wants and
# leaves the exit code for the step that fails by policy, so that reports are uploaded first.
#
#   AWS_SECAUDIT_COMMAND   scan (default) or audit
#   AWS_SECAUDIT_FILES     snapshots to audit, one a line
#   AWS_SECAUDIT_ARGS      further arguments, one a line
#   AWS_SECAUDIT_OUT       folder of the reports (default: aws-secaudit-reports)
#   AWS_SECAUDIT_VERSION   version from the npm registry (default: latest)
#   AWS_SECAUDIT_BIN       a command to use in place of npx
#   AWS_SECAUDIT_SUMMARY   file that a job summary is added to
# Settings such as AWS_SECAUDIT_FAIL_ON are read by the tool itself.
set -euo pipefail

command=${AWS_SECAUDIT_COMMAND:-scan}
out=${AWS_SECAUDIT_OUT:-aws-secaudit-reports}
mkdir -p "$out"

lines() { while IFS= read -r line; do [ -z "$line" ] || printf '%s\0' "$line"; done <<<"${1:-}"; }

arguments=("$command")
if [ "$command" = audit ]; then
  while IFS= read -r -d '' file; do arguments+=("$file"); done < <(lines "${AWS_SECAUDIT_FILES:-}")
  [ "${#arguments[@]}" -gt 1 ] || { echo 'audit needs files: set AWS_SECAUDIT_FILES' >&2; exit 2; }
fi
arguments+=(
  --format table
  --format "sarif=$out/aws-secaudit.sarif"
  --format "json=$out/aws-secaudit.json"
  --format "html=$out/aws-secaudit.html"
  --format "junit=$out/aws-secaudit.xml"
  --format "markdown=$out/aws-secaudit.md"
)
while IFS= read -r -d '' argument; do arguments+=("$argument"); done < <(lines "${AWS_SECAUDIT_ARGS:-}")

code=0
if [ -n "${AWS_SECAUDIT_BIN:-}" ]; then
  "$AWS_SECAUDIT_BIN" "${arguments[@]}" || code=$?
else
  npx --yes "aws-secaudit@${AWS_SECAUDIT_VERSION:-latest}" "${arguments[@]}" || code=$?
fi

printf '%s\n' "$code" >"$out/exit-code"
if [ -n "${AWS_SECAUDIT_SUMMARY:-}" ] && [ -f "$out/aws-secaudit.md" ]; then
  cat "$out/aws-secaudit.md" >>"$AWS_SECAUDIT_SUMMARY"
fi
# Without reports there is nothing to upload first: wrong usage and missing credentials end the job here.
[ -f "$out/aws-secaudit.sarif" ] || exit "$code"
