import { perform, type NewImage } from '@imago/core'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import { parseNewArchitecture } from '../../listing/parse-vocabulary.ts'
import { openSource, providersFor, resolveTarget } from '../../resolve-image.ts'
import { Problem } from '../../problem.ts'
import { parseSize, parseEntries } from '../../writing/option-values.ts'
import { makeChange } from '../../writing/change-each.ts'
import { createReport } from '../../writing/report.ts'
import type { WriteContext } from '../../writing/write-context.ts'
import type { CreateOptions } from './options.ts'

/** The image that the options describe, except its architecture: the names of architectures depend on the provider. */
const toNewImage = (
  name: string,
  {
    diskFormat,
    containerFormat,
    setVisibility,
    setDescription,
    setLabel,
    setTag,
    setProperty,
    minDisk,
    minRam,
  }: CreateOptions,
): NewImage => ({
  name,
  diskFormat,
  ...(containerFormat === undefined ? {} : { containerFormat }),
  ...(setVisibility === undefined ? {} : { visibility: setVisibility }),
  ...(setDescription === undefined ? {} : { description: setDescription }),
  ...(setLabel === undefined ? {} : { labels: parseEntries('--set-label', setLabel) }),
  ...(setTag === undefined ? {} : { tags: setTag }),
  ...(setProperty === undefined ? {} : { properties: parseEntries('--set-property', setProperty) }),
  ...(minDisk === undefined ? {} : { minDisk: parseSize('--min-disk', minDisk) }),
  ...(minRam === undefined ? {} : { minRam: parseSize('--min-ram', minRam) }),
})

/** `imago create`: creates an image without data. */
export const create = async (word: string, options: CreateOptions, context: WriteContext): Promise<ExitCode> => {
  const at = word.indexOf(':')
  const [cloud, name] = at === -1 ? [word, ''] : [word.slice(0, at), word.slice(at + 1)]
  if (cloud === '' || name === '')
    throw new Problem(`invalid target ${JSON.stringify(word)}. Use cloud:name`, EXIT.usage)
  const image = toNewImage(name, options)
  const target = resolveTarget(context, cloud)
  const request =
    options.setArch === undefined
      ? image
      : { ...image, architecture: parseNewArchitecture(options.setArch, providersFor(context, [target])) }
  const source = await openSource(context, target)
  const report = await createReport(context, options)
  await makeChange(
    context,
    report,
    source.cloud,
    perform(source, 'create', request, { signal: context.signal }),
    report.image,
  )
  return report.end()
}
