/** Every analysis whose facts rules can ask for. */
import type { Analysis } from './analysis.ts'

export const analyses: readonly Analysis[] = []
