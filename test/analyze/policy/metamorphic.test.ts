/** What may not change, or only one way, when a policy is written otherwise. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accessOf } from '../../../src/analyze/policy/access.ts'
import type { AccessAnswer, ClassAnswer } from '../../../src/analyze/policy/answer.ts'
import { inputOf, surroundingsOf } from './made-up.ts'
import { policies } from './oracle/generate.ts'
import { type ConditionBlock, many, type PolicyInput, type Statement } from './oracle/model.ts'
import { OWN, OWN_ORG } from './oracle/vocabulary.ts'

const SETTINGS = { numRuns: process.env['AWS_SECAUDIT_LONG_TESTS'] === undefined ? 500 : 10_000, seed: 26 }

const answerTo = (made: PolicyInput): AccessAnswer => accessOf(inputOf(made), surroundingsOf(made))

const statementsOf = (made: PolicyInput): readonly Statement[] => made.policy?.Statement ?? []

function rewritten(made: PolicyInput, statements: readonly Statement[]): PolicyInput {
  return { ...made, policy: { ...made.policy, Statement: statements } }
}

/** Names for the statements, so that what an answer says of them does not hang on their order. */
function withSids(made: PolicyInput): PolicyInput {
  return rewritten(
    made,
    statementsOf(made).map((one, at) => ({ ...one, Sid: `s${at}` })),
  )
}

/** All of an answer but how the policy writes it and which of many requests was found. */
function core(answer: AccessAnswer): object {
  const { witness: _witness, grants, classes, blockedBy, ...rest } = answer
  const plain = classes.map(({ witness, statements, blockedBy: closing, ...one }) => ({
    ...one,
    proved: witness !== undefined,
    statements: [...statements].sort(),
    blockedBy: [...closing].sort(),
  }))
  return {
    ...rest,
    grants: [...new Set(grants.map((grant) => grant.statement))].sort(),
    classes: plain.sort((a, b) => (`${a.class} ${a.who}` < `${b.class} ${b.who}` ? -1 : 1)),
    blockedBy: [...blockedBy].sort(),
  }
}

/** A public policy is what RestrictPublicBuckets acts on: there less conceded may be more let in. */
const isRestricted = ({ bucket }: PolicyInput): boolean =>
  Object.values(bucket?.blocks ?? {}).some((block) => block?.RestrictPublicBuckets)

/**
 * The same class in another answer. An account that is not named there is any account; where members of another
 * organization get in it may be one of them, and there is no telling.
 */
function sameIn({ classes, orgs }: AccessAnswer, { class: name, who }: ClassAnswer): ClassAnswer | undefined {
  const found = classes.find((one) => one.class === name && one.who === who)
  if (found || name !== 'account' || orgs.some((org) => !org.startsWith(OWN_ORG))) return found
  return classes.find((one) => one.class === 'any-principal')
}

/** Whoever gets in by the narrower one gets in by the wider one. */
function expectWider(wider: AccessAnswer, narrower: AccessAnswer): void {
  if (narrower.public === true) expect(wider.public).toBe(true)
  for (const one of narrower.classes) {
    const other = one.answer === 'yes' ? sameIn(wider, one) : undefined
    if (other) expect({ ...one, answer: other.answer }).toEqual({ ...one, answer: 'yes' })
  }
}

const statements = policies.chain((other) => fc.constantFrom(...statementsOf(other)))

describe('a policy', { timeout: 3_600_000 }, () => {
  it('concedes no more with a Deny added', () => {
    let narrowed = 0
    fc.assert(
      fc.property(policies, statements, fc.nat(), (made, other, at) => {
        if (isRestricted(made)) return
        const own = statementsOf(made)
        const like = own[at % own.length] ?? other
        const added: Statement = { ...(at % 2 === 0 ? other : like), Effect: 'Deny' }
        const [before, after] = [answerTo(made), answerTo(rewritten(made, [...own, added]))]
        expectWider(before, after)
        if (JSON.stringify(core(before)) !== JSON.stringify(core(after))) narrowed++
      }),
      SETTINGS,
    )
    expect(narrowed).toBeGreaterThan(SETTINGS.numRuns / 10)
  })

  it('concedes no less with a condition taken from an Allow', () => {
    let widened = 0
    fc.assert(
      fc.property(policies, fc.nat(), (made, at) => {
        const own = statementsOf(made)
        const conditional = own.filter((one) => one.Effect === 'Allow' && one.Condition)
        const chosen = conditional[at % conditional.length]
        if (isRestricted(made) || chosen === undefined) return
        const operators = Object.entries(chosen.Condition ?? {})
        const left = Object.fromEntries(operators.filter((_, i) => i !== at % operators.length))
        const { Condition: _, ...bare } = chosen
        const opened: Statement = operators.length > 1 ? { ...bare, Condition: left } : bare
        const after = answerTo(
          rewritten(
            made,
            own.map((one) => (one === chosen ? opened : one)),
          ),
        )
        const before = answerTo(made)
        expectWider(after, before)
        if (before.exposure !== after.exposure) widened++
      }),
      SETTINGS,
    )
    expect(widened).toBeGreaterThan(SETTINGS.numRuns / 20)
  })
})

