import type { ImageReader } from '@imago/core'
import { writeFile } from 'node:fs/promises'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import { count } from '../../output/count.ts'
import { createImages, requestImages } from '../../output/images.ts'
import { maskSecrets } from '../../output/mask.ts'
import type { Output } from '../../output/stream.ts'
import { fileProblem } from '../../problem.ts'
import { outcomeToExitCode, readImages } from '../../read-images.ts'
import { dumpOptions } from '../../input/dump-options.ts'
import { readAdditions } from './evidence.ts'
import type { NormalizeOptions } from './options.ts'
import { createBlockReader } from './read-block.ts'
import { createThreads, type Threads } from './threads.ts'

/** `imago normalize`: prints the images of saved dumps. `threads` read large NDJSON, unless the output needs all images or is a terminal. */
export const normalize = async (
  files: readonly string[],
  options: NormalizeOptions,
  output: Output,
  messages: Output,
  readers?: readonly ImageReader[],
  threads: Threads = createThreads(
    async () => (await import('./start-worker.ts')).startWorker(options),
    createBlockReader(options, readers),
  ),
): Promise<ExitCode> => {
  const request = requestImages(options)
  const dump = { ...dumpOptions(options, readers), strict: options.strict === true }
  const writer = await createImages(request, output)
  const { part } = writer

  const outcome = await readImages(
    files,
    dump,
    {
      image: (image, _drift, text, record) =>
        writer.image(image, text, options.evidence === true ? readAdditions(record, dump) : null),
      ...(part === undefined ? {} : { part }),
      flush: output.flush,
    },
    messages,
    part === undefined || output.isTerminal ? {} : { readLines: threads.readLines },
  ).finally(threads.close)
  writer.end()
  await output.end()

  const report = outcome.drift.report()
  if (options.drift !== undefined) {
    await writeFile(options.drift, `${maskSecrets(JSON.stringify(report, null, 2))}\n`).catch((error: unknown) => {
      throw fileProblem('write', options.drift ?? '', error)
    })
  }
  if (options.quiet !== true && (messages.isTerminal || report.notes > 0 || outcome.rejected > 0)) {
    const drift =
      report.notes > 0 ? `, ${count(report.notes, 'difference')} from the known API (for details: imago drift)` : ''
    const legend = options.evidence === true && options.output === 'table' ? '; ~ inferred, ? assumed' : ''
    messages.write(`${count(outcome.images, 'image')}, ${outcome.rejected} rejected${drift}${legend}\n`)
    await messages.end()
  }
  const code = outcomeToExitCode(outcome)
  return code === EXIT.done && options.drift !== undefined && report.notes > 0 ? EXIT.findings : code
}
