/** Wraps a source of answers: to write them down as they come, and to take up an interrupted collection. */
import { type Answers, type Ask, type Reply, rawPath } from '../../collect/answers.ts'
import type { Answered } from '../../collect/dsl.ts'
import type { Clean } from '../../snapshot/clean.ts'
import { UserError } from '../../user-error.ts'
import { readText, writeBelow, writeWhole } from './files.ts'

/** What never may be kept is gone before anything else sees an answer. */
export function cleaned(answers: Answers, clean: Clean): Answers {
  return async (ask) => {
    const reply = await answers(ask)
    return { ...reply, pages: reply.pages.map((page) => clean(ask.service, ask.operation, page)) }
  }
}

/** Writes each answer in the layout that `import` reads. */
export function recorded(answers: Answers, folder: string): Answers {
  const written = new Map<string, number>()
  return async (ask) => {
    const reply = await answers(ask)
    const path = rawPath(ask)
    const single = ask.key !== undefined || ask.operation.kind !== 'batch'
    const from = written.get(path) ?? 0
    written.set(path, from + reply.pages.length)
    const name = (at: number): string =>
      single && reply.pages.length === 1 ? `${path}.json` : `${path}.${from + at + 1}.json`
    await Promise.all(reply.pages.map((page, at) => writeBelow(folder, name(at), page)))
    if (reply.failure) {
      const { code, message } = reply.failure
      await writeBelow(folder, `${path}.error.json`, { Code: code, Message: message })
    }
    return reply
  }
}

/** One call, whatever order its inputs were written in. */
const identity = (ask: Ask): string => `${rawPath(ask)}#${JSON.stringify(ask.input)}`

export interface Journal {
  readonly answers: Answers
  /** How many answers were taken from the earlier run. */
  taken(): number
  save(file: string): Promise<void>
}

/** Keeps what was answered, so that an interrupted collection can go on where it stopped. */
export function journaled(answers: Answers, earlier: ReadonlyMap<string, Reply>): Journal {
  const kept = new Map<string, Reply>()
  let taken = 0
  return {
    answers: async (ask) => {
      const id = identity(ask)
      const before = earlier.get(id)
      if (before) taken++
      const reply = before ?? (await answers(ask))
      if (!reply.failure || reply.failure.outcome === 'denied') kept.set(id, reply)
      return reply
    },
    taken: () => taken,
    save: (file) => writeWhole(file, lines(kept)),
  }
}

function* lines(kept: ReadonlyMap<string, Reply>): Generator<string> {
  for (const [id, reply] of kept) yield `${JSON.stringify({ id, reply })}\n`
}

export async function readJournal(file: string): Promise<Map<string, Reply>> {
  const text = await readText(file, 'journal')
  const kept = new Map<string, Reply>()
  text.split('\n').forEach((line, at) => {
    if (line === '') return
    try {
      const { id, reply } = JSON.parse(line) as { id: string; reply: Reply & { pages: Answered[] } }
      kept.set(id, reply)
    } catch {
      throw new UserError(`journal ${file} is broken: line ${at + 1} is not JSON`, {
        file,
        line: at + 1,
        next: 'Collect again without --resume.',
      })
    }
  })
  return kept
}
