/** Ctrl-C: the first ends cleanly, the second at once. */
import { setMaxListeners } from 'node:events'
import { EXIT } from './exit.ts'

export function onInterrupt(): { signal: AbortSignal; release(): void } {
  const controller = new AbortController()
  setMaxListeners(0, controller.signal) // each request in flight listens
  const handler = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted)
    process.stderr.write('\nending; press Ctrl-C again to stop at once\n')
    controller.abort()
  }
  process.on('SIGINT', handler)
  process.on('SIGTERM', handler)
  return {
    signal: controller.signal,
    release: () => {
      process.off('SIGINT', handler)
      process.off('SIGTERM', handler)
    },
  }
}
