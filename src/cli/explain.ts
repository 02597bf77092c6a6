import { explanationTable } from '../report/explain.ts'
import { explain } from '../rules/explain.ts'
import type { Rule } from '../rules/load.ts'
import { didYouMean } from '../rules/suggest.ts'
import type { Resource } from '../snapshot/model.ts'
import { UserError } from '../user-error.ts'
import { type AuditFlags, auditSnapshot, prepareJudging } from './shared/auditing.ts'
import { split } from './shared/collecting.ts'
import { EXIT } from './shared/exit.ts'
import { factsOf } from './shared/facts.ts'
import { colorLevel, terminalWidth } from './shared/rendering.ts'
import { indexOf, loadSnapshots } from './shared/snapshots.ts'
import { writeStdout } from './shared/streams.ts'

interface Flags extends AuditFlags {
  readonly snapshot: string
  readonly format: 'table' | 'json'
  readonly color?: string
  readonly element?: string
}

/** `explain FINGERPRINT` and `explain RULE RESOURCE`: why the verdict is what it is. */
export async function run([first = '', second]: string[], flags: Flags): Promise<number> {
  const judging = await prepareJudging(flags)
  const snapshot = await loadSnapshots([flags.snapshot])
  const index = indexOf(snapshot)
  const now = flags.now ?? snapshot.manifest.time
  const find = second === undefined ? byFingerprint : byNames
  const subject = find()
  const explanation = explain(subject, index, {
    params: judging.params,
    facts: factsOf(index, { trustedAccounts: split(flags.trustedAccount), now }),
    now,
  })
  const options = { width: terminalWidth(undefined), colorLevel: colorLevel(undefined, flags) }
  await writeStdout(
    flags.format === 'json'
      ? [`${JSON.stringify(explanation, null, 2)}\n`]
      : explanationTable(explanation, options),
  )
  return EXIT.ok

  function byFingerprint(): { rule: Rule; resource: Resource; subKey?: string } {
    const { audit } = auditSnapshot(snapshot, snapshot.sha256, judging, { ...flags, showPassed: true })
    const [found, ...others] = audit.findings.filter((one) => one.fingerprint.startsWith(first.toLowerCase()))
    if (!found || others.length > 0 || first.length < 8) {
      throw new UserError(
        `the fingerprint ${first} is of ${found ? 'several verdicts' : 'no verdict'} in ${flags.snapshot}`,
        {
          next: 'aws-secaudit audit FILE --format json has them all; or name a rule and a resource.',
        },
      )
    }
    const resource = index.byId(found.resource.id)
    const rule = judging.all.find(({ about }) => about.id === found.ruleId)
    if (rule && resource)
      return { rule, resource, ...(found.subKey === undefined ? {} : { subKey: found.subKey }) }
    throw new UserError(`${found.message} There is no resource to explain it on`, {
      next: 'Grant what it names, and look again.',
    })
  }

  function byNames(): { rule: Rule; resource: Resource; subKey?: string } {
    const rule = judging.all.find(({ about }) => about.id === first || about.aliases.includes(first))
    if (!rule) {
      const hint = didYouMean(
        first,
        judging.all.map(({ about }) => about.id),
      )
      throw new UserError(`there is no rule ${first}${hint}`, { next: 'aws-secaudit rules list shows all.' })
    }
    const { resource: type } = rule.about
    const all = type === '*' ? snapshot.resources : index.ofType(type)
    const wanted = second ?? ''
    const named = all.filter(
      (one) =>
        one.id === wanted ||
        one.id.endsWith(`/${wanted}`) ||
        one.id.endsWith(`:${wanted}`) ||
        one.name === wanted,
    )
    const [resource, ...others] = named
    if (resource && others.length === 0)
      return { rule, resource, ...(flags.element === undefined ? {} : { subKey: flags.element }) }
    throw new UserError(
      `${resource ? `${named.length} resources are` : `no ${type} is`} called ${wanted} in ${flags.snapshot}`,
      {
        next: 'Give its ARN.',
      },
    )
  }
}
