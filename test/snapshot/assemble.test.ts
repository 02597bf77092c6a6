import { describe, expect, it } from 'vitest'
import type { FailureOutcome } from '../../src/aws/outcome.ts'
import type { Answers, Reply } from '../../src/collect/answers.ts'
import { type Answered, field, service, str } from '../../src/collect/dsl.ts'
import { assemble } from '../../src/snapshot/assemble.ts'
import { indexSnapshot } from '../../src/snapshot/index.ts'
import type { Shapes } from '../../src/snapshot/shapes.ts'
import { ACCOUNT, snapshot } from './build.ts'

/** A service of shelves with books, so that only the engine is tested. */
const library = service('library', { load: () => Promise.resolve({}) }, (op) => [
  op.list('ListShelves', {
    resource: 'X::Shelf',
    items: 'Shelves',
    id: (shelf) => str(shelf, 'Arn'),
    never: ['Shelves[].Key'],
  }),
  op.field('X::Shelf', 'GetPolicy', {
    into: 'Policy',
    parse: 'policyDocument',
    none: ['NoSuchPolicy'],
    gone: ['NoSuchShelf'],
    input: (shelf) => ({ Name: shelf.config['Name'] }),
    key: field('Name'),
  }),
  op.field('X::Shelf', 'GetLock', {
    into: 'Lock',
    take: '*',
    needs: 'Policy',
    when: (shelf) => shelf['Policy'] !== undefined,
    input: (shelf) => ({ Name: shelf.config['Name'] }),
    key: field('Name'),
  }),
  op.children('X::Shelf', 'ListBooks', {
    resource: 'X::Book',
    items: 'Books',
    id: (book) => str(book, 'Arn'),
    input: (shelf) => ({ Name: shelf.config['Name'] }),
    key: field('Name'),
  }),
  op.join('X::Shelf', 'ListLoans', {
    items: 'Loans',
    match: (loan) => loan['Shelf'],
    on: (shelf) => shelf.config['Name'],
    into: 'Loans',
    as: 'list',
  }),
  op.batch('X::Book', 'DescribeBooks', {
    size: 2,
    input: (books) => ({ Arns: books.map((book) => book.id) }),
    items: 'Details',
    match: (detail) => detail['Arn'],
    into: 'Detail',
    as: 'first',
  }),
])

const shapes: Shapes = { types: {}, structs: {}, operations: {} }
const place = { account: ACCOUNT, region: 'eu-west-1', partition: 'aws' }

const GOOD: Record<string, Answered> = {
  'list-shelves': {
    Shelves: [
      { Arn: 'shelf/b', Name: 'b', Key: 'secret' },
      { Arn: 'shelf/a', Name: 'a', Key: 'secret', Tags: [{ Key: 'Name', Value: 'A' }] },
    ],
  },
  'get-policy/a': { Policy: '{"Statement": []}' },
  'get-policy/b': { Policy: '%7B%22Statement%22%3A%5B%5D%7D' },
  'get-lock/a': { On: true, $metadata: { requestId: 'x' } },
  'get-lock/b': { On: false },
  'list-books/a': { Books: [{ Arn: 'book/1' }, { Arn: 'book/2' }] },
  'list-books/b': { Books: [{ Arn: 'book/3' }] },
  'list-loans': { Loans: [{ Shelf: 'a', Who: 'x' }] },
}

const failure = (code: string, outcome: FailureOutcome = 'denied', pages: Answered[] = []): Reply => ({
  pages,
  calls: 1,
  failure: { code, message: 'no', outcome },
})

function answering(changed: Record<string, Reply> = {}): Answers {
  return async (ask) => {
    const name = [ask.operation.api.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase(), ask.key]
      .filter(Boolean)
      .join('/')
    if (ask.operation.api === 'DescribeBooks') {
      const arns = ask.input['Arns'] as string[]
      return changed[name] ?? { pages: [{ Details: arns.map((Arn) => ({ Arn, Pages: 7 })) }], calls: 1 }
    }
    return changed[name] ?? { pages: [GOOD[name] ?? {}], calls: 1 }
  }
}

