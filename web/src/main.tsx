import './index.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { RouterProvider } from 'react-router/dom'
import { Toaster } from 'sonner'
import { forgetAllJobs } from './features/takes/runningJobs'
import { watchConnection } from './lib/connection'
import { completeFonts } from './lib/fonts'
import { configureClient } from './lib/http'
import './lib/i18n'
import { forgetAnswers, queryClient } from './lib/queries'
import { keepForOffline } from './lib/offline'
import { onSignOut, restoreSession, watchOtherTabs } from './lib/session'
import { useIsDark } from './lib/theme'
import { router } from './router'

function App() {
  const dark = useIsDark()
  return (
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
      <Toaster theme={dark ? 'dark' : 'light'} position="top-center" richColors className="font-sans!" />
    </QueryClientProvider>
  )
}

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

configureClient()
watchConnection()
onSignOut(forgetAnswers)
onSignOut(forgetAllJobs)
watchOtherTabs(forgetAnswers)
void restoreSession()
keepForOffline()
completeFonts()
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
