/**
 * What others' evaluator of IAM policies says of the same requests: `@cloud-copilot/iam-simulate`.
 *
 * What it can't express, or takes otherwise than AWS's pages say, is left out here:
 * - web identities ask for roles only, and are no principals of the account whose provider vouches for them (IAM User
 *   Guide, "AWS JSON policy elements: Principal", "OIDC federated principals"); it takes the provider's ARN for one, and
 *   the name of a built-in provider for nobody;
 * - S3's canonical user ids, which stand for an account: S3 User Guide, "Bucket policies", "Principals"; the simulator
 *   does not know whose an id is.
 * - NotPrincipal that lists principals: with Deny it takes whoever is named in any way, a session by itself or by its
 *   account alone, for spared, where the account, the role and the session are each checked; with Allow it grants a
 *   named role's sessions what the role is excepted from (IAM User Guide, "AWS JSON policy elements: NotPrincipal").
 * - variables in a policy of Version 2008-10-17, or of none, which it replaces in Resource: there they are plain text
 *   (IAM User Guide, "IAM policy elements: Variables and tags").
 * - variables without a value under a negated operator, which it takes for not met: what is compared is not equal to
 *   "no value", so it is met (the same page, "Policy variables with no value"), and the variables for a star, a question
 *   mark and a dollar in texts that are compared whole, which it leaves as they are written (the same page).
 * - claims of an identity provider's token, which it does not take for keys of the request: it denies the example of
 *   IAM User Guide, "Create a role for OpenID Connect federation", too.
 * - s3:AllowVendedLogDeliveryForResource, a permission that no request asks for by name: it drops condition keys that the
 *   Service Authorization Reference does not list there.
 * - the block 0.0.0.0/0, in which it finds no address.
 * Callers of the own account are left out, too: it asks their identity policies, where `access` tells what the
 * resource adds. [IAM User Guide, "Policy evaluation logic", "Evaluating policies within a single account"]
 */
import { runSimulation } from '@cloud-copilot/iam-simulate'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AccessRequest } from '../../../src/analyze/policy/answer.ts'
import { type Decision, deciderOf } from '../../../src/analyze/policy/requests.ts'
import { inputOf, surroundingsOf } from './made-up.ts'
import { classesOf, requestsOf } from './oracle/enumerate.ts'
import { valuesOf } from './oracle/evaluate.ts'
import { policies } from './oracle/generate.ts'
import type { PolicyInput } from './oracle/model.ts'
import { callerOf } from './oracle/principals.ts'
import { OWN } from './oracle/vocabulary.ts'

const LONG = process.env['AWS_SECAUDIT_LONG_TESTS'] !== undefined
const RUNS = Number(process.env['POLICY_RUNS'] ?? (LONG ? 20_000 : 6_000))

const WORDS: Readonly<Record<string, Decision>> = {
  Allowed: 'allowed',
  ExplicitlyDenied: 'explicit-deny',
  ImplicitlyDenied: 'implicit-deny',
}

/** Other accounts' identity policies are taken as allowing. */
const EVERYTHING = {
  name: 'everything',
  policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
}

const isPrincipal = (principal: string): boolean => /^arn:aws:(iam|sts)::\d{12}:(?!oidc-)/.test(principal)

async function simulated(made: PolicyInput, request: AccessRequest): Promise<Decision | undefined> {
  const { principal, action, resource } = request
  const contextVariables = Object.fromEntries(
    [...valuesOf(callerOf(principal), request, made.now)].map(([key, values]) => [
      key,
      values.length === 1 ? (values[0] ?? '') : [...values],
    ]),
  )
  const result = await runSimulation(
    {
      request: {
        principal: principal === 'anonymous' ? { type: 'Anonymous' } : principal,
        action,
        resource: { resource, accountId: made.account },
        contextVariables,
      },
      identityPolicies: isPrincipal(principal) ? [EVERYTHING] : [],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: made.policy,
    },
    { simulationMode: 'Strict' },
  )
  return result.resultType === 'error' ? undefined : WORDS[result.overallResult]
}

/** The policy alone: lists and grants are no business of the simulator's. */
function policyAlone(made: PolicyInput): PolicyInput {
  const { bucket, grants: _grants, ...rest } = made
  const blocks = { bucket: null, account: null, organization: null }
  return bucket ? { ...rest, bucket: { ...bucket, acl: [], blocks } } : rest
}

const hasCanonicalIds = (made: PolicyInput): boolean => JSON.stringify(made.policy).includes('CanonicalUser')

/** Text that only the newer Version takes for a variable. */
const hasPlainVariables = (made: PolicyInput): boolean =>
  made.policy?.Version !== '2012-10-17' && JSON.stringify(made.policy).includes('${')

const hasUnusualVariables = (made: PolicyInput): boolean =>
  made.policy?.Statement.some(({ Condition }) =>
    Object.entries(Condition ?? {}).some(([operator, keys]) => {
      const text = JSON.stringify(keys)
      return /Not/.test(operator) ? text.includes('${') : /Equals/.test(operator) && /\$\{[*?$]\}/.test(text)
    }),
  ) === true

const hasEveryAddress = (made: PolicyInput): boolean => JSON.stringify(made.policy).includes('0.0.0.0/0')

/** Everyone but some principals, not services. */
const exceptsPrincipals = (made: PolicyInput): boolean =>
  made.policy?.Statement.some(({ NotPrincipal }) => JSON.stringify(NotPrincipal ?? '').includes('"AWS"')) ===
  true

const isTakenOtherwise = (made: PolicyInput): boolean =>
  hasCanonicalIds(made) ||
  exceptsPrincipals(made) ||
  hasPlainVariables(made) ||
  hasUnusualVariables(made) ||
  hasEveryAddress(made)

const canBeAsked = ({ action }: AccessRequest): boolean => action !== 's3:AllowVendedLogDeliveryForResource'

function requestsFor(made: PolicyInput, at: number): AccessRequest[] {
  const named = made.policy?.Statement.map(({ Principal, NotPrincipal }) => [Principal, NotPrincipal])
  const claims = JSON.stringify(made.policy).includes('.com:')
  const federates = made.type === 'AWS::IAM::Role' && !claims && !JSON.stringify(named).includes(`"${OWN}"`)
  const askers = classesOf(made)
    .flatMap((one) => one.callers.filter(({ principal }) => principal !== 'accounts.google.com'))
    .filter(({ account, kind }) => account !== OWN && (kind !== 'federated' || federates))
  const asker = askers[at % askers.length]
  const all = asker ? [...requestsOf(made, asker)].filter(canBeAsked) : []
  const stride = Math.max(1, Math.ceil(all.length / 20))
  return all.filter((_, i) => i % stride === at % stride)
}

describe('a second opinion', { timeout: 3_600_000 }, () => {
  it('agrees on every request that it can express', async () => {
    let asked = 0
    await fc.assert(
      fc.asyncProperty(policies, fc.nat(), async (random, at) => {
        const made = policyAlone(random)
        if (isTakenOtherwise(made)) return
        const decide = deciderOf(inputOf(made), surroundingsOf(made))
        for (const request of requestsFor(made, at)) {
          asked++
          const { decision } = decide(request)
          expect({ request, decision }).toEqual({ request, decision: await simulated(made, request) })
        }
      }),
      { numRuns: RUNS, seed: 16 },
    )
    expect(asked).toBeGreaterThan(RUNS / 2)
  })
})
