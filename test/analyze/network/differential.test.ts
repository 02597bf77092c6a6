/**
 * The engine's sets against a walker that knows none: random small estates, packets at every border of their rules.
 * AWS_SECAUDIT_LONG_TESTS walks 10,000, NETWORK_ESTATES any number; NETWORK_SEED starts elsewhere.
 */
import { describe, expect, it } from 'vitest'
import { differences } from './oracle/differential.ts'
import { generate, random } from './oracle/generate.ts'

const LONG = process.env['AWS_SECAUDIT_LONG_TESTS'] !== undefined
const ESTATES = Number(process.env['NETWORK_ESTATES'] ?? (LONG ? 10_000 : 500))
const FIRST = Number(process.env['NETWORK_SEED'] ?? 1)
const AT_ONCE = 100

describe('the engine and the walker', () => {
  const total = { packets: 0, delivered: 0, unknown: 0, witnesses: 0 }
  const parts = Array.from({ length: Math.ceil(ESTATES / AT_ONCE) }, (_, at) => FIRST + at * AT_ONCE)

  it.each(parts)(
    'agree on each packet, and on each witness, from seed %i on',
    { timeout: 600_000 },
    (first) => {
      for (let seed = first; seed < Math.min(first + AT_ONCE, FIRST + ESTATES); seed++) {
        const tally = differences(generate(seed).snapshot(), random(seed + 0x5eed))
        expect(tally.differences.slice(0, 3), `seed ${seed}`).toEqual([])
        for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += tally[key]
      }
    },
  )

  it('were asked about packets that get through and packets that do not, and decided nearly all', () => {
    expect(total.delivered).toBeGreaterThan(total.packets * 0.05)
    expect(total.delivered).toBeLessThan(total.packets * 0.6)
    expect(total.unknown).toBeLessThan(total.packets * 0.05)
    expect(total.witnesses).toBeGreaterThan(ESTATES)
  })
})
