import { processEnvironment } from '@imago/provider-kit'
import { parentPort, workerData } from 'node:worker_threads'
import { loadProviders } from '../../providers/load-providers.ts'
import { unlimitYoungSpace } from '../../young-space.ts'
import type { NormalizeOptions } from './options.ts'
import { createBlockReader, type Block } from './read-block.ts'
import { READY } from './threads.ts'

// A thread of `imago normalize`, started by threads.ts. In the bundle, this file is an entry of its own.

// The main thread has limited the spaces of all threads.
unlimitYoungSpace()

// The main thread has reported the providers that cannot be loaded.
const reading = loadProviders(processEnvironment(process)).then(({ providers }) =>
  createBlockReader(
    workerData as NormalizeOptions,
    providers.map(({ reader }) => reader),
  ),
)

let last: Promise<unknown> = reading.then(() => parentPort?.postMessage(READY, []))
parentPort?.on('message', (block: Block) => {
  // A rejection ends the thread, and with it the command.
  last = last.then(async () => {
    const readBlock = await reading
    const result = await readBlock(block)
    parentPort?.postMessage(result, [result.buffer, result.read.output.buffer as ArrayBuffer])
  })
})
