import { perform, type Operation } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import type { LiveContext } from '../../live.ts'
import { problemOf } from '../../live-problem.ts'
import { createTable } from '../../output/table.ts'
import { visible, visibleJson } from '../../output/visible.ts'
import { imageAt, imagePlaceOf } from '../../place.ts'
import { placeOf } from '../../connect/target.ts'

export interface OperationsOptions {
  readonly output: 'table' | 'json'
  readonly arch?: string
}

const percent = ({ progress }: Operation): string => (progress === null ? '-' : `${Math.round(progress * 100)} %`)

/** `imago operations`: the work that the provider knows of for an image, the newest first. */
export const operations = async (word: string, options: OperationsOptions, live: LiveContext): Promise<ExitCode> => {
  const { source, image } = await imageAt(live, imagePlaceOf(word), options)
  const answer = await perform(source, 'operations', image.ref.id, { signal: live.signal })()
  if (E.isLeft(answer)) throw problemOf(answer.left)
  if (options.output === 'json') {
    const text = JSON.stringify({ $schema: 'urn:imago:schema:operations:1', image: placeOf(image.ref), operations: answer.right }, null, 2)
    live.output.write(`${live.output.isTerminal ? visibleJson(text) : text}\n`)
  } else {
    const table = createTable(live.output, [{ title: 'ID', whole: true }, { title: 'KIND' }, { title: 'STATUS' }, { title: 'PROGRESS', align: 'right' }, { title: 'STARTED' }, { title: 'FINISHED' }, { title: 'ERROR' }])
    for (const one of answer.right) table.row([one.id, one.kind ?? '-', one.status, percent(one), one.startedAt ?? '-', one.finishedAt ?? '-', one.error ?? '-'])
    table.end()
    const hint = answer.right.find(({ status }) => status === 'error')?.hint
    if (hint !== undefined) live.talk.write(`imago: ${visible(hint)}\n`)
    if (answer.right.length === 0) live.talk.write(`imago: the provider knows of no work on ${placeOf(image.ref)}\n`)
  }
  await live.output.end()
  await live.talk.end()
  return EXIT.done
}
