/** Every analysis whose facts rules can ask for. */
import type { Analysis } from './analysis.ts'
import { keys } from './keys/keys.ts'
import { network } from './network/analysis.ts'
import { patching } from './patching/patching.ts'
import { paths } from './paths/paths.ts'
import { access } from './policy/analysis.ts'
import { tagging } from './tagging/tagging.ts'

export const analyses: readonly Analysis[] = [access, keys, network, patching, paths, tagging]
