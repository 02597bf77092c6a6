/** What an analysis offers to rules: facts about a resource, their shape, and the answers that they rest on. */
import type { SnapshotIndex } from '../snapshot/index.ts'
import type { Json, JsonObject, Missing, Resource } from '../snapshot/model.ts'
import type { Shape } from '../snapshot/shapes.ts'

/** A member of a fact: its value, or the calls that would tell it, never none. */
export type Told<T> = { readonly value: T } | { readonly missing: readonly Missing[] }

/** What an analysis says of one resource. */
export interface Fact {
  /** Members of `facts.<name>`, as `shapes` declares them; a member that means nothing here is absent. */
  readonly known: JsonObject
  /**
   * Members that can't be told, and the calls that would tell; reading one of them is unknown. Never an empty list.
   * Here and in `known` a member may be a getter: what it costs is paid when a rule reads it.
   */
  readonly unseen?: Readonly<Record<string, readonly Missing[] | undefined>>
  /** The same, one member at a time: where it is there, nobody needs the others. Of no such member nothing. */
  tell?(member: string): Told<Json> | undefined
}

export interface AnalysisOptions {
  /** ISO 8601: what an audit takes for now. */
  readonly now: string
  /** Accounts of the user's own or of partners. */
  readonly trustedAccounts: readonly string[]
}

/** Shapes are named as AWS's own are; `structs` names start with the analysis's name: `network.Exposure`. */
export interface Analysis {
  /** As rules write it: `facts.network`. */
  readonly name: string
  /** By resource type: what `facts.<name>` of such a resource has. A rule of another type can't ask. */
  readonly shapes: Readonly<Record<string, Readonly<Record<string, Shape>>>>
  readonly structs: Readonly<Record<string, Readonly<Record<string, Shape>>>>
  /** The operations whose answers it reads, IAM style (`ec2:DescribeVpcs`): what a scan has to call for it. */
  readonly operations: readonly string[]
  /** Those of them that some members of one type's facts rest on, all members where none are named; without it, all. */
  readonly operationsFor?: (type: string, members: ReadonlySet<string> | undefined) => readonly string[]
  /** Called once an audit, when the first rule asks; the facts of a resource are computed when they are asked for. */
  readonly prepare: (index: SnapshotIndex, options: AnalysisOptions) => (resource: Resource) => Fact
}
