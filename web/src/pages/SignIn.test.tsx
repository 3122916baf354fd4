import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, test, vi } from 'vitest'
import { closeSession } from '@/lib/session'
import { problem, renderAt, serve, SESSION, signIn } from '@/testing'
import { SignIn } from './SignIn'

const OPTIONS = 'GET /api/auth/options'
const DEVELOPMENT = { google_client_id: null, development: true, direct_uploads: true }

function show() {
  const router = renderAt('/', [
    { path: '/', element: <p>Home</p> },
    { path: '/sign-in', Component: SignIn },
    { path: '/lines/3', element: <p>The line</p> },
  ])
  void router.navigate('/sign-in', { state: { from: '/lines/3' } })
  return router
}

async function fill(email: string, name: string) {
  if (email) await userEvent.type(await screen.findByLabelText('Email'), email)
  if (name) await userEvent.type(await screen.findByLabelText('Name'), name)
  await userEvent.click(await screen.findByRole('button', { name: 'Sign in' }))
}

function googleScript() {
  return waitFor(() => {
    const found = document.head.querySelector('script[src="https://accounts.google.com/gsi/client"]')
    if (!found) throw new Error('not yet')
    return found
  })
}

beforeEach(closeSession)

test('the form reports missing or wrong values without a request', async () => {
  const requests = serve({ [OPTIONS]: () => DEVELOPMENT })
  show()
  await fill('', '')
  expect(await screen.findByText('Enter your email address.')).toBeTruthy()
  expect(screen.getByText('Enter your name.')).toBeTruthy()
  expect(screen.getByLabelText('Email').getAttribute('aria-invalid')).toBe('true')

  await fill('haneul', 'Haneul')
  expect(await screen.findByText(/This is not a valid email address/)).toBeTruthy()
  expect(requests).toHaveLength(1)
})

test('signing in returns to the page that asked for it', async () => {
  let sent: unknown
  serve({
    [OPTIONS]: () => DEVELOPMENT,
    'POST /api/auth/dev': async (_, request) => {
      sent = await request.json()
      return SESSION
    },
  })
  show()
  await fill(' haneul@yousync.local ', 'Haneul')
  expect(await screen.findByText('The line')).toBeTruthy()
  expect(sent).toEqual({ email: 'haneul@yousync.local', name: 'Haneul', keep_guest_takes: true })
  expect(JSON.stringify({ ...localStorage })).not.toContain('token-1')
})

test('a refusal is explained, and the form keeps its values', async () => {
  serve({
    [OPTIONS]: () => DEVELOPMENT,
    'POST /api/auth/dev': () => problem(429, 'too_many_sign_ins', 'Too many. Wait 20 seconds.'),
  })
  show()
  await fill('haneul@yousync.local', 'Haneul')
  expect((await screen.findByRole('alert')).textContent).toBe('Too many. Wait 20 seconds.')
  expect(screen.getByLabelText<HTMLInputElement>('Email').value).toBe('haneul@yousync.local')
})

test('a server without a sign-in method shows a message', async () => {
  serve({ [OPTIONS]: () => ({ google_client_id: null, development: false, direct_uploads: true }) })
  show()
  expect(await screen.findByText('Sign-in is not available on this server yet')).toBeTruthy()
})

test("a failure to load Google's script is reported and can be retried", async () => {
  serve({
    [OPTIONS]: () => ({ google_client_id: 'abc.apps.googleusercontent.com', development: false, direct_uploads: true }),
  })
  show()
  const script = await googleScript()
  script.dispatchEvent(new Event('error'))
  expect((await screen.findByRole('alert')).textContent).toContain('could not be loaded')
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }))
  expect(await googleScript()).not.toBe(script)
})

test('a Google credential opens a session', async () => {
  let sent: unknown
  serve({
    [OPTIONS]: () => ({ google_client_id: 'abc.apps.googleusercontent.com', development: false, direct_uploads: true }),
    'POST /api/auth/google': async (_, request) => {
      sent = await request.json()
      return SESSION
    },
  })
  const initialize = vi.fn<GoogleIdentity['initialize']>()
  const renderButton = vi.fn<GoogleIdentity['renderButton']>()
  window.google = { accounts: { id: { initialize, renderButton } } }
  show()
  const script = await googleScript()
  script.dispatchEvent(new Event('load'))
  await waitFor(() => expect(renderButton).toHaveBeenCalled())
  expect(renderButton.mock.lastCall?.[1].locale).toBe('en')
  const options = initialize.mock.lastCall?.[0]
  expect(options?.client_id).toBe('abc.apps.googleusercontent.com')

  options?.callback({ credential: 'signed-by-google' })
  expect(await screen.findByText('The line')).toBeTruthy()
  expect(sent).toEqual({ id_token: 'signed-by-google', keep_guest_takes: true })
})

test('a signed-in learner is redirected from the sign-in page', async () => {
  serve({})
  signIn()
  show()
  expect(await screen.findByText('The line')).toBeTruthy()
})
