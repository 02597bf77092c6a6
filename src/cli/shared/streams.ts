/** Standard streams: data on stdout, everything else on stderr, and a closed pipe is no error. */
import { once } from 'node:events'
import { UserError } from '../../user-error.ts'
import { EXIT, errorText } from './exit.ts'
import { reasonOf } from './reason.ts'

/** Ends quietly when the reader (`| head`) has had enough, and with a message when the disk is full. */
export function watchStreams(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(EXIT.ok)
      const failure = new UserError(`standard output can't be written: ${reasonOf(error)}`)
      if (stream === process.stdout) process.stderr.write(errorText(failure, false))
      process.exit(EXIT.usage)
    })
  }
}

/** Writes pieces as fast as the reader takes them, gathered so that many small ones cost few writes. */
export async function writeStdout(pieces: Iterable<string>): Promise<void> {
  let held = ''
  for (const piece of pieces) {
    held += piece
    if (held.length < 65_536) continue
    await write(held)
    held = ''
  }
  if (held !== '') await write(held)
}

async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain')
}

export const warn = (text: string): void => {
  process.stderr.write(`${text}\n`)
}
