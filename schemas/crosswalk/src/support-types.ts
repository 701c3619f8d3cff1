/** A source of support dates. */
export interface SupportSource {
  readonly title: string
  readonly url: string
  /** The license of the source, and its copyright notice. */
  readonly license: string
  /** The day of the copied version, `YYYY-MM-DD` in UTC. */
  readonly date: string
}

/** A release of an operating system, and the last days with security updates (`YYYY-MM-DD`; `null`: unknown). */
export interface SystemRelease {
  /** The ID of an operating system of the crosswalk: `ubuntu`. */
  readonly system: string
  /** In the system's own spelling: `24.04`. CentOS Stream 9 is `stream9`. */
  readonly version: string
  /** `Noble Numbat`. */
  readonly codename: string | null
  readonly released: string | null
  /** End of the vendor's free updates for everyone. */
  readonly standardEnd: string | null
  /** End of free updates by a separate long-term project: Debian LTS. */
  readonly ltsEnd: string | null
  /** End of paid updates: Ubuntu ESM, Debian ELTS, RHEL ELS, SUSE LTSS, Windows ESU. */
  readonly paidEnd: string | null
  /** Keys into `SupportData.sources`. */
  readonly sources: readonly string[]
}

/** The content of `data/support.json`, whose schema is `urn:imago:schema:operating-system-support:1`. */
export interface SupportData {
  /** The day of the facts, `YYYY-MM-DD` in UTC; later announcements are not included. */
  readonly date: string
  readonly sources: { readonly [key: string]: SupportSource }
  /** Ordered by system, then version. */
  readonly releases: readonly SystemRelease[]
}
