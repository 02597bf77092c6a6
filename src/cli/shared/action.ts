import type { Command } from 'commander'

/** Gives a command its work, which loads only when the command is asked for. */
export type Action = (command: Command, load: () => Promise<{ run: unknown }>) => void
