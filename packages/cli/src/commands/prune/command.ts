import { defineCommand } from '../../command-line/command.ts'
import { runLiveCommand } from '../../live-command.ts'
import { clouds } from '../../options/arguments.ts'
import { options } from './options.ts'

export const command = defineCommand({
  name: 'prune',
  group: 'Lifecycle:',
  summary: 'delete unused images by a retention policy, after confirmation',
  arguments: clouds,
  options,
  examples: [
    'imago prune prod --kind snapshot --keep newest:3,monthly:12 --by created-from --dry-run',
    'imago prune prod --kind snapshot --older-than 1y',
    'imago prune --label role=ci --keep newest:5 --yes --max 20',
  ],
  run: async (given, chosen) => {
    const [{ prune }, { terminalConfirm }] = await Promise.all([import('./run.ts'), import('../../writing/confirm.ts')])
    return runLiveCommand({ options: chosen }, (live) => prune(given.clouds, chosen, live, terminalConfirm(process)))
  },
})
