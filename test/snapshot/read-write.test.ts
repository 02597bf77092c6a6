import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inOrder } from '../../src/snapshot/assemble.ts'
import type { Json } from '../../src/snapshot/model.ts'
import { readSnapshot } from '../../src/snapshot/read.ts'
import { digest, serialize } from '../../src/snapshot/write.ts'
import { UserError } from '../../src/user-error.ts'
import { bytes, call, resource, snapshot } from './build.ts'

const two = snapshot(
  [resource('arn:a'), resource('arn:b', { name: 'ü\u2028', config: { __proto__x: 1 } })],
  [call('DescribeVpcs')],
)
const read = (of: Buffer, allowCut = false) => readSnapshot(of, { file: 'x.ndjson', allowCut })

function refusal(of: Buffer): UserError {
  try {
    read(of)
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  throw new Error('it was read')
}

describe('a snapshot file', () => {
  it('is the manifest, a resource a line, and a footer', () => {
    const lines = [...serialize(two)]
    expect(lines).toHaveLength(4)
    expect(lines.every((line) => line.indexOf('\n') === line.length - 1)).toBe(true)
    expect(JSON.parse(lines[3] ?? '')).toEqual({ resources: 2, sha256: digest(two) })
  })

  it('reads back as what was written, whatever AWS answered', () => {
    const json = fc.jsonValue().map((value) => value as Json)
    fc.assert(
      fc.property(fc.array(fc.dictionary(fc.string(), json)), (configs) => {
        const of = snapshot(configs.map((config, at) => resource(`arn:${at}`, { config })))
        // JSON has no negative zero.
        expect(read(bytes(of)).resources).toEqual(JSON.parse(JSON.stringify(of.resources)))
      }),
      { numRuns: 200 },
    )
  })

  it('keeps keys that are special to JavaScript as plain data', () => {
    const config = JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}') as Record<string, Json>
    const [back] = read(bytes(snapshot([resource('arn:x', { config })]))).resources
    expect(Object.keys(back?.config ?? {})).toEqual(['__proto__', 'constructor'])
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

describe('a file that is not whole is refused with its line', () => {
  it('empty', () => {
    expect(refusal(Buffer.alloc(0))).toMatchObject({
      message: 'snapshot x.ndjson is empty',
      where: { line: 1 },
    })
  })

  it('cut inside a line, or after one', () => {
    const whole = bytes(two)
    expect(refusal(whole.subarray(0, whole.length - 100)).message).toMatch(/is cut: line 3 is not complete/)
    const lines = whole.toString().split('\n')
    expect(refusal(Buffer.from(`${lines.slice(0, 2).join('\n')}\n`)).message).toMatch(
      /is cut: it ends after line 2/,
    )
  })

  it('every cut of it, byte by byte', () => {
    const whole = bytes(two)
    for (let at = 0; at < whole.length; at++)
      expect(refusal(whole.subarray(0, at)).where.line).toBeGreaterThan(0)
  })

  it('every single changed byte of it', () => {
    const whole = bytes(two)
    for (let at = 0; at < whole.length; at++) {
      const changed = Buffer.from(whole)
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(refusal(changed).where.line, `byte ${at}`).toBeGreaterThan(0)
    }
  })

  it('a newer schema: it names the version to use', () => {
    const newer = [
      ...serialize({
        ...two,
        manifest: { ...two.manifest, schemaVersion: 99, tool: { name: 'aws-secaudit', version: '9.1.0' } },
      }),
    ]
    const error = refusal(Buffer.from(newer.join('')))
    expect(error.message).toMatch(/schema version 99/)
    expect(error.next).toMatch(/9\.1\.0/)
  })

  it('something else altogether', () => {
    expect(refusal(Buffer.from([0x50, 0x4b, 3, 4, 0, 10, 255])).message).toMatch(/not a snapshot/)
    expect(refusal(Buffer.from('{"a": 1}\n')).message).toMatch(/not a snapshot/)
  })
})

describe('--allow-cut', () => {
  it('takes the whole lines, and nothing of them counts as fully listed any more', () => {
    const whole = bytes(two)
    const part = read(whole.subarray(0, whole.length - 100), true)
    expect(part.resources.map((each) => each.id)).toEqual(['arn:a'])
    expect(part.manifest.calls.map((each) => each.outcome)).toEqual(['interrupted'])
  })
})

describe('the order of lines', () => {
  it('is by account, region, type and id, the same for any order they came in', () => {
    const all = ['1', '2'].flatMap((account) =>
      ['eu-west-1', 'us-east-1'].flatMap((region) =>
        ['b', 'a'].map((id) => resource(id, { account, region })),
      ),
    )
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
        expect([...shuffled].sort(inOrder)).toEqual([...all].sort(inOrder))
      }),
    )
  })
})
