import { describe, expect, it } from 'vitest'
import { reports } from '../../src/report/index.ts'
import type { Audit } from '../../src/score/audit.ts'
import { compareAudits } from '../../src/score/compare.ts'
import { estate } from './estate.ts'
import { render } from './reading.ts'
import { HOSTILE, sampleAudit } from './sample.ts'

/** What a terminal obeys, what reorders or hides text, and halves of pairs. Line ends and tabs are the format's own. */
const OBEYED =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}\ud800-\udfff]/u

const C1 = '\u009b31m\u0085\u007f'

/** Every text that AWS or a snapshot's author chose, made as harmful as the sample's names are. */
function poisoned(audit: Audit): Audit {
  let at = 0
  const poison = (text: string): string => `${text}${C1}${HOSTILE[at++ % HOSTILE.length]}`
  const { snapshot } = audit
  return {
    ...audit,
    snapshot: {
      ...snapshot,
      accounts: snapshot.accounts.map(poison),
      regions: snapshot.regions.map(poison),
      file: poison('prod.ndjson'),
    },
    coverage: audit.coverage.map((line) => ({
      ...line,
      account: poison(line.account),
      region: poison(line.region),
      detail: poison('AccessDenied: '),
    })),
    summary: {
      ...audit.summary,
      unknownCauses: audit.summary.unknownCauses.map((cause) => ({
        ...cause,
        places: cause.places.map(poison),
        detail: poison('AccessDenied: '),
      })),
    },
    findings: audit.findings.map((finding) => ({
      ...finding,
      subKey: poison('tcp/22'),
      message: poison(finding.message),
      resource: {
        ...finding.resource,
        id: poison(finding.resource.id),
        account: poison(finding.resource.account),
        region: poison(finding.resource.region),
        type: poison(finding.resource.type),
        tags: { [poison('key')]: poison('value') },
      },
      remediation: { ...finding.remediation, cli: poison('aws ec2 close --id ') },
    })),
  }
}

describe.each([...reports.keys()])('a hostile account in %s', (format) => {
  it.each([
    ['as AWS lets it be named', sampleAudit({ showPassed: true })],
    ['in every text of a snapshot that somebody made', poisoned(sampleAudit({ showPassed: true }))],
    ['that is compared with an earlier one', compareAudits(poisoned(sampleAudit()), estate(60))],
  ])('leaves nothing in the output that is obeyed or hidden: %s', (_, audit) => {
    for (const options of [{}, { all: true, width: 120 }]) {
      const text = render(format, audit, options)
      expect(OBEYED.exec(text)?.[0]).toBeUndefined()
    }
    expect('polluted' in {}).toBe(false)
  })
})
