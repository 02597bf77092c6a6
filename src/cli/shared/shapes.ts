import shapesJson from '../../generated/shapes.json' with { type: 'json' }
import type { Shapes } from '../../snapshot/shapes.ts'

/** The shapes of AWS's answers, as generated from the collectors and the SDK. */
export const shapes = shapesJson as unknown as Shapes
