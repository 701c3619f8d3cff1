import { createHash } from 'node:crypto'

/** A UUID of version 5 (RFC 9562 §5.5): the same `name` in the same `namespace` gives the same. */
export const uuid5 = (namespace: string, name: string): string => {
  const digest = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name, 'utf8')
    .digest()
    .subarray(0, 16)
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x50
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80
  const hex = digest.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** Made once, at random, for what imago names. */
const PLANS = '6f1f3d0e-5f0b-4f4b-9a53-3c1f2b8f6a27'

/** JSON with sorted keys, without what is undefined: the same value gives the same text. */
const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
  return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(',')}}`
}

/** The checksum of a plan, over all that it holds besides. */
export const computeChecksum = (plan: object): string =>
  `sha256:${createHash('sha256')
    .update(canonical({ ...plan, checksum: undefined }), 'utf8')
    .digest('hex')}`

/** The id of a plan: made of everything that decides what is moved where, and as what; not of estimates and words. */
export const computePlanId = (decisive: unknown): string => uuid5(PLANS, canonical(decisive))

/** The id of the image that attempt `attempt` at a run makes, where images may be given one. */
export const computeImageId = (run: string, attempt: number): string => uuid5(run, `attempt ${attempt}`)
