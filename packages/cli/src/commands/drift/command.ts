import { any } from '../../command-line/argument.ts'
import { defineCommand } from '../../command-line/command.ts'
import { checkInput, SAVED_IMAGES } from '../../options/input.ts'
import { createOutput, createMessages } from '../../output/stream.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'drift',
  group: 'Saved images:',
  summary: 'list unknown values, unknown keys and wrong types in saved images',
  arguments: { files: any('files', SAVED_IMAGES) },
  options,
  examples: [
    'imago drift dumps/*.json',
    'imago list -o ndjson | jq .raw | imago drift',
    'imago drift dumps/*.json -o value -c kind,path,count',
  ],
  run: async ({ files }, chosen) => {
    checkInput(files, process)
    const messages = createMessages(process.stderr)
    const [{ drift }, { loadReaders }] = await Promise.all([
      import('./run.ts'),
      import('../../providers/load-providers.ts'),
    ])
    return drift(files, chosen, createOutput(process.stdout), messages, await loadReaders(process, messages))
  },
})
