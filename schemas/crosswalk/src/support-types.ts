/** A source of support dates. */
export interface SupportSource {
  readonly title: string
  readonly url: string
  /** The license of the source, and its copyright notice. */
  readonly license: string
  /** The day of the copied version, `YYYY-MM-DD` in UTC. */
  readonly date: string
}

/** A release of an operating system, and the last days on which it gets security updates (`YYYY-MM-DD`; `null`: no date is known). */
export interface SystemRelease {
  /** The id of an operating system of the crosswalk: `ubuntu`. */
  readonly system: string
  /** As the system itself writes it: `24.04`. CentOS Stream 9 is `stream9`. */
  readonly version: string
  /** `Noble Numbat`. */
  readonly codename: string | null
  readonly released: string | null
  /** Of the vendor's free updates for everyone. */
  readonly standardEnd: string | null
  /** Of free updates by a separate long-term project: Debian LTS. */
  readonly ltsEnd: string | null
  /** Of updates that are paid for: Ubuntu ESM, Debian ELTS, RHEL ELS, SUSE LTSS, Windows ESU. */
  readonly paidEnd: string | null
  /** Keys into `SupportData.sources`. */
  readonly sources: readonly string[]
}

/** The whole of `data/support.json`, whose schema is `urn:imago:schema:operating-system-support:1`. */
export interface SupportData {
  /** The day of the facts, `YYYY-MM-DD` in UTC. */
  readonly date: string
  readonly sources: { readonly [key: string]: SupportSource }
  /** Ordered by system, then version. */
  readonly releases: readonly SystemRelease[]
}
