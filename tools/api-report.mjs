// The public API of each package as a text in its etc/ folder, so that a change of it shows in review. --check: says which are stale.
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor'
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const check = process.argv.includes('--check')
let stale = 0

for (const folder of ['packages', 'adapters', 'schemas']) {
  for (const name of readdirSync(join(root, folder))) {
    const projectFolder = join(root, folder, name)
    const manifest = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8'))
    const types = manifest.exports?.['.']?.types
    const entry = join(projectFolder, types ?? '')
    if (types === undefined || !existsSync(entry)) continue
    mkdirSync(join(projectFolder, 'etc'), { recursive: true })
    const config = ExtractorConfig.prepare({
      configObject: {
        projectFolder,
        mainEntryPointFilePath: entry,
        compiler: { tsconfigFilePath: join(projectFolder, 'tsconfig.json') },
        apiReport: {
          enabled: true,
          reportFileName: name,
          reportFolder: join(projectFolder, 'etc'),
          reportTempFolder: join(root, 'node_modules', '.cache', 'imago', 'api'),
        },
        newlineKind: 'lf',
        docModel: { enabled: false },
        dtsRollup: { enabled: false },
        messages: {
          extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
          compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
          tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        },
      },
      configObjectFullPath: undefined,
      packageJsonFullPath: join(projectFolder, 'package.json'),
    })
    const { apiReportChanged } = Extractor.invoke(config, {
      localBuild: !check,
      messageCallback: (message) => (message.handled = true),
    })
    if (!apiReportChanged) continue
    process.stdout.write(
      `${folder}/${name}/etc/${name}.api.md ${check ? 'is stale: run npm run api, and look at what changed' : 'written'}\n`,
    )
    if (check) stale++
  }
}
process.exit(stale > 0 ? 1 : 0)
