import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { createInspector } from '../src/inspector.ts'
import type { Inspection } from '../src/index.ts'

/** The result of oslo.utils for an image created for its tests. */
export interface Vector {
  readonly name: string
  readonly bytes: Uint8Array
  readonly matches: readonly string[]
  readonly virtualSize: number | string
  readonly verdict: string
}

const fixture = (name: string): string => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8')
const decompress = (gzipBase64: string): Uint8Array => new Uint8Array(gunzipSync(Buffer.from(gzipBase64, 'base64')))

interface VectorFile {
  readonly vectors: readonly (Omit<Vector, 'bytes'> & { readonly gzipBase64: string })[]
}

interface ImageFile {
  readonly images: readonly { readonly name: string; readonly gzipBase64: string }[]
}

export const vectors: readonly Vector[] = (
  JSON.parse(fixture('format-inspector-vectors.json')) as VectorFile
).vectors.map(({ gzipBase64, ...vector }) => ({ ...vector, bytes: decompress(gzipBase64) }))

const readImages = (name: string): ReadonlyMap<string, Uint8Array> =>
  new Map((JSON.parse(fixture(name)) as ImageFile).images.map(({ name, gzipBase64 }) => [name, decompress(gzipBase64)]))

/** By name. */
export const qemuImages = readImages('qemu-images.json')
/** By name: of the same disk, whose last bytes are not zero. */
export const qemuImagesWithData = readImages('qemu-images-with-data.json')
/** The disk of these images, as `make-qemu-images.mjs` creates it. */
export const qemuDisk: Uint8Array = Buffer.alloc(1_310_720).fill(0x5a, 150_000, 450_000).fill(0xa5, 1_200_000)

const named = (name: string, bytes: Uint8Array | undefined): Uint8Array => {
  if (bytes === undefined) throw new Error(`no image ${name}`)
  return bytes
}

/** A copy, to be changed. */
export const qemuImage = (name: string): Uint8Array => named(name, qemuImages.get(name)).slice()
/** A copy, to be changed. */
export const vectorImage = (name: string): Uint8Array =>
  named(name, vectors.find((vector) => vector.name === name)?.bytes).slice()

export const inspect = (bytes: Uint8Array, chunkLength = 65_536): Inspection => {
  const inspector = createInspector()
  for (let at = 0; at < bytes.length; at += chunkLength) inspector.write(bytes.subarray(at, at + chunkLength))
  return inspector.end()
}

/** Names, without repetition. */
export const failed = ({ failures }: Inspection): readonly string[] => [...new Set(failures.map(({ check }) => check))]

/** The same bytes, with `text` written over them. */
export const withText = (bytes: Uint8Array, offset: number, text: string): Uint8Array => {
  bytes.set(Buffer.from(text, 'latin1'), offset)
  return bytes
}

export const zeros = (length: number): Uint8Array => new Uint8Array(length)
