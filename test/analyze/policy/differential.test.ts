import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accessOf } from '../../../src/analyze/policy/access.ts'
import type { AccessAnswer, AccessRequest, ClassAnswer } from '../../../src/analyze/policy/answer.ts'
import { deciderOf } from '../../../src/analyze/policy/requests.ts'
import { inputOf, surroundingsOf } from './made-up.ts'
import { policyIsPublic } from './oracle/bucket.ts'
import { classesOf, isEverybodys, requestsOf } from './oracle/enumerate.ts'
import { evaluate } from './oracle/evaluate.ts'
import { policies } from './oracle/generate.ts'
import type { PolicyInput as Oracle } from './oracle/model.ts'

const LONG = process.env['AWS_SECAUDIT_LONG_TESTS'] !== undefined
/** Not a promise: a busy machine takes its time. */
const TIMEOUT = LONG ? 7_200_000 : 300_000
const SETTINGS = {
  numRuns: Number(process.env['POLICY_RUNS'] ?? (LONG ? 20_000 : 1_000)),
  seed: 6,
}

/** The first request of the class that the brute force lets in. */
function letIn(
  input: Oracle,
  answer: Pick<ClassAnswer, 'class' | 'who'>,
  counts: (request: AccessRequest) => boolean = () => true,
): AccessRequest | undefined {
  const found = classesOf(input).find(({ name, who }) => name === answer.class && who === answer.who)
  for (const asker of found?.callers ?? []) {
    for (const request of requestsOf(input, asker)) {
      if (counts(request) && evaluate(input, request) === 'allowed') return request
    }
  }
  return undefined
}

/** S3's page leaves open whether RestrictPublicBuckets is in effect: a Deny, or a key of which it does not say. */
const isUnsettled = (input: Oracle): boolean =>
  input.bucket !== undefined &&
  Object.values(input.bucket.blocks).some((block) => block?.RestrictPublicBuckets) &&
  policyIsPublic(input.policy) === null

const NOBODY: AccessRequest = { principal: '', action: '', resource: '', context: {} }

function holdsFor(made: Oracle, one: ClassAnswer): void {
  if (one.answer === 'no') {
    expect({ ...one, request: letIn(made, one) }).toEqual({ ...one, request: undefined })
  } else {
    expect({ ...one, decision: evaluate(made, one.witness ?? NOBODY) }).toEqual({
      ...one,
      decision: 'allowed',
    })
  }
}

const STRANGERS = ['anonymous', 'any-principal', 'federated'] as const

/** Whether the brute force lets strangers in with nothing that is not everybody's to have. */
function isOpen(made: Oracle): boolean {
  const open = isEverybodys(made)
  return classesOf(made).some(({ name, who }) => {
    const stranger = STRANGERS.find((one) => one === name)
    return (
      stranger !== undefined && letIn(made, { class: stranger, ...(who ? { who } : {}) }, open) !== undefined
    )
  })
}

const named = (answer: AccessAnswer): string[] =>
  answer.classes.flatMap((one) =>
    (one.class === 'account' || one.class === 'trusted-account') && one.answer === 'yes' && one.who
      ? [one.who]
      : [],
  )

const MEMBER = '222222222222'

describe('classes against one request at a time', { timeout: TIMEOUT }, () => {
  it('let in whom some request lets in, with a witness, and nobody else', () => {
    const seen = { yes: 0, no: 0, unknown: 0 }
    let conditional = 0
    fc.assert(
      fc.property(policies, (made) => {
        if (isUnsettled(made)) return
        if (made.policy?.Statement.some((statement) => statement.Condition)) conditional++
        const answer = accessOf(inputOf(made), surroundingsOf(made))
        for (const one of answer.classes) {
          seen[one.answer]++
          holdsFor(made, one)
        }
        if (answer.witness) expect(evaluate(made, answer.witness)).toBe('allowed')
      }),
      SETTINGS,
    )
    expect(seen.unknown).toBe(0)
    expect(Math.min(seen.yes, seen.no)).toBeGreaterThan(SETTINGS.numRuns)
    expect(conditional).toBeGreaterThan(SETTINGS.numRuns / 2)
  })

  it('are public when a stranger gets in with nothing that is not everybody’s to have', () => {
    fc.assert(
      fc.property(policies, (made) => {
        if (isUnsettled(made)) return
        const { exposure, public: isPublic } = accessOf(inputOf(made), surroundingsOf(made))
        // Others may write ACLs of objects: S3 does not list those.
        if (isPublic === null) expect(isOpen(made)).toBe(false)
        else expect({ exposure, isPublic }).toEqual({ exposure, isPublic: isOpen(made) })
      }),
      SETTINGS,
    )
  })

  it('name every other account that gets in where strangers do not', () => {
    fc.assert(
      fc.property(policies, (made) => {
        const answer = accessOf(inputOf(made), surroundingsOf(made))
        if (
          isUnsettled(made) ||
          answer.public !== false ||
          answer.classes.some(({ class: name, answer: says }) => name === 'any-principal' && says === 'yes')
        )
          return
        expect(answer.crossAccount.filter((id) => id !== MEMBER)).toEqual(named(answer).sort())
      }),
      SETTINGS,
    )
  })
})

describe('single requests', { timeout: TIMEOUT }, () => {
  it('are decided as the brute force decides them', () => {
    fc.assert(
      fc.property(policies, fc.nat(), (made, at) => {
        if (isUnsettled(made)) return
        const decide = deciderOf(inputOf(made), surroundingsOf(made))
        const askers = classesOf(made).flatMap((one) => one.callers)
        const asker = askers[at % askers.length]
        const requests = asker ? [...requestsOf(made, asker)] : []
        const stride = Math.ceil(requests.length / 20)
        for (let i = at % Math.max(stride, 1); i < requests.length; i += stride) {
          const request = requests[i] ?? NOBODY
          expect({ request, decision: decide(request).decision }).toEqual({
            request,
            decision: evaluate(made, request),
          })
        }
      }),
      SETTINGS,
    )
  })
})
