/** Facts whose members are computed when a rule reads them: an estate has thousands of resources that no rule asks about. */
import type { Json, JsonObject, Missing } from '../snapshot/model.ts'
import type { Fact, Told } from './analysis.ts'

export type { Told } from './analysis.ts'

type Members = Readonly<Record<string, () => unknown>>

/**
 * One handler for all members: an accessor of its own for each, on each of thousands of objects, costs more than what
 * most of them compute. What was computed is kept in the target.
 */
class Lazily implements ProxyHandler<Record<string, unknown>> {
  readonly #members: Members
  constructor(members: Members) {
    this.#members = members
  }
  #member(name: string | symbol): (() => unknown) | undefined {
    return typeof name === 'string' && Object.hasOwn(this.#members, name) ? this.#members[name] : undefined
  }
  get(made: Record<string, unknown>, name: string): unknown {
    const compute = this.#member(name)
    if (compute !== undefined && !Object.hasOwn(made, name)) made[name] = compute()
    return made[name]
  }
  has(made: Record<string, unknown>, name: string | symbol): boolean {
    return this.#member(name) !== undefined || Reflect.has(made, name)
  }
  ownKeys(): string[] {
    return Object.keys(this.#members)
  }
  getOwnPropertyDescriptor(made: Record<string, unknown>, name: string): PropertyDescriptor | undefined {
    if (this.#member(name) === undefined) return undefined
    return { value: this.get(made, name), enumerable: true, configurable: true, writable: true }
  }
}

/** An object whose members are computed once, when they are read. */
export function lazy<T extends object>(members: { readonly [K in keyof T]: () => T[K] }): T {
  return new Proxy({}, new Lazily(members)) as T
}

/** A fact that tells one member at a time; `known` and `unseen` are made for who wants to see it whole. */
class ToldFact<T> implements Fact {
  readonly #members: Readonly<Record<string, () => T>>
  readonly #told: (value: T) => Told<Json>
  readonly #before = new Map<string, Told<Json>>()
  constructor(members: Readonly<Record<string, () => T>>, told: (value: T) => Told<Json>) {
    this.#members = members
    this.#told = told
  }
  tell(name: string): Told<Json> | undefined {
    const before = this.#before.get(name)
    if (before !== undefined) return before
    const compute = Object.hasOwn(this.#members, name) ? this.#members[name] : undefined
    if (compute === undefined) return undefined
    const told = this.#told(compute())
    this.#before.set(name, told)
    return told
  }
  #side<V>(of: (told: Told<Json>) => V): Readonly<Record<string, V>> {
    const read = (name: string): V => of(this.tell(name) ?? { value: null })
    const names = Object.keys(this.#members)
    return lazy<Record<string, V>>(Object.fromEntries(names.map((name) => [name, () => read(name)])))
  }
  get known(): JsonObject {
    return this.#side((told) => ('value' in told ? told.value : null))
  }
  get unseen(): Readonly<Record<string, readonly Missing[] | undefined>> {
    return this.#side((told) => ('missing' in told ? told.missing : undefined))
  }
}

export const toldFact = (members: Readonly<Record<string, () => Told<Json>>>): Fact =>
  new ToldFact(members, (told) => told)

/** The same of members that say it in a form of their own. */
export const toldFactOf = <T>(
  members: Readonly<Record<string, () => T>>,
  told: (value: T) => Told<Json>,
): Fact => new ToldFact(members, told)
