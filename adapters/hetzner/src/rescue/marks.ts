import { randomBytes } from 'node:crypto'
import { RUN, TEMPORARY } from '../transfer-labels.ts'

export type Labels = Readonly<Record<string, string>>

/** The selector of what imago made for itself. */
export const TEMPORARY_SELECTOR = `${TEMPORARY.key}==${TEMPORARY.value}`

export const temporaryLabels = (run: string): Labels => ({ [TEMPORARY.key]: TEMPORARY.value, [RUN]: run })

export const isTemporary = (labels: Labels | null | undefined): boolean => labels?.[TEMPORARY.key] === TEMPORARY.value

/** Also part of a host name, which is why it is stricter than a label. */
const RUN_NAME = /^[A-Za-z0-9](?:[-A-Za-z0-9]{0,38}[A-Za-z0-9])?$/

/** What is wrong with the name of a run, in words; `null` if nothing is. */
export const runProblem = (run: string): string | null =>
  RUN_NAME.test(run)
    ? null
    : `${JSON.stringify(run)} cannot name a run: up to 40 letters, digits and dashes, beginning and ending with a letter or digit`

/** The name of a run's server and key. A run may have several at once, and names are unique in a project: so it ends in chance. */
export const temporaryName = (run: string): string => `imago-${run}-${randomBytes(4).toString('hex')}`

/** For what belongs to no run of the caller's. */
export const ownRun = (): string => randomBytes(6).toString('hex')
