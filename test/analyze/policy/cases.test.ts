/** What the policy analysis promises, line by line, as AWS documents it. */
import { describe, expect, it } from 'vitest'
import { accessOf } from '../../../src/analyze/policy/access.ts'
import { deciderOf } from '../../../src/analyze/policy/requests.ts'
import { type Case, cases, inputOf, surroundingsOf } from './case.ts'

const lines = [...new Set(cases.map((one) => one.line))]

describe.each(lines)('%s', (line) => {
  const own = cases.filter((one) => one.line === line)
  it.each(own.map((one): [string, string, Case] => [one.title, one.page, one]))('%s [%s]', (_, __, one) => {
    const { expected = {}, kms, notes, classes = {}, absent = [], requests = [] } = one
    const answer = accessOf(inputOf(one), surroundingsOf(one))
    expect(answer).toMatchObject(expected)
    if (kms) expect(answer.kms).toMatchObject(kms)
    if (notes) expect(answer.notes).toEqual(notes)
    const said = Object.fromEntries(answer.classes.map(({ class: name, answer: says }) => [name, says]))
    expect(said).toMatchObject(classes)
    for (const name of absent) expect(said).not.toHaveProperty(name)
    const decide = deciderOf(inputOf(one), surroundingsOf(one))
    const decided = requests.map((request) => {
      const { decision, statements } = decide(request)
      return { ...request, decision, ...(request.statements ? { statements } : {}) }
    })
    expect(decided).toEqual(requests)
    if (answer.witness) expect(decide(answer.witness).decision).toBe('allowed')
  })
})
