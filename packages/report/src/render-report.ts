import type { CloudObservation } from '@imago/core'
import { createHash } from 'node:crypto'
import { script, styles } from './assets.ts'
import { compareStates } from './compare-states.ts'
import { formatCount } from './format.ts'
import { html, jsonContent, trustedHtml } from './html.ts'
import { createImageData } from './image-data.ts'
import { readFacts } from './image-facts.ts'
import { isListed } from './read-state.ts'
import type { ReportInput } from './report-input.ts'
import { renderChanges } from './sections/changes.ts'
import { renderClouds } from './sections/clouds.ts'
import { renderCost } from './sections/cost.ts'
import { renderImages } from './sections/images.ts'
import { renderLifecycle } from './sections/lifecycle.ts'
import { renderNotice } from './sections/notice.ts'
import { renderSummary } from './sections/summary.ts'
import { renderSystems } from './sections/systems.ts'

/** A source of the page's Content Security Policy: the content of one element. */
const toCspHash = (content: string): string => `'sha256-${createHash('sha256').update(content).digest('base64')}'`

const POLICY = `default-src 'none'; style-src ${toCspHash(styles)}; script-src ${toCspHash(script)}; base-uri 'none'; form-action 'none'`

// Not in a template: a formatter that adds a space there would change the hash.
const STYLE_ELEMENT = trustedHtml(`<style>${styles}</style>`)
const SCRIPT_ELEMENT = trustedHtml(`<script>${script}</script>`)

const describeCount = (images: number, clouds: readonly CloudObservation[]): string => {
  if (clouds.every(isListed)) return formatCount(images, 'image')
  return images === 0 ? 'No image was listed' : `At least ${formatCount(images, 'image')}`
}

/**
 * A report as one HTML document: it loads nothing, and works from a file. Everything but the table of all images is readable without scripts.
 * Pure: the same input gives the same text.
 */
export const renderReport = (input: ReportInput): string => {
  const { observation, unselected, earlier, readEvidence } = input
  const { clouds, at } = observation
  const facts = readFacts(input)
  const changes = earlier === undefined ? null : compareStates(observation, earlier, unselected)
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="generator" content="imago" />
        <title>Machine images, ${at.slice(0, 10)}</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <header>
          <h1>Machine images</h1>
          <p>
            ${describeCount(facts.length, clouds)} in ${formatCount(clouds.length, 'cloud')}, as of
            ${at.slice(0, 16).replace('T', ' ')} UTC
          </p>
          <nav aria-label="Sections">
            <a href="#summary">Summary</a> <a href="#lifecycle">Lifecycle</a>
            <a href="#cost">Cost</a> ${changes === null ? '' : html`<a href="#changes">Changes</a> `}<a href="#matrix"
              >Systems</a
            >
            <a href="#images">All images</a> <a href="#clouds">Clouds</a>
          </nav>
        </header>
        <main>
          ${renderNotice(clouds)} ${renderSummary(facts, clouds, changes)} ${renderLifecycle(facts, input)}
          ${renderCost(facts, clouds)} ${changes === null ? '' : renderChanges(changes)} ${renderSystems(facts, clouds)}
          ${renderImages(facts)} ${renderClouds(clouds)}
        </main>
        <script type="application/json" id="data">
          ${jsonContent(createImageData(facts, readEvidence))}
        </script>
        ${SCRIPT_ELEMENT}
      </body>
    </html> `.text
}
