import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

/**
 * Writes the start page into index.html, once for each language: visitors on a slow network read and use it before the
 * script has come, which then replaces it by the same.
 */
export function prerenderedShell(): Plugin {
  return {
    name: 'prerendered-shell',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (html) => {
        const shells = Object.entries(renderShells())
        const divs = shells.map(([code, shell]) => `<div data-shell lang="${code}">${shell}</div>`)
        const languages = shells.map(([code]) => code).join(' ')
        return html
          .replace('</head>', `<style>${stylesOf(shells.map(([code]) => code))}</style></head>`)
          .replace('<html ', `<html data-languages="${languages}" `)
          .replace('<div id="root"></div>', () => `<div id="root">${divs.join('')}</div>`)
      },
    },
  }
}

/** Shows the start page in the language that theme.js has found, and at other addresses only its frame. */
function stylesOf(languages: string[]): string {
  const shown = languages.map((code) => `[lang=${code}]>body [data-shell][lang=${code}]`)
  const startOnly = ['main>*', '[href="/sign-in"]'].map((part) => `:not(.is-start)>body [data-shell] ${part}`)
  return `[data-shell]{display:none}${shown.join()}{display:block}${startOnly.join()}{display:none}`
}

function renderShells(): Record<string, string> {
  const script = fileURLToPath(new URL('./scripts/render-shells.js', import.meta.url))
  const printed = execFileSync(process.execPath, [script], { encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 })
  return JSON.parse(printed) as Record<string, string>
}
