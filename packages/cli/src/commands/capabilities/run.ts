import {
  CAPABILITIES,
  CAPABILITY_NAMES,
  FILTER_NAMES,
  type Capabilities,
  type CapabilityName,
  type CloudIdentity,
  type CostHint,
  type ImageChanges,
  type ImageError,
} from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { chosenTargets } from '../../connect/chosen-targets.ts'
import { formatCloud, toIdentity, type Provider, type ProviderCloud } from '@imago/provider-kit'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import type { LiveContext } from '../../live.ts'
import { errorsToExitCode } from '../../live-problem.ts'
import type { Output } from '../../output/stream.ts'
import { column, type ColumnSet } from '../../output/column.ts'
import { sortRows, printRows, requestRows, type RowRequest } from '../../output/rows.ts'
import { printError } from '../../message.ts'
import type { CapabilitiesOptions } from './options.ts'

/** The capabilities of a cloud or a provider. */
interface CloudCapabilities {
  /** Without a cloud: the most that the provider supports. */
  readonly identity: CloudIdentity
  readonly capabilities: Capabilities
}

const toDeclared = ({ name, declared }: Provider): CloudCapabilities => ({
  identity: { provider: name, cloud: null, region: null },
  capabilities: declared,
})

/** A line of the matrix, with a cell for each cloud. */
interface Line {
  readonly name: string
  readonly meaning: string
  readonly cells: readonly string[]
}

/** The changes of `update`, in the order of the table. */
const CHANGES: readonly (keyof ImageChanges)[] = [
  'name',
  'description',
  'labels',
  'tags',
  'properties',
  'kind',
  'minDisk',
  'minRam',
]

const costText = ({ requests, billed, long }: CostHint): string =>
  [
    requests === null ? '' : `${requests} request${requests === 1 ? '' : 's'}`,
    billed ? 'billed' : '',
    long ? 'asynchronous' : '',
  ]
    .filter((part) => part !== '')
    .join(', ')

const operationText = (capabilities: Capabilities, name: CapabilityName): string => {
  if (!capabilities.operations.includes(name)) return 'no'
  const cost = capabilities.costs[name]
  const text = cost === undefined ? '' : costText(cost)
  return text === '' ? 'yes' : `yes (${text})`
}

interface Section {
  readonly title: string
  readonly lines: readonly Line[]
}

const toSections = (all: readonly CloudCapabilities[]): readonly Section[] => {
  const lines = (
    names: readonly string[],
    meaning: (name: string) => string,
    cell: (capabilities: Capabilities, name: string) => string,
  ): readonly Line[] =>
    names.map((name) => ({
      name,
      meaning: meaning(name),
      cells: all.map(({ capabilities }) => cell(capabilities, name)),
    }))
  const limit = (value: number | null): string => (value === null ? '-' : String(value))
  return [
    {
      title: 'Operations',
      lines: lines(
        CAPABILITY_NAMES,
        (name) => CAPABILITIES[name as CapabilityName],
        (one, name) => operationText(one, name as CapabilityName),
      ),
    },
    {
      title: 'Updatable fields',
      lines: lines(
        CHANGES,
        () => '',
        (one, name) => ((one.changes as readonly string[]).includes(name) ? 'yes' : 'no'),
      ),
    },
    {
      title: 'Filters',
      lines: lines(
        FILTER_NAMES,
        () => '',
        (one, name) => ((one.filters as readonly string[]).includes(name) ? 'server' : 'imago'),
      ),
    },
    {
      title: 'Limits',
      lines: [
        {
          name: 'pageSize',
          meaning: 'Maximum number of images on a page.',
          cells: all.map(({ capabilities }) => limit(capabilities.limits.pageSize)),
        },
        {
          name: 'uploadBytes',
          meaning: 'Maximum size of an image in bytes.',
          cells: all.map(({ capabilities }) => limit(capabilities.limits.uploadBytes)),
        },
        {
          name: 'digests',
          meaning: 'Digests of the stored data that the provider returns.',
          cells: all.map(({ capabilities }) => capabilities.digests.join(', ') || '-'),
        },
        {
          name: 'immutableKinds',
          meaning: 'Kinds of images whose data never changes under the same ID.',
          cells: all.map(({ capabilities }) => capabilities.immutableKinds?.join(', ') ?? '-'),
        },
      ],
    },
  ]
}

const formatTitle = ({ identity }: CloudCapabilities): string =>
  identity.cloud === null ? identity.provider : formatCloud(identity)

/** A line with its section. */
interface MatrixRow extends Line {
  readonly section: string
}

const toRows = (sections: readonly Section[]): readonly MatrixRow[] =>
  sections.flatMap(({ title, lines }) => lines.map((line) => ({ ...line, section: title })))

