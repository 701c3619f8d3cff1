import { messageOf, type CloudIdentity, type Image, type ImageError } from '@imago/core'
import { addRequestSecrets, type HeldRequest } from '@imago/http'
import { nameOf } from '../connect/target.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { exitCodeOfError, exitCodeOfErrors } from '../live-problem.ts'
import { createImageWriter, type ImageFormat } from '../output/image-writer.ts'
import { maskSecrets, secrets } from '../output/mask.ts'
import { visible, visibleJson } from '../output/visible.ts'
import type { WriteContext } from './write-context.ts'

/** How a command that changes images prints. */
export interface ReportOptions {
  readonly output: ImageFormat
  readonly showSecrets?: boolean
}

/** Tells of changes as they are made. */
export interface Report {
  /** An image as it is after its change. */
  readonly image: (image: Image) => void
  /** A sentence in place of an image that is no more. Not for programs: they know by the exit code. */
  readonly done: (sentence: string) => void
  readonly failed: (error: ImageError) => Promise<void>
  readonly held: (cloud: CloudIdentity, requests: readonly HeldRequest[]) => void
  /** Ends the output, and says how it went. */
  readonly end: () => Promise<ExitCode>
}

const heldText = ({ method, url, body }: HeldRequest): string => {
  const first = `  ${method} ${maskSecrets(url)}\n`
  if (body === null) return first
  const content = 'json' in body ? JSON.stringify(body.json, null, 2) : body.bytes === null ? 'bytes' : `${body.bytes} bytes`
  return `${first}${maskSecrets(content).replace(/^/gm, '  ')}\n`
}

const heldJson = ({ provider, cloud, region }: CloudIdentity, { method, url, headers, body }: HeldRequest): string => JSON.stringify({ provider, cloud, region, method, url, headers, body })

/** One output for all that a command changes: images (unless the command prints something of its own), or in a dry run the requests that would have changed them. */
export const createReport = async (context: WriteContext, options: ReportOptions, prints: 'images' | 'nothing' = 'images'): Promise<Report> => {
  const { output, talk, takeHeld } = context
  const isDry = takeHeld !== null
  const isTable = options.output === 'table'
  const errors: ImageError[] = []
  const requests: string[] = []
  const writer = isDry || prints === 'nothing' ? null : await createImageWriter(options.output, output, { columns: null, showSecrets: options.showSecrets === true, rawCsv: false })
  const writeRequests = (): void => {
    if (!isDry || isTable) return
    const shown = requests.map((line) => (output.isTerminal ? visibleJson(maskSecrets(line)) : maskSecrets(line)))
    output.write(options.output === 'ndjson' ? shown.map((line) => `${line}\n`).join('') : `{"$schema":"urn:imago:schema:requests:1","requests":[\n${shown.join(',\n')}\n]}\n`)
  }
  return {
    image: (image) => writer?.image(image, null, null),
    done: (sentence) => {
      if (isTable) output.write(`${visible(sentence)}\n`)
    },
    failed: async (error) => {
      errors.push(error)
      // Why all of it was aborted is said once, in the end.
      if (error._tag === 'Aborted' && context.signal.aborted) return
      talk.write(`imago: ${visible(messageOf(error))}\n`)
      await talk.end()
    },
    held: (cloud, held) => {
      for (const { headers, body } of held) addRequestSecrets(secrets, { headers, json: body !== null && 'json' in body ? body.json : null })
      if (isTable && held.length > 0) output.write(`${visible(nameOf(cloud))}: would send\n${held.map(heldText).join('').split('\n').map(visible).join('\n')}`)
      requests.push(...held.map((request) => heldJson(cloud, request)))
    },
    end: async () => {
      writer?.end()
      writeRequests()
      await output.end()
      await talk.end()
      const [error, ...others] = errors
      if (error === undefined) return EXIT.done
      return others.length === 0 ? exitCodeOfError(error) : exitCodeOfErrors(errors)
    },
  }
}
