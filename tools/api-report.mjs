// Writes the public API of each entry point of each package to its etc/ folder, so that reviews show its changes.
// `.` is reported in NAME.api.md, `./live` in NAME.live.api.md. --check: list outdated reports and exit with 1.
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const check = process.argv.includes('--check')
let stale = 0

const report = (path, text) => {
  process.stdout.write(`${path} ${text}\n`)
  if (check) stale++
}

/** The typed entry points of a package, with the names of their reports. */
const findEntries = (projectFolder, name, exported) =>
  Object.entries(exported ?? {}).flatMap(([entry, { types }]) => {
    const path = types === undefined ? null : join(projectFolder, types)
    if (path === null || !existsSync(path)) return []
    return [{ path, reportName: entry === '.' ? name : `${name}.${entry.slice(2).replaceAll('/', '-')}` }]
  })

for (const folder of ['packages', 'adapters', 'schemas']) {
  for (const name of readdirSync(join(root, folder))) {
    const projectFolder = join(root, folder, name)
    const manifest = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8'))
    const entries = findEntries(projectFolder, name, manifest.exports)
    if (entries.length === 0) continue
    const reportFolder = join(projectFolder, 'etc')
    mkdirSync(reportFolder, { recursive: true })
    for (const { path, reportName } of entries) {
      const config = ExtractorConfig.prepare({
        configObject: {
          projectFolder,
          mainEntryPointFilePath: path,
          compiler: { tsconfigFilePath: join(projectFolder, 'tsconfig.json') },
          apiReport: {
            enabled: true,
            reportFileName: reportName,
            reportFolder,
            reportTempFolder: join(root, 'node_modules', '.cache', 'imago', 'api'),
          },
          newlineKind: 'lf',
          docModel: { enabled: false },
          dtsRollup: { enabled: false },
          messages: {
            extractorMessageReporting: {
              default: { logLevel: ExtractorLogLevel.None },
              // A type in a signature that users cannot import. The report shows it, so that a review decides.
              'ae-forgotten-export': { logLevel: ExtractorLogLevel.Warning, addToApiReportFile: true },
            },
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
      if (apiReportChanged)
        report(
          `${folder}/${name}/etc/${reportName}.api.md`,
          check ? 'is stale: run npm run api, and review the change' : 'written',
        )
    }
    const expected = new Set(entries.map(({ reportName }) => `${reportName}.api.md`))
    for (const file of readdirSync(reportFolder)) {
      if (!file.endsWith('.api.md') || expected.has(file)) continue
      if (!check) rmSync(join(reportFolder, file))
      report(`${folder}/${name}/etc/${file}`, check ? 'belongs to no entry point: run npm run api' : 'deleted')
    }
  }
}
process.exit(stale > 0 ? 1 : 0)
