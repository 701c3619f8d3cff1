/** The usage and the limit of an account. */
export interface Quota {
  /** Bytes, or a number of images. */
  readonly used: number
  /** In the same measure; `null`: unlimited. */
  readonly limit: number | null
  /** Bytes of the unit in which the provider counts: each sum is rounded down to whole units. 1 for a number of images. */
  readonly unit: number
}

/** A store for image data. */
export interface ImageStore {
  readonly id: string
  /** Receives the data if no store is named. */
  readonly isDefault: boolean
  /** Accepts no data. */
  readonly isReadOnly: boolean
}

/** The values that a cloud accepts for one property. */
export interface PropertyLimit {
  /** All accepted values; `null`: any value. */
  readonly values: readonly string[] | null
  /** Maximum length in code points; `null`: unknown. */
  readonly maxLength: number | null
}

/** The limits for new images, at present and with these credentials. `null`: the cloud does not report it. */
export interface UploadLimits {
  /** For the data of all images of the account. */
  readonly bytes: Quota | null
  readonly images: Quota | null
  /** For images whose data is being uploaded. */
  readonly uploads: Quota | null
  readonly stores: readonly ImageStore[] | null
  /** Values of `NewImage.diskFormat`. */
  readonly diskFormats: readonly string[] | null
  readonly containerFormats: readonly string[] | null
  /** Maximum length of a name, in code points. */
  readonly nameLength: number | null
  /** Maximum length of a tag, in code points. */
  readonly tagLength: number | null
  /** Rules for single properties, by name. */
  readonly properties: Readonly<Record<string, PropertyLimit>> | null
  /** Whether properties without an entry in `properties` are accepted. */
  readonly otherProperties: boolean | null
}
