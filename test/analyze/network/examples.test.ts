/** Whole estates as the AWS CLI prints them, with questions and the answers that they must get. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createNetwork } from '../../../src/analyze/network/network.ts'
import type { ReachQuery } from '../../../src/analyze/network/reach.ts'
import { reach } from '../../../src/analyze/network/reach.ts'
import { services } from '../../../src/collect/index.ts'
import { assemble } from '../../../src/snapshot/assemble.ts'
import { openRawFolder } from '../../../src/snapshot/import.ts'
import { indexSnapshot } from '../../../src/snapshot/index.ts'
import type { Snapshot } from '../../../src/snapshot/model.ts'
import { snapshot } from '../../snapshot/build.ts'

interface Example {
  readonly cases: readonly {
    readonly query: ReachQuery
    readonly expected: { readonly verdict: string; readonly via?: string; readonly why?: string }
  }[]
  readonly files: Readonly<Record<string, unknown>>
}

const folder = new URL('./examples/', import.meta.url)

async function imported({ files }: Example): Promise<Snapshot> {
  const source = await openRawFolder(
    { name: 'raw', files: Object.keys(files), read: async (path) => JSON.stringify(files[path]) },
    services,
  )
  const shapes = { types: {}, structs: {}, operations: {} }
  const { resources, calls } = await assemble({
    services,
    places: source.places,
    answers: source.answers,
    shapes,
  })
  return snapshot(resources, calls)
}

describe.each(readdirSync(folder).sort())('%s', async (file) => {
  const example = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Example
  const network = createNetwork(indexSnapshot(await imported(example)))

  it.each(example.cases)(
    '$query.from → $query.to $query.protocol $query.port: $expected.verdict',
    ({ query, expected }) => {
      const answer = reach(network, query)
      expect(answer.verdict).toBe(expected.verdict)
      expect(answer.exposed.some(({ via }) => via !== undefined)).toBe(expected.via !== undefined)
      if (answer.verdict === 'reachable') expect(answer.witness?.hops.length).toBeGreaterThan(1)
      if (answer.verdict === 'blocked') expect(answer.blockedBy).not.toEqual([])
      if (answer.verdict === 'unknown') expect([...answer.missing, ...answer.blockedBy]).not.toEqual([])
    },
  )
})
