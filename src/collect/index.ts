/** Every service that is read. A new collector is one file and one line here. */
import type { Service } from './dsl.ts'
import { kms } from './kms.ts'

export const services: readonly Service[] = [kms]
