// The sizes of what is measured, in one place. IMAGO_BENCH_… variables change them; `--small` makes all small, to try the benchmark itself.
const isSmall = process.env.IMAGO_BENCH_SMALL === '1'

/** @throws if the variable is not a positive integer */
const size = (name, usual, small) => {
  const value = Number(process.env[name] ?? (isSmall ? small : usual))
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`${name}: must be a positive integer`)
  return value
}

export const sizes = {
  isSmall,
  /** MB of the dumps of `imago normalize`; `usual` differs by part. */
  dumpMegabytes: (usual) => size('IMAGO_BENCH_MB', usual, 10),
  splitMegabytes: size('IMAGO_BENCH_SPLIT_MB', 40, 4),
  /** The longest list. */
  listedImages: size('IMAGO_BENCH_IMAGES', 1_000_000, 10_000),
  /** Images of the live servers. */
  liveImages: size('IMAGO_BENCH_LIVE_IMAGES', 3000, 300),
  /** Images of diffs, locks and exports. */
  decidedImages: size('IMAGO_BENCH_DECIDED_IMAGES', 100_000, 2000),
  /** The greatest number of planned transfers. */
  plans: size('IMAGO_BENCH_PLANS', 10_000, 100),
  /** Size of transferred images. */
  transferMebibytes: size('IMAGO_BENCH_MIB', 1024, 32),
  /** Rounds, or processes of `decode`; `usual` differs by part. */
  rounds: (usual) => size('IMAGO_BENCH_ROUNDS', usual, 1),
}
