const GIBIBYTE = 2 ** 30
const MEBIBYTE = 2 ** 20
/** What Glance's database can hold. glance: glance/db/sqlalchemy/models.py, Image.min_disk. */
const MOST = 2 ** 31 - 1

/** Bytes in larger units, rounded up: what fits in fewer would not fit. `null`: no number that Glance can hold. */
const inUnits =
  (unit: number) =>
  (bytes: number): number | null => {
    const units = Math.ceil(bytes / unit)
    return Number.isFinite(bytes) && bytes >= 0 && units <= MOST ? units : null
  }

/** The unit of `min_disk`. */
export const toGibibytes = inUnits(GIBIBYTE)
/** The unit of `min_ram`. */
export const toMebibytes = inUnits(MEBIBYTE)
