import { createBrowserRouter } from 'react-router'
import { Layout } from './components/Layout'
import { Crashed } from './pages/Crashed'
import { Browse } from './pages/Browse'

/** The routes. Each page is a separate chunk, except the one that most visitors see first. */
export const router = createBrowserRouter([
  {
    element: <Layout />,
    errorElement: <Crashed />,
    hydrateFallbackElement: <></>,
    children: [
      { index: true, element: <Browse /> },
      { path: 'start', lazy: async () => ({ Component: (await import('./pages/Start')).Start }) },
      { path: 'scenes/:scriptId', lazy: async () => ({ Component: (await import('./pages/Scene')).Scene }) },
      {
        path: 'scenes/:scriptId/dub',
        lazy: async () => ({ Component: (await import('./pages/SceneMode')).SceneMode }),
      },
      { path: 'lines/:tokenId', lazy: async () => ({ Component: (await import('./pages/Studio')).Studio }) },
      { path: 'me', lazy: async () => ({ Component: (await import('./pages/MyPage')).MyPage }) },
      { path: 'account', lazy: async () => ({ Component: (await import('./pages/Account')).Account }) },
      { path: 'requests', lazy: async () => ({ Component: (await import('./pages/Requests')).Requests }) },
      { path: 'curator/*', lazy: async () => ({ Component: (await import('./pages/Curator')).Curator }) },
      { path: 'sign-in', lazy: async () => ({ Component: (await import('./pages/SignIn')).SignIn }) },
      { path: '*', lazy: async () => ({ Component: (await import('./pages/NotFound')).NotFound }) },
    ],
  },
])
