import { quoteName } from '../archive/fault.ts'
import { readSourceSize, returnsRawDisks, isPacked, selectUploadMethod } from './format.ts'
import type { FinalSettings } from '../metadata/final-settings.ts'
import type { PlanFormat, Step, StepName } from './plan.ts'
import type { TransferSource, TransferTarget, TransferRates } from './transfer-input.ts'

/** What a step needs to know. */
export interface StepInput {
  readonly source: TransferSource
  readonly target: TransferTarget
  readonly format: PlanFormat
  readonly finish: FinalSettings
  /** Bytes that the target is sent; `null`: not known. */
  readonly sent: number | null
  readonly rates: TransferRates
}

const SPOOL = 'from the spool'

const placeOf = (source: TransferSource): string =>
  source.kind === 'image' ? 'the source' : source.kind === 'file' ? 'the file' : 'the URL'

const resumption = (source: TransferSource): string => {
  if (source.kind !== 'image') return 'goes on at the last byte, where the server gives ranges'
  if (returnsRawDisks(source)) return 'goes on at the last byte that was synced; what helps to read it is made anew'
  return source.image.digests.some(({ of }) => of === 'stored')
    ? 'goes on at the last byte'
    : 'goes on at the last byte that was synced'
}

/** The steps of a move, in order. */
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
    besides = 0,
  ): Step => ({
    step,
    what,
    bytes,
    seconds: rate === null ? 0 : bytes === null ? null : Math.ceil(bytes / rate) + besides,
    ifInterrupted: crash,
  })
  const steps: Step[] = []
  if (source.kind !== 'file')
    steps.push(
      step(
        'download',
        `bytes of ${placeOf(source)} into the spool`,
        read,
        rates.download,
        resumption(source),
        source.kind === 'image' ? source.estimate?.seconds : 0,
      ),
    )
  steps.push(
    step(
      'inspect',
      source.kind === 'file' ? 'the file, before anything of it is sent' : 'size, digest and format, while they arrive',
      source.kind === 'file' ? read : 0,
      rates.local,
      source.kind === 'file' ? 'the file is read again' : 'read again, from the spool',
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
        `done again, from ${source.kind === 'file' ? 'the file' : 'the spool'}`,
      ),
    )
  else if (format.compression !== null)
    steps.push(
      step('decompress', `${format.compression}, in the spool`, unpacked ?? null, rates.local, `done again, ${SPOOL}`),
    )
  if (format.convert)
    steps.push(
      step(
        'convert',
        `${format.from ?? '?'} into ${format.to ?? '?'}, by qemu-img, in the spool`,
        unpacked,
        rates.local,
        `done again, ${SPOOL}`,
      ),
    )
  const way = selectUploadMethod(target)
  if (target.kind === 'file')
    steps.push(
      step(
        'store',
        'the file gets its name',
        sent,
        rates.local,
        `done again, ${from}; a file is there whole or not at all`,
      ),
    )
  else if (way === 'createFromBytes') {
    steps.push(
      step(
        'upload',
        'an image is made of the disk',
        sent,
        rates.upload,
        `begins again, ${from}; what it made to help is found by its run, and removed`,
        target.kind === 'cloud' ? target.estimate?.seconds : 0,
      ),
    )
  } else {
    steps.push(step('create', 'the record, private, with an id made of this plan', 0, null, 'found again by its id'))
    steps.push(
      step('upload', 'its data', sent, rates.upload, `sent again, ${from}, whole: the target takes all or nothing`),
    )
  }
  if (target.kind === 'cloud')
    steps.push(step('verify', 'what the target holds against what was sent', 0, null, 'asked again'))
  const last = [
    finish.visibility === null ? [] : [`visibility ${finish.visibility}`],
    finish.hide ? ['hidden'] : [],
    finish.protect ? ['protected'] : [],
  ].flat()
  if (last.length > 0) steps.push(step('finish', last.join(', '), 0, null, 'set again'))
  return steps
}
