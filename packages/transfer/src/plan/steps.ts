import { quoteName } from '../archive/fault.ts'
import { hasComparableDigest, readSourceSize, returnsRawDisks, isPacked, selectUploadMethod } from './format.ts'
import type { FinalSettings } from '../metadata/final-settings.ts'
import type { PlanFormat, Step, StepName } from './plan.ts'
import type { TransferSource, TransferTarget, TransferRates } from './transfer-input.ts'

/** What steps are planned from. */
export interface StepInput {
  readonly source: TransferSource
  readonly target: TransferTarget
  readonly format: PlanFormat
  readonly finish: FinalSettings
  /** Bytes to send to the target; `null`: unknown. */
  readonly sent: number | null
  readonly rates: TransferRates
}

const SPOOL = 'from the spool'

const formatPlace = (source: TransferSource): string =>
  source.kind === 'image' ? 'the source' : source.kind === 'file' ? 'the file' : 'the URL'

const describeResumption = (source: TransferSource): string => {
  if (source.kind !== 'image') return 'continues at the last byte, if the server supports ranges'
  if (returnsRawDisks(source)) return 'continues at the last synced byte, with a new temporary server'
  return hasComparableDigest(source) ? 'continues at the last byte' : 'continues at the last synced byte'
}

/** Plans the steps of a transfer, in order. */
export const planSteps = ({ source, target, format, finish, sent, rates }: StepInput): readonly Step[] => {
  const read = readSourceSize(source)
  const unpacked = format.virtualSize
  const isInPlace = source.kind === 'file' && !isPacked(format) && !format.convert
  const from = isInPlace ? 'from the file' : SPOOL
  const step = (
    step: StepName,
    what: string,
    bytes: number | null,
    rate: number | null,
    crash: string,
    fixedSeconds = 0,
  ): Step => ({
    step,
    what,
    bytes,
    seconds: rate === null ? 0 : bytes === null ? null : Math.ceil(bytes / rate) + fixedSeconds,
    ifInterrupted: crash,
  })
  const steps: Step[] = []
  if (source.kind !== 'file')
    steps.push(
      step(
        'download',
        `${formatPlace(source)} into the spool`,
        read,
        rates.download,
        describeResumption(source),
        source.kind === 'image' ? source.estimate?.seconds : 0,
      ),
    )
  steps.push(
    step(
      'inspect',
      source.kind === 'file' ? 'the file, before it is sent' : 'size, digest and format, during the download',
      source.kind === 'file' ? read : 0,
      rates.local,
      source.kind === 'file' ? 'reads the file again' : 'reads it again from the spool',
    ),
  )
  const { archive } = format
  if (archive !== undefined)
    steps.push(
      step(
        'extract',
        `${archive.member === null ? 'the disk' : quoteName(archive.member)} from the ${format.compression === null ? '' : `${format.compression} `}tar archive, into the spool`,
        unpacked,
        rates.local,
        `starts again from ${source.kind === 'file' ? 'the file' : 'the spool'}`,
      ),
    )
  else if (format.compression !== null)
    steps.push(
      step(
        'decompress',
        `the ${format.compression} data, in the spool`,
        unpacked ?? null,
        rates.local,
        `starts again ${SPOOL}`,
      ),
    )
  if (format.convert)
    steps.push(
      step(
        'convert',
        `${format.from ?? '?'} to ${format.to ?? '?'}, with qemu-img, in the spool`,
        unpacked,
        rates.local,
        `starts again ${SPOOL}`,
      ),
    )
  const way = selectUploadMethod(target)
  if (target.kind === 'file')
    steps.push(
      step(
        'store',
        'the finished file at its path',
        sent,
        rates.local,
        `starts again ${from}; the target file is complete or does not exist`,
      ),
    )
  else if (way === 'createFromBytes') {
    steps.push(
      step(
        'upload',
        'the disk, as a new image',
        sent,
        rates.upload,
        `starts again ${from}; its temporary resources are found by their run tag and deleted`,
        target.kind === 'cloud' ? target.estimate?.seconds : 0,
      ),
    )
  } else {
    steps.push(
      step(
        'create',
        'a private image record, with an ID computed from this plan',
        0,
        null,
        'finds the record by its ID',
      ),
    )
    steps.push(
      step(
        'upload',
        'the data of the image',
        sent,
        rates.upload,
        `starts again ${from}; the target accepts only complete uploads`,
      ),
    )
  }
  if (target.kind === 'cloud')
    steps.push(step('verify', 'the new image against the sent data', 0, null, 'compares again'))
  const last = [
    finish.visibility === null ? [] : [`visibility ${finish.visibility}`],
    finish.hide ? ['hidden'] : [],
    finish.protect ? ['protected'] : [],
  ].flat()
  if (last.length > 0) steps.push(step('finish', last.join(', '), 0, null, 'repeats this step'))
  return steps
}
