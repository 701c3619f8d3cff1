import { createHash } from 'node:crypto'
import { maskUrl } from '../bytes/mask-url.ts'
import { returnsRawDisks, selectUploadMethod } from './format.ts'
import type { PlanSource, PlanTarget } from './plan.ts'
import type { TransferSource, TransferTarget, TransferOverrides } from './transfer-input.ts'

/** Hex digits: too few to reveal the query, enough to distinguish a few. */
const FINGERPRINT_LENGTH = 8

const fingerprintQuery = (url: string): { readonly query?: string } => {
  const search = URL.canParse(url) ? new URL(url).search : ''
  return search === '' ? {} : { query: createHash('sha256').update(search).digest('hex').slice(0, FINGERPRINT_LENGTH) }
}

export const describeSource = (source: TransferSource): PlanSource => {
  if (source.kind === 'file')
    return { kind: 'file', path: source.path, size: source.size, modifiedAt: source.modifiedAt }
  if (source.kind === 'url')
    return {
      kind: 'url',
      url: maskUrl(source.url),
      size: source.size,
      etag: source.etag,
      ...(source.etag === null ? fingerprintQuery(source.url) : {}),
    }
  const { ref, name, updatedAt, size, digests } = source.image
  return {
    kind: 'image',
    ref,
    name,
    updatedAt,
    size: size.stored,
    digests: digests.filter(({ of }) => of === 'stored'),
    exact: !returnsRawDisks(source),
  }
}

export const describeTarget = (target: TransferTarget, { store }: TransferOverrides): PlanTarget =>
  target.kind === 'file'
    ? { kind: 'file', path: target.path }
    : { kind: 'cloud', cloud: target.cloud, by: selectUploadMethod(target) ?? 'upload', store: store ?? null }

/** The name or ID of an image, or a file name without its suffixes. */
export const deriveName = (source: TransferSource): string => {
  if (source.kind === 'image') return source.image.name ?? source.image.ref.id
  const path = source.kind === 'file' ? source.path : maskUrl(source.url).replace(/\?…$/, '')
  const base = path.split(/[/\\]/).at(-1) ?? ''
  const stem = base
    .replace(/\.(?:gz|gzip|xz|zst|zstd|bz2|bzip2)$/i, '')
    .replace(/\.(?:tar|ova|tgz|txz|tzst|tbz2?)$/i, '')
    .replace(/\.(?:raw|img|qcow2|vmdk|vdi|vhd|vhdx|iso)$/i, '')
  return stem === '' ? 'image' : stem
}
