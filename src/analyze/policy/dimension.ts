/** Which part of a request each condition key belongs to, and the values that the part can have. */
import { accessPointAtoms } from './access-point-values.ts'
import { keyFacts } from './condition-key.ts'
import type { AccessPointInput } from './input.ts'
import { networkAtoms } from './network-values.ts'
import { accountOf } from './principal.ts'
import type { BoundCondition } from './rule.ts'
import { type Cut, samples } from './samples.ts'
import { type SourceOptions, sourceAtoms } from './source-values.ts'
import { tokenAtoms } from './token-values.ts'
import { ABSENT, type Atom, atom, type Dimension, dimension, patternSet, requestAtoms } from './values.ts'

export interface DimensionOptions extends SourceOptions {
  readonly accessPoints: readonly AccessPointInput[]
}

/** Keys of one name stand alone, save those that go together; undefined: the same in every request, or not known at all. */
export function dimensionName(key: string): string | undefined {
  const part = keyFacts(key)?.part
  switch (part) {
    case 'source':
    case 'via':
    case 'accessPoint':
      return part
    case 'request':
    case 'token':
    case 'network':
      return key
    default:
      return undefined
  }
}

const ANY_SERVICE = 'any.us-east-1.amazonaws.com'

/** `s3.eu-west-1.amazonaws.com` as aws:CalledVia has it. */
const serviceOf = (host: string): string =>
  host.replace(/^([a-z0-9-]+)\.[a-z0-9-]+\.amazonaws\.com$/, '$1.amazonaws.com')

/** No service is called `*.us-east-1.amazonaws.com`: that is what StringEquals compares with where StringLike was meant. */
const isHost = (name: string): boolean => /^[A-Za-z0-9.-]+$/.test(name)

/** Which service a principal's request came through, if any: every key that says so, together. */
function viaAtoms(conditions: readonly BoundCondition[], cut: Cut): Atom[] {
  const direct = atom(new Map([['aws:viaawsservice', ['false']]]), '')
  const hosts = patternSet(conditions.filter((one) => one.key === 'kms:viaservice'))
  const services = patternSet(conditions.filter((one) => one.key.startsWith('aws:calledvia')))
  const named = services.size === 0 ? [] : samples(services, cut).filter(isHost)
  const chains = named.flatMap((first) => named.map((last) => (first === last ? [last] : [first, last])))
  return [
    direct,
    viaAtom(ANY_SERVICE, [serviceOf(ANY_SERVICE)]),
    ...(hosts.size === 0 ? [] : samples(hosts, cut).filter(isHost)).map((host) =>
      viaAtom(host, [serviceOf(host)]),
    ),
    ...chains.map((chain) => viaAtom(chain[chain.length - 1] ?? '', chain)),
  ]
}

function viaAtom(host: string, chain: readonly string[]): Atom {
  const first = chain.slice(0, 1)
  const last = chain.slice(-1)
  const values = new Map([
    ['aws:viaawsservice', ['true']],
    ['aws:calledvia', chain],
    ['aws:calledviafirst', first],
    ['aws:calledvialast', last],
    ['kms:viaservice', [host]],
  ])
  return atom(values, host)
}

/**
 * Keys by which others than the caller say something of it: a service puts the ARN of its own resource into the
 * encryption context, Alexa its skill into the token; a mount target lies in a VPC.
 */
function pinnedAtoms(name: string, atoms: readonly Atom[]): readonly Atom[] {
  const closed = (pinned: (one: Atom, at: number) => boolean): Atom[] =>
    atoms.map((one, at) => (pinned(one, at) ? { ...one, open: false } : one))
  if (name.startsWith('kms:encryptioncontext:')) return closed((one) => accountOf(one.label) !== undefined)
  if (name === 'lambda:eventsourcetoken') return closed((_, at) => at < atoms.length - 1)
  if (name === 'elasticfilesystem:accessedviamounttarget') return closed((one) => one.label === 'true')
  return atoms
}

export function dimensionOf(
  name: string,
  conditions: readonly BoundCondition[],
  options: DimensionOptions,
  cut: Cut,
): Dimension {
  if (name === 'source') return dimension(name, sourceAtoms(conditions, options, cut), 0)
  if (name === 'via') return dimension(name, viaAtoms(conditions, cut), -1)
  if (name === 'accessPoint') {
    return dimension(name, accessPointAtoms(conditions, options.account, options.accessPoints, cut), 0)
  }
  const facts = keyFacts(name)
  if (facts?.part === 'network') return dimension(name, [ABSENT, ...networkAtoms(name, conditions, cut)], 0)
  if (facts?.part === 'token') return dimension(name, [ABSENT, ...tokenAtoms(name, conditions, cut)], 0)
  const atoms = pinnedAtoms(name, requestAtoms(name, conditions, cut))
  return facts?.always ? dimension(name, atoms, -1) : dimension(name, [ABSENT, ...atoms], 0)
}
