/** Every analysis whose facts rules can ask for. */
import type { Analysis } from './analysis.ts'
import { keys } from './keys/keys.ts'

export const analyses: readonly Analysis[] = [keys]