/** Creates a column for each cloud. */
const createColumns = (all: readonly CloudCapabilities[]): ColumnSet<MatrixRow> => {
  const section = column<MatrixRow>('section', 'SECTION', (row) => row.section)
  const name = column<MatrixRow>('name', 'NAME', (row) => row.name, { whole: true })
  const clouds = all.map((one, at) =>
    column<MatrixRow>(formatTitle(one), formatTitle(one), ({ cells }) => cells[at] ?? null),
  )
  const meaning = column<MatrixRow>('meaning', 'MEANING', (row) => row.meaning, { show: (row) => row.meaning })
  const table = [section, name, ...clouds, meaning]
  return { all: table, table, id: name }
}

/** Prints a table for each section. */
const writeSections = async (
  all: readonly CloudCapabilities[],
  set: ColumnSet<MatrixRow>,
  request: RowRequest<MatrixRow>,
  output: Output,
): Promise<void> => {
  const { createTable } = await import('../../output/table.ts')
  const { header } = request
  for (const [index, { title, lines }] of toSections(all).entries()) {
    if (index > 0) output.write('\n')
    const hasMeaning = lines.some(({ meaning }) => meaning !== '')
    const columns = set.table.filter(({ name }) => name !== 'section' && (hasMeaning || name !== 'meaning'))
    const table = createTable(
      output,
      columns.map((one) => (one.name === 'name' ? { ...one, title: title.toUpperCase() } : one)),
      { header },
    )
    for (const row of sortRows(
      request,
      lines.map((line): MatrixRow => ({ ...line, section: title })),
    ))
      table.row(columns.map(({ show }) => show(row)))
    table.end()
  }
}

const formatMarkdown = (all: readonly CloudCapabilities[]): string =>
  toSections(all)
    .map(({ title, lines }) => {
      const rows = lines.map(({ name, meaning, cells }) => `| \`${name}\` | ${cells.join(' | ')} | ${meaning} |`)
      return [
        `## ${title}`,
        '',
        `| | ${all.map(formatTitle).join(' | ')} | |`,
        `|---|${all.map(() => '---|').join('')}---|`,
        ...rows,
        '',
      ].join('\n')
    })
    .join('\n')

const toDocument = (all: readonly CloudCapabilities[], isProbed: boolean) => ({
  $schema: 'urn:imago:schema:capabilities:1',
  clouds: all.map(({ identity, capabilities }) => ({
    provider: identity.provider,
    cloud: identity.cloud,
    region: identity.region,
    isProbed,
    ...capabilities,
  })),
})

const write = async (
  all: readonly CloudCapabilities[],
  isProbed: boolean,
  options: CapabilitiesOptions,
  output: Output,
): Promise<void> => {
  const set = createColumns(all)
  const request = requestRows(set, options)
  if (request.format === 'table' && request.columns === null) await writeSections(all, set, request, output)
  else if (request.format === 'markdown') output.write(formatMarkdown(all))
  else await printRows(set, request, toRows(toSections(all)), output, () => toDocument(all, isProbed))
}

const readCapabilities = async (
  live: LiveContext,
  target: ProviderCloud,
  isProbed: boolean,
): Promise<E.Either<ImageError, CloudCapabilities>> => {
  const opened = await live.open(target)
  if (E.isLeft(opened)) return opened
  const result = isProbed ? await opened.right.probe({ signal: live.signal })() : E.right(opened.right.capabilities)
  return E.map((capabilities: Capabilities) => ({ identity: toIdentity(target), capabilities }))(result)
}

/** `imago capabilities`: what providers support; with clouds, what these support; with `--probe`, what they allow the credentials now. */
export const capabilities = async (
  names: readonly string[],
  options: CapabilitiesOptions,
  live: LiveContext,
): Promise<ExitCode> => {
  const { output, messages } = live
  const isProbed = options.probe === true
  if (names.length === 0 && !isProbed) {
    await write(live.providers.map(toDeclared), false, options, output)
    await output.end()
    return EXIT.done
  }
  const { targets, errors: unusable } = chosenTargets(live, names)
  const results = await Promise.all(targets.map((target) => readCapabilities(live, target, isProbed)))
  const errors = [...unusable, ...results.flatMap((result) => (E.isLeft(result) ? [result.left] : []))]
  for (const error of errors) printError(messages, error)
  await messages.end()
  const all = results.flatMap((result) => (E.isRight(result) ? [result.right] : []))
  if (all.length > 0 || options.output === 'json') await write(all, isProbed, options, output)
  await output.end()
  return errorsToExitCode(errors)
}
