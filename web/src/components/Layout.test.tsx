import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { StrictMode } from 'react'
import { beforeEach, expect, test } from 'vitest'
import { closeSession } from '@/lib/session'
import { renderAt, serve, signIn } from '@/testing'
import { Layout } from './Layout'
import { RequireSession } from './RequireSession'

const show = (address: string) =>
  renderAt(address, [
    {
      element: (
        <StrictMode>
          <Layout />
        </StrictMode>
      ),
      children: [
        { path: '/', element: <h1>Scenes</h1> },
        { path: '/sign-in', element: <h1>Sign in here</h1> },
        {
          path: '/me',
          element: (
            <RequireSession>
              <h1>Mine</h1>
            </RequireSession>
          ),
        },
      ],
    },
  ])

beforeEach(() => {
  closeSession()
  serve({})
  window.scrollTo = () => undefined
})

test('the focus starts at the top of the first page and at the content of the next', async () => {
  const router = show('/')
  await userEvent.tab()
  expect(document.activeElement?.textContent).toBe('Skip to content')
  await userEvent.click(screen.getByRole('link', { name: 'Sign in' }))
  await waitFor(() => expect(document.activeElement?.id).toBe('main'))
  expect(router.state.location.pathname).toBe('/sign-in')
})

test('signing in remembers the page with its search', async () => {
  const router = show('/?q=coffee')
  await userEvent.click(screen.getByRole('link', { name: 'Sign in' }))
  expect(router.state.location.state).toEqual({ from: '/?q=coffee' })
  expect(screen.queryByRole('link', { name: 'Sign in' })).toBeNull()
})

test('a private page redirects visitors to sign in, and is in the menu of learners', async () => {
  const router = show('/me')
  expect(await screen.findByText('Sign in here')).toBeTruthy()
  expect(router.state.location.state).toEqual({ from: '/me' })
  signIn()
  await userEvent.click(await screen.findByRole('link', { name: 'My page' }))
  expect(await screen.findByText('Mine')).toBeTruthy()
})
