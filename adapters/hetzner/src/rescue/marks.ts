import { randomBytes } from 'node:crypto'
import { RUN, TEMPORARY } from '../transfer-labels.ts'

export type Labels = Readonly<Record<string, string>>

/** Selects temporary resources. */
export const TEMPORARY_SELECTOR = `${TEMPORARY.key}==${TEMPORARY.value}`

export const temporaryLabels = (run: string): Labels => ({ [TEMPORARY.key]: TEMPORARY.value, [RUN]: run })

export const isTemporary = (labels: Labels | null | undefined): boolean => labels?.[TEMPORARY.key] === TEMPORARY.value

/** Stricter than a label, because it is also part of a host name. */
const RUN_NAME = /^[A-Za-z0-9](?:[-A-Za-z0-9]{0,38}[A-Za-z0-9])?$/

/** What is wrong with the name of a run; `null`: nothing. */
export const findRunProblem = (run: string): string | null =>
  RUN_NAME.test(run)
    ? null
    : `invalid name of a run: ${JSON.stringify(run)}; use up to 40 letters, digits and dashes, beginning and ending with a letter or digit`

/** A name for a run's server and key. It ends randomly, because a run may have several, and names are unique in a project. */
export const temporaryName = (run: string): string => `imago-${run}-${randomBytes(4).toString('hex')}`

/** A new name, for work without a run of the caller. */
export const createRunName = (): string => randomBytes(6).toString('hex')
