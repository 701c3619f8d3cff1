import { Amount, Count, DateText, nullable, openEnum } from '@imago/codec'
import * as t from 'io-ts'

// Sources: "spec": Hetzner's OpenAPI document (docs.hetzner.cloud/cloud.spec.json), as of June and September 2026. "hcloud-go": its schema/image.go and history.

/** The type of an image. `temporary` was documented from December 2020 to March 2025, and occurs in old dumps. Spec: Image.type. */
export const HetznerImageType = openEnum('HetznerImageType', ['system', 'app', 'snapshot', 'backup', 'temporary'])
export type HetznerImageType = t.TypeOf<typeof HetznerImageType>

/** `unavailable` is documented since June 2021; hcloud-go has no constant for it. Spec: Image.status. */
export const HetznerImageStatus = openEnum('HetznerImageStatus', ['available', 'creating', 'unavailable'])
export type HetznerImageStatus = t.TypeOf<typeof HetznerImageStatus>

/** Added since 2022: rocky, alma, opensuse. Spec: Image.os_flavor. */
export const HetznerOsFlavor = openEnum('HetznerOsFlavor', [
  'ubuntu',
  'centos',
  'debian',
  'fedora',
  'rocky',
  'alma',
  'opensuse',
  'unknown',
])
export type HetznerOsFlavor = t.TypeOf<typeof HetznerOsFlavor>

/** `x86` is x86_64, `arm` is aarch64; other vendors use these words differently. Spec: Image.architecture. */
export const HetznerArchitecture = openEnum('HetznerArchitecture', ['x86', 'arm'])
export type HetznerArchitecture = t.TypeOf<typeof HetznerArchitecture>

/** Spec: Image.protection. An image inside a server also shows the server's `rebuild` in hcloud-python's fixtures. */
export const HetznerProtection = t.partial({ delete: nullable(t.boolean) }, 'HetznerProtection')
export type HetznerProtection = t.TypeOf<typeof HetznerProtection>

/** The server that an image was created from, with its name at that time. It may no longer exist. Spec: Image.created_from. */
export const HetznerCreatedFrom = t.partial({ id: nullable(Count), name: nullable(t.string) }, 'HetznerCreatedFrom')
export type HetznerCreatedFrom = t.TypeOf<typeof HetznerCreatedFrom>

/** Replaces `deprecated` since 2026-09-08. Spec (September 2026): Image.deprecation. */
export const HetznerDeprecation = t.partial(
  { announced: nullable(DateText), unavailable_after: nullable(DateText) },
  'HetznerDeprecation',
)
export type HetznerDeprecation = t.TypeOf<typeof HetznerDeprecation>

/** User labels; `hcloud -o json` prints `null` for none. */
export const HetznerLabels = t.record(t.string, t.string, 'HetznerLabels')
export type HetznerLabels = t.TypeOf<typeof HetznerLabels>

/**
 * An image in responses of `GET /images` and `GET /images/{id}`, in servers, and in responses of `create_image`.
 * Only `id` is required here. The spec also requires `deprecated`, which the API no longer sends.
 */
export const HetznerImage = t.intersection(
  [
    t.type({
      /** 1 to 2^53-1, by the spec. */
      id: Count,
    }),
    t.partial({
      type: nullable(HetznerImageType),
      status: nullable(HetznerImageStatus),
      /** Set for system and app images. Not unique, contrary to the spec: images for different architectures share a name. */
      name: nullable(t.string),
      /** Snapshots have a description but no name. '' if the client sent none. */
      description: nullable(t.string),
      /** GB (of 1.024e9 bytes) in Hetzner's storage, compressed. Null for system and app images. */
      image_size: nullable(Amount),
      /** GB (of 1.024e9 bytes): the size of the disk in the image, and the minimum disk of a server. */
      disk_size: nullable(Amount),
      created: nullable(DateText),
      created_from: nullable(HetznerCreatedFrom),
      /** Server ID; for backups only. */
      bound_to: nullable(Count),
      os_flavor: nullable(HetznerOsFlavor),
      os_version: nullable(t.string),
      /** Since April 2023. */
      architecture: nullable(HetznerArchitecture),
      rapid_deploy: nullable(t.boolean),
      protection: nullable(HetznerProtection),
      /** Replaced by `deprecation`; its removal is announced for 2026-11-02. Every older dump has it. */
      deprecated: nullable(DateText),
      /** Since 2026-09-08. */
      deprecation: nullable(HetznerDeprecation),
      /** Set in references to a deleted image, such as `server.image`. Since June 2021. */
      deleted: nullable(DateText),
      labels: nullable(HetznerLabels),
      /** Documented from November 2021 to May 2022 only. */
      build_id: t.unknown,
    }),
  ],
  'HetznerImage',
)
export type HetznerImage = t.TypeOf<typeof HetznerImage>
