/**
 * All that is said of each case, not only what the case is about: a change of the engine shows here what else it changes.
 * `npx vitest run --project unit test/analyze/policy/whole-answers.test.ts -u` writes it anew, to be read before it is kept.
 */
import { describe, expect, it } from 'vitest'
import { accessOf } from '../../../src/analyze/policy/access.ts'
import type { AccessAnswer, ClassAnswer } from '../../../src/analyze/policy/answer.ts'
import { requestLine } from '../../../src/analyze/policy/evidence.ts'
import { decide, endpointMembers } from '../../../src/analyze/policy/facts.ts'
import { deciderOf } from '../../../src/analyze/policy/requests.ts'
import { type Case, cases, inputOf, surroundingsOf } from './case.ts'

const json = (value: unknown): string => JSON.stringify(value)
const isEmpty = (value: unknown): boolean =>
  value === undefined || value === '' || (Array.isArray(value) && value.length === 0)

function classLine({
  class: name,
  who,
  answer,
  statements,
  witness,
  blockedBy,
  missing,
}: ClassAnswer): string {
  const parts = [
    `${name}${who === undefined ? '' : ` ${who}`}: ${answer}`,
    statements.length > 0 ? `by ${statements.join(', ')}` : '',
    witness ? requestLine(witness) : '',
    blockedBy.length > 0 ? `closed by ${blockedBy.join(', ')}` : '',
    missing.length > 0 ? `unread ${json(missing)}` : '',
  ]
  return parts.filter((part) => part !== '').join(' | ')
}

function answerLines({ classes, witness, ...answer }: AccessAnswer): string[] {
  const fields = Object.entries(answer).flatMap(([name, value]) =>
    isEmpty(value) ? [] : [`${name} ${json(value)}`],
  )
  return [...fields, ...(witness ? [`witness ${requestLine(witness)}`] : []), ...classes.map(classLine)]
}

function factLines(one: Case): string[] {
  const [input, surroundings] = [inputOf(one), surroundingsOf(one)]
  const members =
    one.type === 'AWS::EC2::VPCEndpoint'
      ? endpointMembers(input, surroundings)
      : decide(input, surroundings, () => ({})).members
  return Object.entries(members).flatMap(([name, told]) => {
    if ('missing' in told) return [`facts.${name} unread ${json(told.missing)}`]
    return isEmpty(told.value) ? [] : [`facts.${name} ${json(told.value)}`]
  })
}

function requestLines(one: Case): string[] {
  const asked = deciderOf(inputOf(one), surroundingsOf(one))
  return (one.requests ?? []).map((request) => {
    const { decision, statements } = asked(request)
    return `${requestLine(request)}: ${decision} ${statements.join(', ')}`
  })
}

describe.each([...new Set(cases.map((one) => one.line))])('%s', (line) => {
  const own = cases.filter((one) => one.line === line)
  it.each(own.map((one): [string, Case] => [one.title, one]))('%s', (_, one) => {
    const answer = accessOf(inputOf(one), surroundingsOf(one))
    const said = [...answerLines(answer), ...factLines(one), ...requestLines(one)]
    expect(`\n${said.join('\n')}\n`).toMatchSnapshot()
  })
})
