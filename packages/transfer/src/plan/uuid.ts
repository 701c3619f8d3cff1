import { createHash } from 'node:crypto'

/** A UUID of version 5 (RFC 9562 §5.5), which depends only on `namespace` and `name`. */
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

/** A random namespace for the IDs of plans. */
const PLANS = '6f1f3d0e-5f0b-4f4b-9a53-3c1f2b8f6a27'

/** JSON with sorted keys and without undefined values, so that equal values have the same text. */
const toCanonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(toCanonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
  return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${toCanonicalJson(one)}`).join(',')}}`
}

/** Computes the checksum of everything else in a plan. */
export const computeChecksum = (plan: object): string =>
  `sha256:${createHash('sha256')
    .update(toCanonicalJson({ ...plan, checksum: undefined }), 'utf8')
    .digest('hex')}`

/** Computes the ID of a plan from its identity: see `selectIdentity`. */
export const computePlanId = (identity: unknown): string => uuid5(PLANS, toCanonicalJson(identity))

/** Computes the ID of the image that an attempt of a run creates, if the target accepts an ID. */
export const computeImageId = (run: string, attempt: number): string => uuid5(run, `attempt ${attempt}`)
