import { flag, preset, text, type OptionsOf } from '../../../command-line/option.ts'
import { databaseOption } from '../../../options/fleet.ts'

export const options = {
  cron: text('<fields>', "when: minute, hour, day, month and weekday, such as '0 3 * * *'"),
  timeZone: preset(text('<zone>', 'the time zone of --cron, such as Europe/Berlin'), 'UTC'),
  remove: flag('delete the schedule'),
  ...databaseOption,
}

export type ScheduleOptions = OptionsOf<typeof options>
