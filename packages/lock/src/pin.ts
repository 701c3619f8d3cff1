import { Digest, ImageKind, type CloudIdentity, type Image } from '@imago/core'
import { Instant, nullable } from '@imago/codec'
import * as t from 'io-ts'
import { createHash } from 'node:crypto'
import type { ObservedCloud } from './observed.ts'
import { printWant } from './want.ts'
import { printWhere, type Requirement } from './requirement.ts'

/**
 * The guarantee of a pin.
 * - `digest`: the provider states a strong digest of the image's bytes. Other bytes under the same ID are detected.
 * - `immutable-id`: by the provider's contract, the ID always refers to the same bytes.
 * - `id-only`: the provider may change the image of the ID.
 */
export const PinWorth = t.keyof({ digest: null, 'immutable-id': null, 'id-only': null })
export type PinWorth = t.TypeOf<typeof PinWorth>

const text = nullable(t.string)

/** The fields that identify the pinned image: another image under the same ID would differ in them. */
const identityFields = {
  provider: t.string,
  id: t.string,
  kind: ImageKind,
  owner: text,
  os: t.type({ distro: text, version: text }),
  architecture: text,
  createdAt: nullable(Instant),
  digest: nullable(Digest),
}

/** One image on one cloud, as of the time of pinning. Fields of newer versions of imago are kept. */
export const Pin = t.intersection(
  [
    t.type({
      /** The name in the images file. */
      image: t.string,
      /** The cloud as the images file names it. */
      on: t.string,
      /** Canonical, as `printWant` prints it. */
      want: t.string,
      /** The rest of the requirement, as `printWhere` prints it. */
      where: t.string,
      cloud: text,
      region: text,
      name: text,
      unavailableAfter: nullable(Instant),
      identity: t.string,
      pin: PinWorth,
    }),
    t.type(identityFields),
  ],
  'Pin',
)
export type Pin = Readonly<t.TypeOf<typeof Pin>>

/** The fields of a pin that its identity covers. */
export type Identified = Pick<Pin, keyof typeof identityFields>

/** `sha256:…` of the identity fields, in a fixed order. It does not match after a manual edit or a wrong merge. */
export const computeIdentity = ({
  provider,
  id,
  kind,
  owner,
  os,
  architecture,
  createdAt,
  digest,
}: Identified): string => {
  const ofDigest = digest === null ? null : [digest.algorithm, digest.value, digest.of, digest.assertedBy]
  const facts = [provider, id, kind, owner, os.distro, os.version, architecture, createdAt, ofDigest]
  return `sha256:${createHash('sha256').update(JSON.stringify(facts)).digest('hex')}`
}

/** Collision-resistant digests, the strongest first. */
const STRONG = ['sha512', 'sha3_512', 'blake2b', 'sha384', 'sha3_384', 'sha256', 'sha3_256', 'blake2s']

const isOfBytes = ({ of, assertedBy }: Digest): boolean => of === 'stored' && assertedBy === 'provider'

const rankDigest = ({ algorithm }: Digest): number => {
  const index = STRONG.indexOf(algorithm)
  return index === -1 ? STRONG.length : index
}

/** The strongest digest that the provider states of the stored bytes. */
const findDigest = ({ digests }: Image): Digest | null =>
  digests
    .filter(isOfBytes)
    .toSorted((a, b) => rankDigest(a) - rankDigest(b) || (a.algorithm < b.algorithm ? -1 : 1))[0] ?? null

const findWorth = (
  { kind }: Image,
  digest: Digest | null,
  { immutableKinds }: Pick<ObservedCloud, 'immutableKinds'>,
) => {
  if (digest !== null && STRONG.includes(digest.algorithm)) return 'digest'
  return immutableKinds.includes(kind) ? 'immutable-id' : 'id-only'
}

/** In characters. Longer names, which no provider has, are truncated. */
const LONGEST_NAME = 255

/** The facts of an image in a lock file. */
export type Facts = Omit<Pin, 'image' | 'on' | 'want' | 'where'>

/** The facts of an image, as a pin states them. */
export const readFacts = (image: Image, observed: Pick<ObservedCloud, 'immutableKinds'>): Facts => {
  const { ref, name, owner, kind, os, architecture, createdAt, unavailableAfter } = image
  const digest = findDigest(image)
  const facts = {
    provider: ref.provider,
    cloud: ref.cloud,
    region: ref.region,
    id: ref.id,
    name: name === null ? null : name.slice(0, LONGEST_NAME),
    kind,
    owner,
    os: { distro: os.distro, version: os.version },
    architecture,
    createdAt,
    unavailableAfter,
    digest,
  }
  return { ...facts, identity: computeIdentity(facts), pin: findWorth(image, digest, observed) }
}

/** The requirement that a pin belongs to. */
export interface PinTarget {
  /** The name in the images file. */
  readonly image: string
  /** The cloud as the images file names it. */
  readonly on: string
  readonly requirement: Requirement
}

/** The pin of an image that a requirement resolved to. */
export const createPin = ({ image: name, on, requirement }: PinTarget, image: Image, observed: ObservedCloud): Pin => ({
  image: name,
  on,
  want: printWant(requirement.want),
  where: printWhere(requirement),
  ...readFacts(image, observed),
})

/** The name of the cloud of a pin. */
export const cloudKey = ({ provider, cloud, region }: CloudIdentity): string =>
  `${provider}/${cloud ?? ''}${region === null ? '' : `@${region}`}`

/** What identifies a pin in a lock file: one image on one cloud. */
export const pinKey = (pin: CloudIdentity & { readonly image: string }): string => `${pin.image} ${cloudKey(pin)}`
