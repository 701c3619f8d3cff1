const GIBIBYTE = 2 ** 30
const MEBIBYTE = 2 ** 20
/** The largest value in Glance's database. glance: glance/db/sqlalchemy/models.py, Image.min_disk. */
const MOST = 2 ** 31 - 1

/** Converts bytes to a larger unit, rounded up; `null` if Glance cannot store the number. */
const inUnits =
  (unit: number) =>
  (bytes: number): number | null => {
    const units = Math.ceil(bytes / unit)
    return Number.isFinite(bytes) && bytes >= 0 && units <= MOST ? units : null
  }

/** Unit of `min_disk`. */
export const toGibibytes = inUnits(GIBIBYTE)
/** Unit of `min_ram`. */
export const toMebibytes = inUnits(MEBIBYTE)
