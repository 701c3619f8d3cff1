import { defineCommand } from '../../command-line/command.ts'
import { optional } from '../../command-line/argument.ts'
import { runLiveCommand } from '../../live-command.ts'
import { checkInput, SAVED_IMAGES } from '../../options/input.ts'
import { createOutput, createMessages } from '../../output/stream.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'explain',
  group: 'Inspect images:',
  summary: 'show the value, evidence, source and mapping rule of each field of an image',
  arguments: { file: optional('image-or-file', `image, as [provider/]cloud[@region]:image; or ${SAVED_IMAGES}`) },
  options,
  examples: [
    'imago explain prod:ubuntu-24.04 --field architecture',
    'openstack image show -f json debian-12 | imago explain',
    'imago explain images.json --id 161547269 -o json',
  ],
  run: async ({ file }, chosen) => {
    checkInput(file === undefined ? [] : [file], process)
    if (file !== undefined && (await import('../../parse-address.ts')).isImageAddress(file)) {
      return runLiveCommand({ options: chosen }, async (live) =>
        (await import('./run-live.ts')).explainLive(file, chosen, live),
      )
    }
    const messages = createMessages(process.stderr)
    const [{ explain }, { loadReaders }] = await Promise.all([
      import('./run.ts'),
      import('../../providers/load-providers.ts'),
    ])
    return explain(file, chosen, createOutput(process.stdout), messages, await loadReaders(process, messages))
  },
})
