import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { destinations, renderAll } from '../../src/cli/shared/rendering.ts'
import { render } from './reading.ts'
import { auditOf, largeAudit } from './sample.ts'

describe('--asff-batch', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'asff-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const write = async (audit = largeAudit(250)): Promise<string[]> => {
    const flags = { format: [`asff=${join(folder, 'findings.json')}`], asffBatch: true, quiet: true }
    await renderAll(audit, destinations(flags), flags, {})
    return readdirSync(folder).sort()
  }

  it('writes a file for each call, named by account, Region and number', async () => {
    const names = await write()
    expect(names).toEqual(
      ['001', '002', '003'].map((number) => `findings.111122223333.eu-west-1.${number}.json`),
    )
    const all = names.flatMap((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')))
    expect(all).toEqual(JSON.parse(render('asff', largeAudit(250))))
  })

  it('writes none where there is no finding', async () => {
    expect(await write(auditOf([], []))).toEqual([])
  })

  it('asks for a file', () => {
    expect(() => destinations({ format: ['asff'], asffBatch: true })).toThrow('no format asff has a file')
    expect(() => destinations({ format: ['sarif=x.sarif'], asffBatch: true })).toThrow(
      'no format asff has a file',
    )
  })
})
