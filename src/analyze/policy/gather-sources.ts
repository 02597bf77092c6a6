/** What gathering reads besides the resource itself. */
import type { SnapshotIndex } from '../../snapshot/index.ts'
import type { Operation, Unread } from '../unread.ts'

export interface Sources {
  readonly index: SnapshotIndex
  readonly unread: Unread
}

/** An operation whose permission is mostly called like it. */
export const by = (operation: string, permission = operation): Operation => ({ operation, permission })
