import { isAcceptedText, RUN_EPOCH_PROPERTY, RUN_PROPERTY, type NewImage, type UploadLimits } from '@imago/core'
import { truncateWord, formatList } from './format-list.ts'
import type { Cloud } from './limit-check-input.ts'
import type { PreflightCheck } from './plan.ts'
import { createBlocker, createWarning } from './preflight-check.ts'

const isLonger = (text: string, maxLength: number | null): boolean => maxLength !== null && [...text].length > maxLength

const OTHER = 'Choose a different one for the new image'

/** Properties of the new image: the requested ones, those that the adapter writes for fields, and the run tags. */
const collectProperties = (
  request: NewImage,
  { capabilities: { changes, metadata } }: Cloud,
): ReadonlyMap<string, string | null> => {
  if (!changes.includes('properties')) return new Map()
  const written = (metadata?.fieldProperties ?? []).filter(
    ({ field, from }) =>
      from === 'field' &&
      ((field === 'architecture' && request.architecture !== undefined) ||
        (field === 'description' && request.description !== undefined)),
  )
  return new Map<string, string | null>([
    ...written.map(({ property }) => [property, null] as const),
    [RUN_PROPERTY, null],
    [RUN_EPOCH_PROPERTY, null],
    ...Object.entries(request.properties ?? {}),
  ])
}

export const checkTexts = (
  request: NewImage,
  target: Cloud,
  { nameLength, tagLength, properties, otherProperties }: UploadLimits,
): readonly PreflightCheck[] => {
  const { provider } = target.cloud
  const refused = (what: string): PreflightCheck => createBlocker('metadata', `${provider}: ${what}`, OTHER)
  const checks: PreflightCheck[] = []
  const { name: nameRule, tag: tagRule } = target.capabilities.metadata ?? {}
  // The metadata rules already report what is too long for the provider.
  if (isLonger(request.name, nameLength) && isAcceptedText(request.name, nameRule))
    checks.push(
      refused(
        `the name ${JSON.stringify(truncateWord(request.name))} has ${[...request.name].length} characters, and the target accepts ${nameLength}`,
      ),
    )
  for (const tag of (request.tags ?? []).filter((one) => isLonger(one, tagLength) && isAcceptedText(one, tagRule)))
    checks.push(
      refused(
        `the tag ${JSON.stringify(truncateWord(tag))} has ${[...tag].length} characters, and the target accepts ${tagLength}`,
      ),
    )
  for (const [name, value] of collectProperties(request, target)) {
    const limit = properties !== null && Object.hasOwn(properties, name) ? properties[name] : undefined
    if (limit === undefined) {
      if (otherProperties === false)
        checks.push(
          refused(
            `the target accepts no property ${JSON.stringify(truncateWord(name))}: its operator allows certain properties only`,
          ),
        )
    } else if (value !== null) {
      if (limit.values !== null && !limit.values.includes(value))
        checks.push(
          refused(
            `the property ${truncateWord(name)} cannot be ${JSON.stringify(truncateWord(value))} (one of: ${formatList(limit.values)})`,
          ),
        )
      if (isLonger(value, limit.maxLength))
        checks.push(
          refused(
            `the value of the property ${truncateWord(name)} has ${[...value].length} characters, and the target accepts ${limit.maxLength}`,
          ),
        )
    }
  }
  return checks
}

/** The numbers of tags, properties and labels that the provider documents. */
export const checkCounts = (request: NewImage, target: Cloud): readonly PreflightCheck[] => {
  const { tagCount, propertyCount, labelCount } = target.capabilities.metadata ?? {}
  return [
    { rule: tagCount, count: new Set(request.tags ?? []).size, one: 'tag', what: 'tags' },
    { rule: propertyCount, count: collectProperties(request, target).size, one: 'property', what: 'properties' },
    { rule: labelCount, count: Object.keys(request.labels ?? {}).length, one: 'label', what: 'labels' },
  ].flatMap(({ rule, count, one, what }) => {
    if (rule === undefined || count <= rule.max) return []
    const entries = count === 1 ? one : what
    return [
      rule.isFixed
        ? createBlocker(
            'metadata',
            `the image has ${count} ${entries}, and ${target.cloud.provider} accepts ${rule.max}`,
            `Choose an image with fewer ${what}`,
          )
        : createWarning(
            'metadata',
            `the image has ${count} ${entries}, and ${target.cloud.provider} accepts ${rule.max} by default`,
            `Ask the operator of the cloud for its limit of ${what}`,
          ),
    ]
  })
}
