import { any } from '../../command-line/argument.ts'
import { defineCommand } from '../../command-line/command.ts'
import { checkInput, SAVED_IMAGES } from '../../options/input.ts'
import { createOutput, createMessages } from '../../output/stream.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'normalize',
  group: 'Saved images:',
  summary: 'convert saved images of any provider to the common image format',
  arguments: { files: any('files', SAVED_IMAGES) },
  options,
  examples: [
    'hcloud image list -o json | imago normalize',
    'imago normalize hetzner.json glance.json -o ndjson > images.ndjson',
    'imago normalize images.json -o csv -c id,name,labels.env --sort created:desc',
  ],
  run: async ({ files }, chosen) => {
    checkInput(files, process)
    const messages = createMessages(process.stderr)
    const [{ normalize }, { loadReaders }] = await Promise.all([
      import('./run.ts'),
      import('../../providers/load-providers.ts'),
    ])
    return normalize(files, chosen, createOutput(process.stdout), messages, await loadReaders(process, messages))
  },
})
