import type { WaiverUse } from '../rules/waive.ts'
import { daysLeft, loadWaivers, type Waiver } from '../rules/waiver-file.ts'
import { UserError } from '../user-error.ts'
import { type AuditFlags, auditSnapshot, prepareJudging } from './shared/auditing.ts'
import { split } from './shared/collecting.ts'
import { EXIT } from './shared/exit.ts'
import { loadAllRules, tellProblems } from './shared/rule-files.ts'
import { shapes } from './shared/shapes.ts'
import { loadSnapshots } from './shared/snapshots.ts'
import { warn, writeStdout } from './shared/streams.ts'
import { readWaiverFiles, WAIVER_FILE } from './shared/waiver-files.ts'

interface Flags extends Omit<AuditFlags, 'failOn'> {
  readonly format: 'table' | 'json'
  readonly soon: number
  readonly most: number
  readonly failOn?: readonly string[]
}

const KINDS = ['unused', 'expired', 'expires-soon', 'over-broad', 'overlapping', 'lapsed'] as const

/** What a reviewer should look at. */
interface Remark {
  readonly kind: (typeof KINDS)[number]
  readonly file: string
  readonly line: number
  readonly rule: string
  readonly message: string
}

/** `waivers check [SNAPSHOT…]`: exit 2 when a file is broken, 1 for a remark that `--fail-on` names. */
export async function run(files: string[], { failOn, ...flags }: Flags): Promise<number> {
  const gate = kinds(failOn)
  const [{ rules }, texts] = await Promise.all([
    loadAllRules(flags.rules ?? [], shapes),
    readWaiverFiles(flags.waivers),
  ])
  const snapshot = files.length > 0 ? await loadSnapshots(files) : undefined
  const now = flags.now ?? snapshot?.manifest.time ?? new Date().toISOString()
  const { waivers, problems } = loadWaivers(texts, rules, now)
  tellProblems(problems)
  if (problems.some((problem) => problem.level === 'error')) return EXIT.usage
  if (texts.length === 0) warn(`there is no ${WAIVER_FILE} here or above`)
  const remarks = waivers.flatMap((waiver) => [...ofTime(waiver, now, flags.soon), ...ofPattern(waiver)])
  if (snapshot) {
    const judging = await prepareJudging({ ...flags, now })
    const { waivers: uses } = auditSnapshot(snapshot, snapshot.sha256, judging, { ...flags, now })
    remarks.push(...uses.flatMap((use) => ofUse(use, flags.most)), ...overlaps(uses))
  }
  await print(remarks, waivers.length, flags)
  return remarks.some((one) => gate.includes(one.kind)) ? EXIT.findings : EXIT.ok
}

function kinds(given: readonly string[] | undefined): readonly string[] {
  const asked = split(given)
  const wrong = asked.find((kind) => !KINDS.some((known) => known === kind))
  if (wrong === undefined) return asked
  throw new UserError(`--fail-on ${wrong} is no remark`, { next: `Choose from ${KINDS.join(', ')}.` })
}

const remark = (kind: Remark['kind'], { file, line, rule }: Waiver, message: string): Remark => ({
  kind,
  file,
  line,
  rule,
  message,
})

function ofTime(waiver: Waiver, now: string, soon: number): Remark[] {
  const left = daysLeft(waiver.expires, now)
  if (left < 0)
    return [
      remark('expired', waiver, `ran out on ${waiver.expires}: mend it, or let ${waiver.owner} renew it`),
    ]
  if (left > soon) return []
  const when = left === 0 ? 'today is its last day' : `${left} ${left === 1 ? 'day is' : 'days are'} left`
  return [remark('expires-soon', waiver, `${when} (${waiver.expires}, ${waiver.owner})`)]
}

function ofPattern(waiver: Waiver): Remark[] {
  const everyRule = /^\*+$/.test(waiver.rule)
  const everything = waiver.resource !== undefined && /^(arn:)?\*+$/.test(waiver.resource) && !waiver.where
  return [
    ...(everyRule
      ? [remark('over-broad', waiver, 'waives every rule: name the ones that are accepted')]
      : []),
    ...(everything
      ? [remark('over-broad', waiver, 'waives every resource: name the ones that are accepted')]
      : []),
  ]
}

function ofUse({ waiver, fits, waived, resources }: WaiverUse, most: number): Remark[] {
  if (fits.length === 0) return [remark('unused', waiver, 'fits no finding of this snapshot: remove it')]
  const broad = resources.length > most
  return [
    ...(broad ? [remark('over-broad', waiver, `waives findings of ${resources.length} resources`)] : []),
    ...(waiver.while && waived === 0
      ? [
          remark(
            'lapsed',
            waiver,
            'what it was given for does not hold, or can not be told: it hides nothing',
          ),
        ]
      : []),
  ]
}

function overlaps(uses: readonly WaiverUse[]): Remark[] {
  return uses.flatMap(({ waiver, fits }, at) => {
    const before = uses.slice(0, at).find((other) => fits.some((finding) => other.fits.includes(finding)))
    if (!before) return []
    const { file, line } = before.waiver
    return [remark('overlapping', waiver, `fits findings that ${file}:${line} fits already`)]
  })
}

async function print(remarks: readonly Remark[], all: number, flags: Omit<Flags, 'failOn'>): Promise<void> {
  if (flags.format === 'json') {
    await writeStdout([`${JSON.stringify({ waivers: all, remarks }, null, 2)}\n`])
    return
  }
  const lines = remarks.map((one) => `${one.file}:${one.line}: ${one.kind}: ${one.rule} ${one.message}\n`)
  await writeStdout([...lines, `${all} waivers, ${remarks.length} to look at\n`])
}