async function run(changed: Record<string, Reply> = {}) {
  const { resources, calls } = await assemble({
    services: [library],
    places: [place],
    answers: answering(changed),
    shapes,
  })
  const of = (id: string) => resources.find((each) => each.id === id)
  const line = (operation: string) => calls.find((each) => each.operation === operation)
  return { resources, calls, of, line, index: indexSnapshot(snapshot(resources, calls)) }
}

describe('assembling', () => {
  it('makes resources in order, with their fields, children, joins and batches', async () => {
    const { resources, of } = await run()
    expect(resources.map((each) => each.id)).toEqual(['book/1', 'book/2', 'book/3', 'shelf/a', 'shelf/b'])
    expect(of('shelf/a')).toMatchObject({
      name: 'A',
      tags: { Name: 'A' },
      config: { Name: 'a', Policy: { Statement: [] }, Lock: { On: true }, Loans: [{ Shelf: 'a', Who: 'x' }] },
    })
    expect(of('shelf/b')?.config['Policy']).toEqual({ Statement: [] })
    expect(of('book/3')?.config['Detail']).toEqual({ Arn: 'book/3', Pages: 7 })
  })

  it('takes a member of a member', async () => {
    const shelves = service('library', { load: () => Promise.resolve({}) }, (op) => [
      op.list('ListShelves', { resource: 'X::Shelf', items: 'Shelves', id: (shelf) => str(shelf, 'Arn') }),
      op.field('X::Shelf', 'GetPolicy', {
        into: 'Policy',
        take: 'policy.document',
        parse: 'policyDocument',
        input: () => ({}),
        key: field('Name'),
      }),
    ])
    const { resources } = await assemble({
      services: [shelves],
      places: [place],
      shapes,
      answers: answering({
        'get-policy/a': { pages: [{ policy: { document: '{"Statement": [1]}' } }], calls: 1 },
        'get-policy/b': { pages: [{}], calls: 1 },
      }),
    })
    expect(resources.map((each) => each.config['Policy'])).toEqual([{ Statement: [1] }, undefined])
  })

  it('keeps nothing that is declared a secret, and nothing of the transport', async () => {
    const { resources } = await run()
    expect(JSON.stringify(resources)).not.toMatch(/secret|\$metadata|requestId/)
  })

  it('counts every call, a line for each operation', async () => {
    const { calls } = await run()
    expect(calls.map((each) => [each.operation, each.outcome, each.calls])).toEqual([
      ['DescribeBooks', 'ok', 2],
      ['GetLock', 'ok', 2],
      ['GetPolicy', 'ok', 2],
      ['ListBooks', 'ok', 2],
      ['ListLoans', 'ok', 1],
      ['ListShelves', 'ok', 1],
    ])
  })

  it('asks only what is wanted', async () => {
    const { calls } = await assemble({
      services: [library],
      places: [place],
      answers: answering(),
      shapes,
      only: new Set(['library:ListShelves', 'library:GetPolicy']),
    })
    expect(calls.map((each) => each.operation)).toEqual(['GetPolicy', 'ListShelves'])
  })
})

describe('one answer that holds two lists', () => {
  const list = { scope: 'account', id: (item: Answered) => str(item, 'Arn') } as const
  const staff = service('staff', { load: () => Promise.resolve({}) }, (op) => [
    op.list('ListPeople', { ...list, resource: 'X::Clerk', items: 'Clerks', reserved: true }),
    op.list('ListPeople', { ...list, resource: 'X::Reader', items: 'Readers', reserved: true }),
  ])
  const at = { ...place, region: 'global' }
  const people = async (reply: Reply) => {
    let asked = 0
    const answers: Answers = async () => {
      asked++
      return reply
    }
    const { resources, calls } = await assemble({ services: [staff], places: [at], answers, shapes })
    return { resources, calls, asked: () => asked }
  }
  const both = { Clerks: [{ Arn: 'clerk/a' }], Readers: [{ Arn: 'reader/b' }] }

  it('is asked for once', async () => {
    const { resources, calls, asked } = await people({ pages: [both], calls: 1 })
    expect(resources.map((each) => [each.type, each.id])).toEqual([
      ['X::Clerk', 'clerk/a'],
      ['X::Reader', 'reader/b'],
    ])
    expect(asked()).toBe(1)
    expect(calls).toEqual([
      expect.objectContaining({ operation: 'ListPeople', calls: 1, lists: ['X::Clerk', 'X::Reader'] }),
    ])
  })

  it('leaves neither list whole where it failed', async () => {
    const { resources, calls } = await people(failure('AccessDenied'))
    const index = indexSnapshot(snapshot(resources, calls))
    for (const type of ['X::Clerk', 'X::Reader'])
      expect(index.list(type, ACCOUNT, 'global').missing).toMatchObject([{ operation: 'staff:ListPeople' }])
  })

  it('is in the ledger as what AWS keeps to some accounts, where it is', async () => {
    const { calls } = await people(failure('AccessDenied'))
    expect(calls).toMatchObject([{ outcome: 'denied', reserved: true }])
  })
})

