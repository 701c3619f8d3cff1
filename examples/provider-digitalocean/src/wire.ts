import { Amount, Count, DateText, nullable, openEnum } from '@imago/codec'
import * as t from 'io-ts'

// The API's JSON by its OpenAPI document (digitalocean/openapi, specification/resources). Only IDs are required, enums are open, nothing is transformed.

/** `images/models/image.yml`, `shared/attributes/distribution.yml`; `AlmaLinux` is listed by the API and missing in the document. */
export const DigitalOceanImage = t.intersection(
  [
    t.type({ id: Count }),
    t.partial({
      name: nullable(t.string),
      type: nullable(openEnum('DigitalOceanImageType', ['base', 'snapshot', 'backup', 'custom', 'admin'])),
      distribution: nullable(
        openEnum('DigitalOceanDistribution', [
          'AlmaLinux',
          'Arch Linux',
          'CentOS',
          'CoreOS',
          'Debian',
          'Fedora',
          'Fedora Atomic',
          'FreeBSD',
          'Gentoo',
          'openSUSE',
          'RancherOS',
          'Rocky Linux',
          'Ubuntu',
          'Unknown',
        ]),
      ),
      slug: nullable(t.string),
      public: nullable(t.boolean),
      regions: nullable(t.array(t.string)),
      created_at: nullable(DateText),
      min_disk_size: nullable(Amount),
      size_gigabytes: nullable(Amount),
      description: nullable(t.string),
      tags: nullable(t.array(t.string)),
      status: nullable(openEnum('DigitalOceanImageStatus', ['NEW', 'available', 'pending', 'deleted', 'retired'])),
      error_message: nullable(t.string),
    }),
  ],
  'DigitalOceanImage',
)
export type DigitalOceanImage = t.TypeOf<typeof DigitalOceanImage>

/** `actions/models/action.yml`. */
export const DigitalOceanAction = t.intersection(
  [
    t.type({ id: Count, status: openEnum('DigitalOceanActionStatus', ['in-progress', 'completed', 'errored']) }),
    t.partial({
      type: nullable(t.string),
      started_at: nullable(DateText),
      completed_at: nullable(DateText),
      resource_id: nullable(Count),
      resource_type: nullable(t.string),
      region_slug: nullable(t.string),
    }),
  ],
  'DigitalOceanAction',
)
export type DigitalOceanAction = t.TypeOf<typeof DigitalOceanAction>

/** The end of every list: `shared/pages.yml`, `shared/meta.yml`. */
export const DigitalOceanPages = t.partial(
  { links: t.partial({ pages: t.partial({ next: nullable(t.string) }) }), meta: t.partial({ total: nullable(Count) }) },
  'DigitalOceanPages',
)
export type DigitalOceanPages = t.TypeOf<typeof DigitalOceanPages>

/** The part of `account/models/account.yml` that names who the token belongs to. */
export const DigitalOceanAccount = t.partial(
  { email: nullable(t.string), team: nullable(t.partial({ name: nullable(t.string) })) },
  'DigitalOceanAccount',
)
export type DigitalOceanAccount = t.TypeOf<typeof DigitalOceanAccount>

/** The part of `tags/models/tags.yml` that names the tag. */
export const DigitalOceanTag = t.type({ name: t.string }, 'DigitalOceanTag')
export type DigitalOceanTag = t.TypeOf<typeof DigitalOceanTag>

/** `shared/models/error.yml`. All optional: a gateway on the way returns something else. */
export const DigitalOceanError = t.partial(
  { id: t.string, message: t.string, request_id: t.string },
  'DigitalOceanError',
)
export type DigitalOceanError = t.TypeOf<typeof DigitalOceanError>
