import { describe, expect, it } from 'vitest'
import { service, str } from '../../src/collect/dsl.ts'
import { plan } from '../../src/collect/plan.ts'

const list = { id: (item: object) => str({ ...item }, 'Arn') }
const library = service('library', { load: () => Promise.resolve({}) }, (op) => [
  op.list('ListPeople', { ...list, scope: 'account', resource: 'X::Clerk', items: 'Clerks' }),
  op.list('ListPeople', { ...list, scope: 'account', resource: 'X::Reader', items: 'Readers' }),
  op.list('ListShelves', { ...list, variant: 'open', resource: 'X::Shelf', items: 'Shelves' }),
  op.list('ListShelves', { ...list, variant: 'closed', resource: 'X::Shelf', items: 'Shelves' }),
  op.batch('X::Shelf', 'DescribeShelves', {
    size: 5,
    items: 'Shelves',
    input: () => ({}),
    match: (shelf) => shelf['Arn'],
    into: 'Detail',
    as: 'first',
  }),
])

describe('the plan', () => {
  it('names each call once, with what tells two uses of one operation apart', () => {
    const planned = plan([library], 3)
    expect(planned.map(({ operation, variant, per, calls }) => [operation, variant, per, calls])).toEqual([
      ['ListPeople', undefined, 'account', 1],
      ['ListShelves', 'open', 'region', 3],
      ['ListShelves', 'closed', 'region', 3],
      ['DescribeShelves', undefined, 'up to 5 of X::Shelf', undefined],
    ])
  })

  it('is of the wanted operations alone', () => {
    const planned = plan([library], 1, new Set(['library:ListPeople']))
    expect(planned.map((call) => call.operation)).toEqual(['ListPeople'])
  })
})
