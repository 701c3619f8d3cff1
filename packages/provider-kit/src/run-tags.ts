import { randomBytes } from 'node:crypto'
import { RUN_EPOCH_LABEL, RUN_LABEL, TEMPORARY_LABEL } from '@imago/core/provider'

/** Labels of a resource, by key. */
export type Labels = Readonly<Record<string, string>>

/** The labels that name a run, and its epoch if that is known. */
export const createRunLabels = (run: string, epoch?: number): Labels => ({
  [RUN_LABEL]: run,
  ...(epoch === undefined ? {} : { [RUN_EPOCH_LABEL]: String(epoch) }),
})

/** The labels of a temporary resource of a run. */
export const createTemporaryLabels = (run: string, epoch?: number): Labels => ({
  [TEMPORARY_LABEL.key]: TEMPORARY_LABEL.value,
  ...createRunLabels(run, epoch),
})

/** Returns the run that created a resource with these labels; `null`: none is stated. */
export const readRunLabel = (labels: Labels | null | undefined): string | null => labels?.[RUN_LABEL] ?? null

/** Whether labels mark a resource that a run created for itself. */
export const isTemporary = (labels: Labels | null | undefined): boolean =>
  labels?.[TEMPORARY_LABEL.key] === TEMPORARY_LABEL.value

/** Whether a resource with these labels is a temporary one of `run`. */
export const isTemporaryOf = (run: string, labels: Labels | null | undefined): boolean =>
  isTemporary(labels) && (readRunLabel(labels) ?? '') === run

/** Stricter than most labels, because it is also part of a host name. */
const RUN_NAME = /^[A-Za-z0-9](?:[-A-Za-z0-9]{0,38}[A-Za-z0-9])?$/

/** Returns what is wrong with the name of a run; `null`: nothing. */
export const findRunProblem = (run: string): string | null =>
  RUN_NAME.test(run)
    ? null
    : `invalid name of a run: ${JSON.stringify(run)}; use up to 40 letters, digits and dashes, beginning and ending with a letter or digit`

/** Creates a name for a temporary resource of a run. It ends randomly, because a run may have several, and names may be unique in a project. */
export const createTemporaryName = (run: string): string => `imago-${run}-${randomBytes(4).toString('hex')}`

/** Creates a name for a run whose caller gave none. */
export const createRunName = (): string => randomBytes(6).toString('hex')
