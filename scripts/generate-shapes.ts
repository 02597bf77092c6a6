/**
 * Makes src/generated/shapes.json from the collectors and the SDK's own runtime schemas:
 * which fields each resource type has, so that rules are checked and answers are normalized without loading an AWS client.
 */
import { writeFileSync } from 'node:fs'
import { services } from '../src/collect/index.ts'
import { shapesOf } from './shapes-from-sdk.ts'

const shapes = await shapesOf(services)
writeFileSync(
  new URL('../src/generated/shapes.json', import.meta.url),
  `${JSON.stringify(shapes, null, 1)}\n`,
)
