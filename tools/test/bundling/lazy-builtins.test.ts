import { describe, expect, it } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** In a process of its own, because Rolldown is an ES module. */
const transform = (code: string): string => {
  const script = `
    import { loadBuiltinsLazily } from ${JSON.stringify(join(__dirname, '../../bundling/lazy-builtins.mjs'))}
    process.stdout.write(loadBuiltinsLazily(process.argv[1]))`
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script, code], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  return stdout
}

describe('loadBuiltinsLazily', () => {
  it('loads a module when a function that uses it is called', () => {
    expect(transform('let node_os = require("node:os");\nvar home = () => (0, node_os.homedir)();\n'))
      .toMatchInlineSnapshot(`
      "var node_os$loaded, node_os = () => node_os$loaded ??= require("node:os");
      var home = () => (0, (node_os()).homedir)();
      "
    `)
  })

  it('keeps the conversion of a default export', () => {
    expect(
      transform(
        'let node_fs = require("node:fs");\nnode_fs = runtime.__toESM(node_fs);\nvar stat = node_fs.default.stat;\n',
      ),
    ).toMatchInlineSnapshot(`
      "var node_fs$loaded, node_fs = () => node_fs$loaded ??= runtime.__toESM(require("node:fs"));
      var stat = (node_fs()).default.stat;
      "
    `)
  })

  it('calls constructors as constructors', () => {
    expect(transform('let node_http = require("node:http");\nvar create = () => new node_http.Agent();\n'))
      .toMatchInlineSnapshot(`
      "var node_http$loaded, node_http = () => node_http$loaded ??= require("node:http");
      var create = () => new (node_http()).Agent();
      "
    `)
  })

  it('does not change properties of the same name', () => {
    expect(transform('let node_os = require("node:os");\nvar x = { node_os: y.node_os, z: node_os.EOL };\n'))
      .toMatchInlineSnapshot(`
      "var node_os$loaded, node_os = () => node_os$loaded ??= require("node:os");
      var x = { node_os: y.node_os, z: (node_os()).EOL };
      "
    `)
  })

  it('fails if a name is declared again', () => {
    expect(() => transform('let node_os = require("node:os");\nvar f = (node_os) => node_os.EOL;\n')).toThrow(
      /bundle: node_os is declared twice/,
    )
  })
})
