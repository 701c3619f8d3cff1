import { explainRecord } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import type { LiveContext } from '../../live.ts'
import { resolveImage, parseImageAddress } from '../../resolve-image.ts'
import { Problem } from '../../problem.ts'
import type { ExplainOptions } from './options.ts'
import { createExplanationWriter, parseFieldName, requestExplanations } from './run.ts'

/** Options that apply to saved images only. */
const OFFLINE = ['id', 'provider', 'cloud', 'region'] as const

/** `imago explain ADDRESS`: explains an image that is fetched from its cloud. */
export const explainLive = async (text: string, options: ExplainOptions, live: LiveContext): Promise<ExitCode> => {
  const foreign = OFFLINE.find((option) => options[option] !== undefined)
  if (foreign !== undefined)
    throw new Problem(`--${foreign} applies only to saved images, and ${text} is an image of a cloud`, EXIT.usage)
  const request = requestExplanations(options)
  const field = parseFieldName(options.field)
  const { image } = await resolveImage(live, parseImageAddress(text), options)
  const { provider, cloud, region } = image.ref
  const explained = explainRecord(image.raw, '', {
    readers: live.providers.map(({ reader }) => reader),
    provider,
    ...(cloud === null ? {} : { cloud }),
    ...(region === null ? {} : { region }),
  })
  if (E.isLeft(explained)) throw new Problem(`cannot explain images of provider ${provider}`)
  const writer = await createExplanationWriter(request, field, options.showSecrets === true, live.output)
  writer.write(explained.right, image.name ?? image.description)
  writer.end()
  await live.output.end()
  return EXIT.done
}
