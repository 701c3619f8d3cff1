// Preloaded into a measured process: writes its peak memory (KiB) to descriptor 3 when it ends.
import { writeSync } from 'node:fs'
process.on('exit', () => writeSync(3, String(process.resourceUsage().maxRSS)))