describe('what could not be read', () => {
  it('is missing on the resource, with the operation and the permission', async () => {
    const { of, line } = await run({ 'get-policy/a': failure('AccessDenied') })
    expect(of('shelf/a')?.missing?.['Policy']).toEqual({
      operation: 'library:GetPolicy',
      outcome: 'denied',
      permission: 'library:GetPolicy',
      detail: 'AccessDenied: no',
    })
    expect(of('shelf/b')?.missing).toBeUndefined()
    expect(line('GetPolicy')).toMatchObject({ outcome: 'denied', calls: 2, failed: 1 })
  })

  it('takes with it what hangs on it', async () => {
    const { of } = await run({ 'get-policy/a': failure('AccessDenied') })
    expect(of('shelf/a')?.missing?.['Lock']).toMatchObject({ operation: 'library:GetPolicy' })
  })

  it('an absence that AWS answers is no failure', async () => {
    const { of, line } = await run({ 'get-policy/a': failure('NoSuchPolicy', 'error') })
    expect(of('shelf/a')?.config).not.toHaveProperty('Policy')
    expect(of('shelf/a')?.missing).toBeUndefined()
    expect(line('GetPolicy')?.outcome).not.toBe('denied')
  })

  it('a resource that was deleted between two calls is gone', async () => {
    const { of, line } = await run({ 'get-policy/a': failure('NoSuchShelf', 'error') })
    expect(of('shelf/a')).toBeUndefined()
    expect(line('GetPolicy')).toMatchObject({ outcome: 'ok' })
  })

  it('a listing that failed is not an empty one, nor are the listings below it', async () => {
    const { index, resources } = await run({ 'list-shelves': failure('AccessDenied') })
    expect(resources).toEqual([])
    expect(index.list('X::Shelf', ACCOUNT, 'eu-west-1').missing).toMatchObject([
      { operation: 'library:ListShelves', outcome: 'denied' },
    ])
    expect(index.list('X::Book', ACCOUNT, 'eu-west-1').missing).toMatchObject([
      { operation: 'library:ListShelves', outcome: 'denied' },
    ])
  })

  it('a second page that fails leaves the first, and the listing is not whole', async () => {
    const first = { Shelves: [{ Arn: 'shelf/a', Name: 'a' }] }
    const { index } = await run({ 'list-shelves': failure('ThrottlingException', 'throttled', [first]) })
    const listing = index.list('X::Shelf', ACCOUNT, 'eu-west-1')
    expect(listing.resources.map((each) => each.id)).toEqual(['shelf/a'])
    expect(listing.missing).toMatchObject([{ outcome: 'throttled' }])
  })

  it('a join that failed is missing on every resource it would have told of', async () => {
    const { of } = await run({ 'list-loans': failure('AccessDenied') })
    expect(of('shelf/a')?.missing?.['Loans']).toBeDefined()
    expect(of('shelf/b')?.missing?.['Loans']).toBeDefined()
  })

  it('one failed listing among many is in the ledger', async () => {
    const { index } = await run({ 'list-books/a': failure('AccessDenied') })
    const listing = index.list('X::Book', ACCOUNT, 'eu-west-1')
    expect(listing.resources.map((each) => each.id)).toEqual(['book/3'])
    expect(listing.missing).toMatchObject([{ operation: 'library:ListBooks' }])
  })

  it('a service that is off in the Region has nothing there: the list is whole', async () => {
    const { index } = await run({ 'list-shelves': failure('X', 'not-enabled') })
    expect(index.list('X::Shelf', ACCOUNT, 'eu-west-1')).toEqual({ resources: [], missing: [] })
  })
})
