/** Ctrl-C: the first ends cleanly, the second at once. */
import { EXIT } from './exit.ts'

export function onInterrupt(): { signal: AbortSignal; release(): void } {
  const controller = new AbortController()
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
