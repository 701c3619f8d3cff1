import type { Capabilities, CapabilityName, ImageSource } from '@imago/core/provider'
import type { CheckResources, Timing } from './check-resources.ts'
import type { Check } from './check.ts'
import { SOURCE_CHECKS } from './source-checks.ts'

/** The source to test. */
export interface Subject extends CheckResources {
  /** The capabilities that the source should declare. They select the checks, and one check compares them with the source. */
  readonly capabilities: Capabilities
  /** Creates a source for one check, with at least one image. Changes by one check must not disturb the next one. */
  readonly make: () => ImageSource | Promise<ImageSource>
  /** Run only checks that change nothing, whatever is declared: for a cloud in use. */
  readonly readOnly?: boolean | undefined
  /** How to wait for the provider's work. Default: every 100 ms, at most 30 s. */
  readonly timing?: Partial<Timing> | undefined
  /** Checks that this provider cannot pass, by name, with the reason. A check that passes all the same fails as outdated. */
  readonly exceptions?: Readonly<Record<string, string>> | undefined
  /**
   * Checks that find nothing to check in this cloud, by name, with the reason: they are reported as skipped. A check that finds something fails as
   * outdated.
   */
  readonly skips?: Readonly<Record<string, string>> | undefined
}

/** Methods that need an image created by the check. */
const CHANGING: ReadonlySet<CapabilityName> = new Set<CapabilityName>([
  'update',
  'delete',
  'protect',
  'hide',
  'deactivate',
  'setVisibility',
  'shares',
  'share',
  'importFromUrl',
  'copyToStore',
  'operations',
])

/** The subset that needs an image with data. */
const NEEDING_DATA: ReadonlySet<CapabilityName> = new Set<CapabilityName>([
  'deactivate',
  'importFromUrl',
  'copyToStore',
])

/** Returns why the suite cannot create an image to change; `null`: it can, or no check needs one. */
const whyNoDisposable = ({ operations }: Capabilities): string | null => {
  if (!operations.includes('create'))
    return operations.some((name) => CHANGING.has(name)) ? 'images can be changed, but not created' : null
  return !operations.includes('upload') && operations.some((name) => NEEDING_DATA.has(name))
    ? 'images can be created, but have no data'
    : null
}

/** Returns why a check does not apply to this subject, as far as that is known in advance; `null`: run it. */
export const whySkipped = (subject: Subject, { needs, uses, writes, unless }: Check): string | null => {
  const { capabilities, readOnly = false, refused } = subject
  const missing = needs.filter((name) => !capabilities.operations.includes(name))
  if (missing.length > 0) return `the source does not declare ${missing.join(', ')}`
  if (uses !== undefined && subject[uses] === undefined) return `the subject does not provide \`${uses}\``
  if (writes && readOnly) return 'nothing may be changed at this cloud (`readOnly`)'
  if (writes && refused !== undefined) return 'these credentials may only read (`refused`)'
  return unless?.(capabilities) ?? null
}

/** Throws if a subject cannot be tested. */
export const refuseSubject = (subject: Subject): void => {
  const { capabilities, exceptions = {}, skips = {} } = subject
  const unknown = [...Object.keys(exceptions), ...Object.keys(skips)].filter(
    (name) => !SOURCE_CHECKS.some((check) => check.name === name),
  )
  if (unknown.length > 0)
    throw new TypeError(
      `imageSourceSuite: exceptions to promises, or skips of checks, that do not exist: ${unknown.join(', ')}`,
    )
  const lack = whyNoDisposable(capabilities)
  const writes = SOURCE_CHECKS.some((check) => check.writes && whySkipped(subject, check) === null)
  if (lack !== null && subject.disposable === undefined && writes)
    throw new TypeError(`imageSourceSuite: \`disposable\` is needed: ${lack}`)
}