/** Another way to write the same policy. */
function saysTheSame(
  write: (statements: readonly Statement[], made: PolicyInput) => readonly Statement[],
): void {
  fc.assert(
    fc.property(policies, (random) => {
      const made = withSids(random)
      const other = rewritten(made, write(statementsOf(made), made))
      expect(core(answerTo(other))).toEqual(core(answerTo(made)))
    }),
    SETTINGS,
  )
}

const each = (change: (statement: Statement) => Statement) => (of: readonly Statement[]) => of.map(change)

function renamedKeys(block: ConditionBlock, rename: (key: string) => string): ConditionBlock {
  return Object.fromEntries(
    Object.entries(block).map(([operator, keys]) => [
      operator,
      Object.fromEntries(Object.entries(keys).map(([key, value]) => [rename(key), value])),
    ]),
  )
}

const withKeys = (rename: (key: string) => string) =>
  each((one) => (one.Condition ? { ...one, Condition: renamedKeys(one.Condition, rename) } : one))

const withActions = (rename: (action: string) => string) =>
  each((one) => ({
    ...one,
    ...(one.Action === undefined ? {} : { Action: many(one.Action).map(rename) }),
    ...(one.NotAction === undefined ? {} : { NotAction: many(one.NotAction).map(rename) }),
  }))

/** Every element as a list, or where `single` a list of one as its value. */
function shaped(single: boolean) {
  const shape = <T>(value: T | readonly T[]): T | readonly T[] => {
    const list = many(value)
    return single && list.length === 1 && list[0] !== undefined ? list[0] : list
  }
  const members = <T>(of: Readonly<Record<string, T | readonly T[]>>) =>
    Object.fromEntries(Object.entries(of).map(([name, value]) => [name, shape(value)]))
  return each((one) => {
    const { Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition, ...rest } = one
    const block = Object.entries(Condition ?? {}).map(([operator, keys]) => [operator, members(keys)])
    const who = (value: Statement['Principal']) => (typeof value === 'object' ? members(value) : value)
    return {
      ...rest,
      ...(Principal === undefined ? {} : { Principal: who(Principal) ?? '*' }),
      ...(NotPrincipal === undefined ? {} : { NotPrincipal: who(NotPrincipal) ?? '*' }),
      ...(Action === undefined ? {} : { Action: shape(Action) }),
      ...(NotAction === undefined ? {} : { NotAction: shape(NotAction) }),
      ...(Resource === undefined ? {} : { Resource: shape(Resource) }),
      ...(NotResource === undefined ? {} : { NotResource: shape(NotResource) }),
      ...(Condition === undefined ? {} : { Condition: Object.fromEntries(block) as ConditionBlock }),
    }
  })
}

describe('the same policy', { timeout: 3_600_000 }, () => {
  it('with its statements in another order', () => saysTheSame((of) => [...of].reverse()))
  it('with its keys in capitals', () => saysTheSame(withKeys((key) => key.toUpperCase())))
  it('with its keys in small letters', () => saysTheSame(withKeys((key) => key.toLowerCase())))
  it('with its actions in capitals', () => saysTheSame(withActions((action) => action.toUpperCase())))
  it('with lists for single values', () => saysTheSame(shaped(false)))
  it('with single values for lists of one', () => saysTheSame(shaped(true)))

  it('with a statement for the own account that grants nothing here', () => {
    fc.assert(
      fc.property(policies, fc.nat(), (random, at) => {
        const made = withSids(random)
        const own = [...statementsOf(made)]
        own.splice(at % (own.length + 1), 0, {
          Sid: 'unrelated',
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${OWN}:root` },
          Action: ['ec2:RunInstances', 'iam:GetRole'],
          ...(made.type === 'AWS::IAM::Role' ? {} : { Resource: '*' }),
        })
        expect(core(answerTo(rewritten(made, own)))).toEqual(core(answerTo(made)))
      }),
      SETTINGS,
    )
  })

  it('with an Allow and a Deny that were there already', () => {
    saysTheSame((of) => [...of, ...of])
  })
})
