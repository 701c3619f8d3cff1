import type { ImageReader } from '@imago/core'
import { providers } from './providers.ts'

/** Reads the saved images of every provider that imago brings. */
export const readers: readonly ImageReader[] = providers.map(({ reader }) => reader)
