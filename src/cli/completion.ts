import type { Command } from 'commander'
import { bash, fish, powershell, wordsOf, zsh } from './shared/completion.ts'
import { EXIT } from './shared/exit.ts'
import { writeStdout } from './shared/streams.ts'

const SHELLS = { bash, zsh, fish, powershell } as const

/** `completion SHELL`: what the shell has to read. */
export async function run([shell = 'bash']: string[], _flags: object, program: Command): Promise<number> {
  await writeStdout([SHELLS[shell as keyof typeof SHELLS](wordsOf(program))])
  return EXIT.ok
}
