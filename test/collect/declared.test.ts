import { describe, expect, it } from 'vitest'
import { services } from '../../src/collect/index.ts'
import { checkService } from './against-sdk.ts'

describe('every collector', () => {
  for (const service of services) {
    it(`${service.name} asks only for what the API has`, async () => {
      expect(
        await checkService(
          service,
          services.filter((other) => other !== service),
        ),
      ).toEqual([])
    })
  }
})
