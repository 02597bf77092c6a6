import { describe, expect, it } from 'vitest'
import { without } from '../../src/snapshot/normalize.ts'

describe('what must never be kept', () => {
  const answer = {
    Tasks: [{ Name: 'a', Parameters: { Operation: ['Install'], Password: ['x'] } }],
    Token: 't',
  }
  it('is a member, wherever lists lie on its way', () => {
    expect(without(answer, 'Tasks[].Parameters')).toEqual({ Tasks: [{ Name: 'a' }], Token: 't' })
  })
  it('may be any member of one', () => {
    expect(without(answer, 'Tasks[].Parameters.*')).toEqual({
      Tasks: [{ Name: 'a', Parameters: {} }],
      Token: 't',
    })
  })
  it('may be any member but those that are known to be harmless', () => {
    expect(without(answer, 'Tasks[].Parameters.!Operation|Action')).toEqual({
      Tasks: [{ Name: 'a', Parameters: { Operation: ['Install'] } }],
      Token: 't',
    })
  })
  it('takes nothing where there is nothing of the name', () => {
    expect(without(answer, 'Windows[].Secret')).toEqual(answer)
  })
})
