import { describe, expect, it } from 'vitest'
import { listAt, numberAt, objectAt, textAt, textsAt } from '../../../src/analyze/patching/read.ts'

/** A value of each kind that JSON has. */
const kinds = {
  text: 'x',
  number: 5,
  yes: true,
  nothing: null,
  list: ['x', 5, null, {}, []],
  object: { a: 1 },
}
const names = [...Object.keys(kinds), 'absent', 'toString'] as const

/** The members that a look finds anything in. */
const found = <T>(look: (name: string) => T, none: T): Readonly<Record<string, T>> =>
  Object.fromEntries(
    names
      .map((name) => [name, look(name)] as const)
      .filter(([, value]) => JSON.stringify(value) !== JSON.stringify(none)),
  )

describe('a member of the wrong kind is as good as absent', () => {
  it('where an object, a text or a number is looked for', () => {
    expect(found((name) => objectAt(kinds, name), undefined)).toEqual({ object: { a: 1 } })
    expect(found((name) => textAt(kinds, name), '')).toEqual({ text: 'x' })
    expect(found((name) => numberAt(kinds, name), 0)).toEqual({ number: 5 })
  })
  it('where a list is looked for, and in the list', () => {
    expect(found((name) => listAt(kinds, name), [])).toEqual({ list: [{}] })
    expect(found((name) => textsAt(kinds, name), [])).toEqual({ list: ['x'] })
  })
  it('where there is nothing to look into', () => {
    expect([listAt(undefined, 'a'), textsAt(undefined, 'a'), textAt(undefined, 'a')]).toEqual([[], [], ''])
  })
})
