import type { TFunction } from 'i18next'
import { hash } from './WaveOrnament'

/** The hue of each known category; that of others is derived from their name. */
const HUES = {
  action: 25,
  animation: 95,
  comedy: 75,
  documentary: 200,
  drama: 300,
  family: 120,
  fantasy: 285,
  horror: 15,
  literature: 160,
  mystery: 260,
  romance: 350,
  'sci-fi': 220,
  speech: 245,
  thriller: 190,
} as const

type Known = keyof typeof HUES

const isKnown = (category: string): category is Known => category in HUES

/** The category in the page's language, or its id if it has no translation. */
export function categoryName(t: TFunction, category: string): string {
  return isKnown(category) ? t(`browse.category.${category}`) : category
}

export function categoryHue(category: string): number {
  return isKnown(category) ? HUES[category] : hash(category) % 360
}
