// Builds the API reference of the published libraries as a site in dist/api. Fails on broken links and undocumented exports.
// typedoc needs the API of TypeScript 6, which tools/api-docs installs besides the project's compiler.
import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const own = join(root, 'tools', 'api-docs')
const { Application } = await import(pathToFileURL(createRequire(join(own, 'package.json')).resolve('typedoc')).href)

/** The sources of the entry points of all published packages. */
const entryPoints = ['packages', 'adapters', 'schemas'].flatMap((folder) =>
  readdirSync(join(root, folder)).flatMap((name) => {
    const path = join(root, folder, name)
    const { private: isPrivate = false, exports = {} } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'))
    if (isPrivate) return []
    return Object.values(exports)
      .flatMap((entry) => entry['@imago/source'] ?? [])
      .map((source) => join(path, source))
  }),
)

const application = await Application.bootstrapWithPlugins({
  entryPoints,
  tsconfig: join(own, 'tsconfig.json'),
  out: join(root, 'dist', 'api'),
  name: 'imago',
  readme: 'none',
  basePath: root,
  displayBasePath: root,
  disableGit: true,
  sourceLinkTemplate: 'https://github.com/imago-cloud/imago/blob/main/{path}#L{line}',
  excludeExternals: true,
  excludePrivate: true,
  validation: { invalidLink: true, notDocumented: true, notExported: false, rewrittenLink: true },
  requiredToBeDocumented: ['Class', 'Enum', 'Function', 'Interface', 'TypeAlias', 'Variable'],
  treatWarningsAsErrors: true,
  treatValidationWarningsAsErrors: true,
})
const project = await application.convert()
if (project === undefined) process.exit(1)
application.validate(project)
if (application.logger.hasErrors() || application.logger.hasWarnings()) process.exit(1)
await application.generateOutputs(project)
process.exit(application.logger.hasErrors() || application.logger.hasWarnings() ? 1 : 0)
