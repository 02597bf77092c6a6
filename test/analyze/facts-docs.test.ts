import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { keys } from '../../src/analyze/keys/keys.ts'
import { patching } from '../../src/analyze/patching/patching.ts'
import { paths } from '../../src/analyze/paths/paths.ts'
import { access } from '../../src/analyze/policy/analysis.ts'
import { tagging } from '../../src/analyze/tagging/tagging.ts'

const page = readFileSync(resolve(import.meta.dirname, '../../docs/facts.md'), 'utf8')
const sectionOf = (name: string): string =>
  page.split(/^## /m).find((part) => part.startsWith(`${name}\n`)) ?? ''

describe('the page of facts', () => {
  for (const analysis of [access, keys, patching, paths, tagging]) {
    it(`names every type, member and row of ${analysis.name}`, () => {
      const section = sectionOf(analysis.name)
      const members = Object.values(analysis.shapes).flatMap((of) => Object.keys(of))
      const rows = Object.entries(analysis.structs).flatMap(([name, of]) => [
        name.split('.')[1] ?? name,
        ...Object.keys(of),
      ])
      const words = new Set(section.split(/[^A-Za-z0-9:]+/))
      expect(
        [...Object.keys(analysis.shapes), ...members, ...rows].filter(
          (word) => !words.has(word) && !words.has(`${word}:`),
        ),
      ).toEqual([])
    })
  }
})
