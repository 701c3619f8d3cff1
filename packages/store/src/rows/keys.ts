import type { CloudIdentity, ImageRef } from '@imago/core'
import { hash } from 'node:crypto'

/** Escapes the characters that separate the parts of a key. */
const escape = (text: string): string => text.replaceAll(/[%/@:]/g, (character) => encodeURIComponent(character))

/** One text for each cloud and region, as `imago list` prints it: `hetzner/production`, `openstack/demo@RegionOne`. */
export const cloudKey = ({ provider, cloud, region }: CloudIdentity): string =>
  `${escape(provider)}/${escape(cloud ?? '')}${region === null ? '' : `@${escape(region)}`}`

/** One text for each image: `hetzner/production:id:161547270`. */
export const imageKey = (ref: ImageRef): string => `${cloudKey(ref)}:id:${ref.id}`

/** 128 bits are enough to compare the versions of one image. */
const HASH_DIGITS = 32

/** A short digest of text, in hex. */
export const digestText = (text: string): string => hash('sha256', text, 'hex').slice(0, HASH_DIGITS)
