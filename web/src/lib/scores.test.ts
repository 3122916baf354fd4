import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { FEEDBACK_SCORES, gradeOf, SCORES, SUB_SCORES, verdictOf } from './scores'

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
  expect([...new Set([...SCORES, ...FEEDBACK_SCORES, ...SUB_SCORES])].sort()).toEqual(propertiesOf($defs.SubScores))
})

test('a score is graded like a word of the analysis', () => {
  expect([80, 79.9, 60, 59.9, null].map(gradeOf)).toEqual(['good', 'fair', 'fair', 'poor', null])
})

test('no score of an incomplete take is good', () => {
  expect([95, 70, 40, null].map((score) => verdictOf(score, 'incomplete'))).toEqual([
    'partial',
    'fair',
    'poor',
    'unmeasured',
  ])
  expect(verdictOf(95, 'scored')).toBe('good')
})
