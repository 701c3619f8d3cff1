import type { ImageSource } from '@imago/core/provider'
import { createMemoryCloud } from './cloud.ts'
import type { MemorySourceOptions } from './options.ts'

/**
 * Creates a stateful `ImageSource` in memory, for tests. It lists in pages, stores bytes, computes SHA-512 digests, and completes work in the
 * background.
 */
export const createMemorySource = (options: MemorySourceOptions = {}): ImageSource =>
  createMemoryCloud(options)(options)
