// Writes the fonts of the page and their style sheet into fonts/: only the characters that its own texts and the demo
// catalogue need, in the weights that it uses. Letters beyond these come from the fonts of the device.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import subsetFont from 'subset-font'

const web = new URL('..', import.meta.url).pathname
const source = createRequire(import.meta.url).resolve('pretendard/dist/web/variable/woff2/PretendardVariable.woff2')
const WEIGHTS = { min: 400, max: 800 }
const IPA = 'ɑɐɒæɓʌɔɕəɚɘɛɜɝɞɟɡɤɪɨʝɫɬɱŋɲɳøœɵɹɾɻʁʃʂθðʈʊʉʋʎʏʒʑʔˈˌːʰʲʷ̩̯̃'
const PUNCTUATION = '–—‘’“”…•·×−←→↑↓↗↘✓₩€‹›«»'
const codes = (from, to) => Array.from({ length: to - from + 1 }, (_, index) => String.fromCodePoint(from + index))
const isHangul = (letter) => /\p{Script=Hangul}/u.test(letter)

/** All characters of the files below a folder; none where the folder is missing, as in the image's build. */
function charactersIn(folder) {
  try {
    const files = readdirSync(folder, { recursive: true }).filter((name) => /\.(json|ts)$/.test(name))
    return files.flatMap((name) => [...readFileSync(join(folder, name), 'utf8')])
  } catch {
    return []
  }
}

const texts = [...charactersIn(join(web, 'src/locales')), ...charactersIn(join(web, '../catalogue/scenes'))]
const languageNames = readFileSync(join(web, 'src/locales/languages.ts'), 'utf8').match(/\S/g) ?? []
// The names of the languages stand on each page: pages without Korean texts need no second file for them.
const latin = new Set([...codes(0x20, 0x7e), ...codes(0xa0, 0xff), ...IPA, ...PUNCTUATION, ...languageNames])
const others = new Set(texts.filter((letter) => letter > ' ' && !latin.has(letter) && !/\p{Cc}/u.test(letter)))
const hangul = new Set([...others].filter(isHangul))
others.difference(hangul).forEach((letter) => latin.add(letter))

function unicodeRange(letters) {
  const points = [...letters].map((letter) => letter.codePointAt(0) ?? 0).sort((a, b) => a - b)
  const ranges = points.reduce((found, point) => {
    const last = found.at(-1)
    if (last?.[1] === point - 1) last[1] = point
    else found.push([point, point])
    return found
  }, [])
  const hex = (point) => point.toString(16)
  return ranges.map(([from, to]) => (from === to ? `U+${hex(from)}` : `U+${hex(from)}-${hex(to)}`)).join(',')
}

mkdirSync(join(web, 'fonts'), { recursive: true })
const font = readFileSync(source)
const faces = []
for (const [name, letters] of Object.entries({ latin, hangul })) {
  if (letters.size === 0) continue
  const text = [...letters].join('')
  const packed = await subsetFont(font, text, { targetFormat: 'woff2', variationAxes: { wght: WEIGHTS } })
  writeFileSync(join(web, 'fonts', `${name}.woff2`), packed)
  faces.push(`@font-face {
  font-family: 'YouSync Sans';
  font-display: swap;
  font-weight: ${WEIGHTS.min} ${WEIGHTS.max};
  src: url('./${name}.woff2') format('woff2');
  unicode-range: ${unicodeRange(letters)};
}
`)
}
writeFileSync(join(web, 'fonts', 'fonts.css'), faces.join('\n'))
