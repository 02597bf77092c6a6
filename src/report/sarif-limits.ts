/** What GitHub takes of a SARIF file: up to 25,000 results a run, and 10 MB gzipped. Past that it refuses the upload. */
import { gzipSync } from 'node:zlib'
import type { Finding } from '../score/audit.ts'

export const MAX_RESULTS = 25_000
/** Bytes for rules and results; the rest is for what stands around them. */
const MAX_GZIPPED = 9_000_000
/** Results that are measured at once: a batch on its own gzips to no less than it adds to the whole. */
const BATCH = 500

function isSmall(findings: readonly Finding[], rules: string, text: (finding: Finding) => string): boolean {
  let left = MAX_GZIPPED - Buffer.byteLength(rules)
  for (const finding of findings) {
    left -= Buffer.byteLength(text(finding))
    if (left < 0) return false
  }
  return true
}

/** As many of the first findings as fit. */
function fitting(
  findings: readonly Finding[],
  rules: string,
  text: (finding: Finding) => string,
): readonly Finding[] {
  let left = MAX_GZIPPED - gzipSync(rules).length
  for (let at = 0; at < findings.length; at += BATCH) {
    left -= gzipSync(
      findings
        .slice(at, at + BATCH)
        .map(text)
        .join(),
    ).length
    if (left < 0) return findings.slice(0, at)
  }
  return findings
}

/**
 * The findings that go out where not all can: failed ones before unknown, waived and passed ones, each worst first.
 * @param rules the rules as they go out
 * @param text a finding as it goes out
 * @returns `undefined` when all fit
 */
export function worstThatFit(
  findings: readonly Finding[],
  rules: string,
  text: (finding: Finding) => string,
): ReadonlySet<Finding> | undefined {
  if (findings.length <= MAX_RESULTS && isSmall(findings, rules, text)) return undefined
  const of = (verdict: Finding['verdict']) => findings.filter((finding) => finding.verdict === verdict)
  const byNeed = [...of('fail'), ...of('unknown'), ...of('waived'), ...of('pass')]
  return new Set(fitting(byNeed.slice(0, MAX_RESULTS), rules, text))
}
