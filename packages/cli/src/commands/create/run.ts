import { perform, type NewImage, type Visibility } from '@imago/core'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import { sourceOf, targetNamed } from '../../place.ts'
import { Problem } from '../../problem.ts'
import { bytesOption, entriesOf } from '../../writing/arguments.ts'
import { makeChange, type ChangeOptions } from '../../writing/change-each.ts'
import { createReport } from '../../writing/report.ts'
import type { WriteContext } from '../../writing/write-context.ts'

export interface CreateOptions extends ChangeOptions {
  readonly diskFormat: string
  readonly containerFormat?: string
  readonly visibility?: Exclude<Visibility, 'unknown'>
  readonly description?: string
  readonly label?: readonly string[]
  readonly tag?: readonly string[]
  readonly property?: readonly string[]
  readonly minDisk?: string
  readonly minRam?: string
}

const requestOf = (name: string, { diskFormat, containerFormat, arch, visibility, description, label, tag, property, minDisk, minRam }: CreateOptions): NewImage => ({
  name,
  diskFormat,
  ...(containerFormat === undefined ? {} : { containerFormat }),
  ...(arch === undefined ? {} : { architecture: arch }),
  ...(visibility === undefined ? {} : { visibility }),
  ...(description === undefined ? {} : { description }),
  ...(label === undefined ? {} : { labels: entriesOf('--label', label) }),
  ...(tag === undefined ? {} : { tags: tag }),
  ...(property === undefined ? {} : { properties: entriesOf('--property', property) }),
  ...(minDisk === undefined ? {} : { minDisk: bytesOption('--min-disk', minDisk) }),
  ...(minRam === undefined ? {} : { minRam: bytesOption('--min-ram', minRam) }),
})

/** `imago create`: the record of a new image, without data. */
export const create = async (word: string, options: CreateOptions, context: WriteContext): Promise<ExitCode> => {
  const at = word.indexOf(':')
  const [cloud, name] = at === -1 ? [word, ''] : [word.slice(0, at), word.slice(at + 1)]
  if (cloud === '' || name === '') throw new Problem(`${word}: write the cloud and the name of the new image as cloud:name`, EXIT.usage)
  const request = requestOf(name, options)
  const source = await sourceOf(context, targetNamed(context, cloud))
  const report = await createReport(context, options)
  await makeChange(context, report, source.cloud, perform(source, 'create', request, { signal: context.signal }), report.image)
  return report.end()
}
