/** Runs collectors over an account written down as a folder of raw answers, held in memory. */
import type { Ask } from '../../src/collect/answers.ts'
import { rawPath } from '../../src/collect/answers.ts'
import type { Service } from '../../src/collect/dsl.ts'
import { type Assembled, assemble } from '../../src/snapshot/assemble.ts'
import { openRawFolder } from '../../src/snapshot/import.ts'
import type { Resource } from '../../src/snapshot/model.ts'

export const ACCOUNT = '123456789012'
const SHAPES = { types: {}, structs: {}, operations: {} }

export interface Gathered extends Assembled {
  readonly asks: readonly Ask[]
  /** The one resource of a type. */
  only(type: string): Resource
}

/** @param answers by path below the account, without `.json`: `eu-west-1/ssm/describe-parameters`, `….error` for a failure */
export async function gather(
  services: readonly Service[],
  answers: Readonly<Record<string, object>>,
): Promise<Gathered> {
  const files = new Map(
    Object.entries(answers).map(([path, answer]) => [`${ACCOUNT}/${path}.json`, JSON.stringify(answer)]),
  )
  const folder = {
    name: 'raw',
    files: [...files.keys()],
    read: async (path: string) => files.get(path) ?? '',
  }
  const source = await openRawFolder(folder, services)
  const asks: Ask[] = []
  const assembled = await assemble({
    services,
    places: source.places,
    shapes: SHAPES,
    answers: (ask) => {
      asks.push(ask)
      return source.answers(ask)
    },
  })
  const only = (type: string): Resource => {
    const [first, ...rest] = assembled.resources.filter((resource) => resource.type === type)
    if (!first || rest.length > 0) throw new Error(`${rest.length + (first ? 1 : 0)} resources of ${type}`)
    return first
  }
  return { ...assembled, asks, only }
}

/** The paths, below the account, of every call that was made of one API. */
export const pathsOf = (gathered: Gathered, api: string): string[] =>
  gathered.asks
    .filter((ask) => ask.operation.api === api)
    .map((ask) => rawPath(ask).slice(ACCOUNT.length + 1))
    .sort()

/** A failure as the AWS CLI's user saves it. */
export const failed = (Code: string, Message = Code): object => ({ Code, Message })
