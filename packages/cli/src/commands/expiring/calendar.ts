import type { SupportData } from '@imago/crosswalk/support'
import { formatImageRef } from '@imago/provider-kit'
import ical from 'ical-generator'
import { maskSecrets } from '../../output/mask.ts'
import { visible } from '../../output/visible.ts'
import { describeImage } from '../../resolve-image.ts'
import { describeExpiry, describeSource, type ExpiringImage } from './expiring-image.ts'

const toText = (text: string): string => visible(maskSecrets(text))

/**
 * An iCalendar document (RFC 5545) with an all-day event for each image, on the day on which it first expires. An event keeps its UID, so that a
 * calendar program that reads the document again updates it.
 * @param at When the images were read, RFC 3339.
 */
export const createCalendar = (images: readonly ExpiringImage[], data: SupportData, at: string): string => {
  const calendar = ical({ name: 'Expiring images', prodId: { company: 'imago', product: 'imago', language: 'EN' } })
  for (const { image, expiries } of images) {
    const [first] = expiries
    calendar.createEvent({
      id: `${formatImageRef(image.ref)}#${first.event}@imago`,
      start: new Date(`${first.date.slice(0, 10)}T00:00:00Z`),
      allDay: true,
      stamp: new Date(at),
      summary: toText(`${describeImage(image)}: ${describeExpiry(first)}`),
      description: expiries
        .map((expiry) =>
          toText(`${expiry.date}: ${describeExpiry(expiry)}, according to ${describeSource(expiry, data)}`),
        )
        .join('\n'),
    })
  }
  return `${calendar.toString()}\r\n`
}
