import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { SCORES, SUB_SCORES } from './scores'

interface Schema {
  properties: object
}

const read = (name: string): unknown => JSON.parse(readFileSync(`../docs/${name}`, 'utf8'))
const propertiesOf = ({ properties }: Schema) => Object.keys(properties).sort()

test('every score of the API is shown', () => {
  const { components } = read('openapi.json') as { components: { schemas: { AverageScores: Schema } } }
  expect([...SCORES].sort()).toEqual(propertiesOf(components.schemas.AverageScores))
})

test('every score of the feedback is shown', () => {
  const { $defs } = read('result.schema.json') as { $defs: { SubScores: Schema } }
  expect([...SCORES, ...SUB_SCORES].sort()).toEqual(propertiesOf($defs.SubScores))
})
