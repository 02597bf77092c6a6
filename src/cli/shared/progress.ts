/** One line on a terminal that says what is being read; nothing where nobody looks. */
import type { Observer } from '../../collect/live.ts'

export interface ProgressOptions {
  readonly stream: NodeJS.WriteStream
  readonly show: boolean
  /** Each call as a line of its own. */
  readonly verbose: boolean
  readonly debug: boolean
  readonly json: boolean
  /** Calls known beforehand. */
  readonly planned: number
}

export interface Progress extends Observer {
  readonly calls: number
  done(): void
}

export function createProgress(options: ProgressOptions): Progress {
  const { stream } = options
  let sent = 0
  let answered = 0
  let throttled = 0
  let last = 0
  const draw = (what: string): void => {
    const now = Date.now()
    if (!options.show || now - last < 80) return
    last = now
    const width = (stream.columns ?? 80) - 1
    const retries = throttled === 0 ? '' : `, ${throttled} retried`
    const line = `reading ${what}  ${answered}/${Math.max(sent, options.planned)} calls${retries}`
    stream.write(`\r\u001b[2K${line.slice(0, width)}`)
  }
  const log = (entry: Record<string, string | number>): void => {
    if (options.json) stream.write(`${JSON.stringify(entry)}\n`)
    else stream.write(`${Object.values(entry).join(' ')}\n`)
  }
  return {
    get calls() {
      return answered
    },
    sent: (ask) => {
      sent++
      draw(`${ask.place.region} ${ask.service.name} ${ask.operation.api}`)
    },
    answered: (ask, about) => {
      answered++
      throttled += about.attempts - 1
      if (!options.verbose && !options.debug) return
      log({
        call: `${ask.service.name}:${ask.operation.api}`,
        account: ask.place.account,
        region: ask.place.region,
        ...(ask.key === undefined ? {} : { key: JSON.stringify(ask.key) }),
        outcome: about.failure ?? 'ok',
        ...(options.debug ? { milliseconds: about.milliseconds, attempts: about.attempts } : {}),
      })
    },
    done: () => {
      if (options.show) stream.write('\r\u001b[2K')
    },
  }
}
