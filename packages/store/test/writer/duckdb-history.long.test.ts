import { afterAll } from '@jest/globals'
import { historySuite } from '../history-suite.ts'
import { createDirectory, target } from '../stored.ts'

const directory = createDirectory()
afterAll(directory.end)

let count = 0
// Each of them starts DuckDB three times.
historySuite('DuckDB', () => target(directory.file(`${++count}.duckdb`)), 15)
