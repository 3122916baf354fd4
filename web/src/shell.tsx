import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { renderToString } from 'react-dom/server'
import { createMemoryRouter } from 'react-router'
import { RouterProvider } from 'react-router/dom'
import { Layout } from './components/Layout'
import i18n from './lib/i18n'
import { restoreSession } from './lib/session'
import { LANGUAGE_CODES } from './locales/languages'
import { Browse } from './pages/Browse'

/**
 * The start page as a visitor sees it before any script runs, by language. Its ids end in the language, since it stands
 * in the HTML once for each, and nothing in it but links can be used.
 */
export async function renderShells(): Promise<Record<string, string>> {
  await restoreSession()
  const shells: Record<string, string> = {}
  for (const language of LANGUAGE_CODES) {
    await i18n.changeLanguage(language)
    shells[language] = prepared(renderToString(<StartPage />), language)
  }
  return shells
}

function StartPage() {
  const router = createMemoryRouter([{ element: <Layout />, children: [{ index: true, element: <Browse /> }] }])
  return (
    <QueryClientProvider client={new QueryClient()}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  )
}

function prepared(html: string, language: string): string {
  return html
    .replace(/<a href="#.*?<\/a>/, '') // a page has one skip link, which comes first
    .replace(/ (id|aria-labelledby)="([^"]+)"/g, ` $1="$2-${language}"`)
    .replace(/<(button|input)(?=[ >])/g, '<$1 inert=""')
}
