import { glob } from './functions.ts'
import type { VerdictWaiver } from './model.ts'
import type { Answer, Runtime, Subject } from './runtime.ts'
import { daysLeft, type Waiver, waives } from './waiver-file.ts'

/** A finding as `where` sees it. */
export interface WaivedFinding {
  readonly rule: { readonly id: string; readonly aliases: readonly string[] }
  readonly ruleId: string
  readonly severity: string
  readonly pillar: string
  readonly message: string
  readonly subKey: string
}

/** How often a waiver was asked for, and what became of it. */
export interface WaiverUse {
  readonly waiver: Waiver
  /** Findings that it fits, whether or not it still counts: rule, resource and sub-key of each. */
  readonly fits: readonly string[]
  /** Ids of the resources among them. */
  readonly resources: readonly string[]
  /** Findings that it waives. */
  readonly waived: number
}

export interface Waiving {
  /** @param subject what the rule judged when it found this */
  decide(finding: WaivedFinding, subject: Subject): VerdictWaiver | undefined
  uses(): readonly WaiverUse[]
}

type State = VerdictWaiver['state']
/** What still counts is taken before what does not; the later end before the earlier. */
const ORDER: readonly State[] = ['active', 'lapsed', 'undecided', 'expired']

const holds = (answer: Answer | undefined): boolean =>
  answer !== undefined && 'value' in answer && answer.value === true

export function createWaiving(waivers: readonly Waiver[], runtime: Runtime, now: string): Waiving {
  const ready = waivers.map((waiver) => {
    const frame = runtime.open()
    return {
      waiver,
      frame,
      where: waiver.where && frame.compile(waiver.where),
      while: waiver.while && frame.compile(waiver.while),
      fits: new Set<string>(),
      waived: 0,
      resources: new Set<string>(),
    }
  })
  const stateOf = (one: (typeof ready)[number]): State => {
    if (daysLeft(one.waiver.expires, now) < 0) return 'expired'
    if (one.while === undefined) return 'active'
    const answer = one.while.run()
    if ('missing' in answer) return 'undecided'
    return answer.value === true ? 'active' : 'lapsed'
  }
  return {
    decide: (finding, subject) => {
      const { resource } = subject
      const fitting = ready.filter(({ waiver, frame, where }) => {
        if (!waives(waiver, finding.rule)) return false
        if (waiver.resource !== undefined && !glob(waiver.resource, resource.id)) return false
        frame.set({ ...subject, finding })
        return where === undefined || holds(where.run())
      })
      const told = fitting.map((one) => {
        one.fits.add(JSON.stringify([finding.ruleId, resource.id, finding.subKey]))
        one.resources.add(resource.id)
        return { one, state: stateOf(one) }
      })
      told.sort(
        (a, b) =>
          ORDER.indexOf(a.state) - ORDER.indexOf(b.state) ||
          (a.one.waiver.expires < b.one.waiver.expires
            ? 1
            : a.one.waiver.expires > b.one.waiver.expires
              ? -1
              : 0),
      )
      const [best] = told
      if (best === undefined) return undefined
      if (best.state === 'active') best.one.waived++
      const { reason, owner, expires, ticket, file, line } = best.one.waiver
      return {
        state: best.state,
        reason,
        owner,
        expires,
        ...(ticket === undefined ? {} : { ticket }),
        file,
        line,
      }
    },
    uses: () =>
      ready.map(({ waiver, fits, waived, resources }) => ({
        waiver,
        fits: [...fits],
        waived,
        resources: [...resources].sort(),
      })),
  }
}

/** Why a waiver that fits does not hide the finding any more; nothing for one that does. */
export function whyNot({ state, owner, expires }: VerdictWaiver): string {
  if (state === 'expired') return `The waiver of ${owner} ran out on ${expires}.`
  if (state === 'lapsed')
    return `The waiver of ${owner} lapsed: what it was given for does not hold any more.`
  return state === 'undecided' ? `The waiver of ${owner} does not count: whether it holds can't be told.` : ''
}
