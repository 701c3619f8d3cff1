import { formatEvent, formatSystem, formatImageName, listUserNames } from './format.ts'
import type { ImageFacts } from './image-facts.ts'

/** Images that expire on the same day for the same reason. */
export interface TimelineRow {
  /** `debian 11`, or the name of a withdrawn image. */
  readonly label: string
  /** `support of debian 11 ends` */
  readonly event: string
  readonly date: string
  readonly days: number
  readonly images: readonly ImageFacts[]
  /** Servers, volumes and images that use one of them. */
  readonly users: readonly string[]
  /** Number of images whose usage is unknown. */
  readonly unknown: number
}

/** A date within this many days is soon. */
export const SOON_DAYS = 90

const toLabel = ({ image, expiry }: ImageFacts): string =>
  expiry?.event === 'support'
    ? `${expiry.release?.system ?? ''} ${expiry.release?.version ?? ''}`
    : `${formatSystem(image) ?? formatImageName(image)}, withdrawn`

/** The rows of the timeline, the earliest first. */
export const createTimeline = (facts: readonly ImageFacts[]): readonly TimelineRow[] => {
  const groups = new Map<string, ImageFacts[]>()
  for (const one of facts) {
    if (one.expiry === null) continue
    const key = JSON.stringify([one.expiry.date, toLabel(one)])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [one])
    else group.push(one)
  }
  return [...groups.values()]
    .flatMap((images): readonly TimelineRow[] => {
      const [first] = images
      if (first === undefined || first.expiry === null) return []
      return [
        {
          label: toLabel(first),
          event: formatEvent(first.expiry),
          date: first.expiry.date.slice(0, 10),
          days: first.days ?? 0,
          images,
          users: [...new Set(images.flatMap(({ usage }) => listUserNames(usage)))],
          unknown: images.filter(({ usage }) => usage.state === 'unknown').length,
        },
      ]
    })
    .toSorted((a, b) => (a.date === b.date ? (a.label < b.label ? -1 : 1) : a.date < b.date ? -1 : 1))
}
