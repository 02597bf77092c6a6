/** The one way in which answers reach the snapshot, be they live, recorded or imported. */
import type { AwsFailure, FailureOutcome } from '../aws/outcome.ts'
import { type Answered, cliName, type Input, type Operation, type Place, type Service } from './dsl.ts'

export interface Ask {
  readonly place: Place
  readonly service: Service
  readonly operation: Operation
  readonly input: Input
  /** The call's own id parameter, for calls about one resource. */
  readonly key?: string
  /** Other values of that parameter that mean the same resource. */
  readonly otherKeys?: readonly string[]
}

export interface Reply {
  /** What was answered, page by page; with a failure, the pages before it. */
  readonly pages: readonly Answered[]
  /** Requests sent, retries not counted. */
  readonly calls: number
  readonly failure?: AwsFailure & { readonly outcome: FailureOutcome }
}

export type Answers = (ask: Ask) => Promise<Reply>

/** A file name for a call's key: what a file system or shell could trip over is percent-encoded. */
export function encodeKey(key: string): string {
  const encoded = encodeURIComponent(key).replace(
    /[!'()*~]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return encoded.replace(/^\.+$/, (dots) => dots.replaceAll('.', '%2E'))
}

/** Where a call's answer stands in a folder of raw answers, without `.json`: `123456789012/eu-west-1/kms/get-key-policy/<key>`. */
export function rawPath(ask: Ask): string {
  const { place, service, operation, key } = ask
  const name = cliName(operation.api) + (operation.variant === undefined ? '' : `.${operation.variant}`)
  const base = `${place.account}/${place.region}/${service.name}/${name}`
  return key === undefined ? base : `${base}/${encodeKey(key)}`
}
