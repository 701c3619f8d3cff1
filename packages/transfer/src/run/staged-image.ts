import type { Ready } from '../journal/entry.ts'
import { isPacked } from '../plan/format.ts'
import type { Plan } from '../plan/plan.ts'

/** Inspected and verified bytes on this machine, ready to be sent. */
export interface StagedImage {
  readonly path: string
  readonly ready: Ready
  /** The user's own file, which other programs may change. */
  readonly inPlace: boolean
}

/** A file is used in place, unless `qemu-img` opens it: no other program may change it between inspection and conversion. */
export const isInPlace = ({ source, format }: Plan): boolean =>
  source.kind === 'file' && (!format.convert || isPacked(format))
