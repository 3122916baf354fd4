import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, test, vi } from 'vitest'
import { closeSession, openSession } from '@/lib/session'
import { addTake } from './takes'
import { WaitingTakes } from './WaitingTakes'

const user = { id: 7, email: 'me@yousync.local', name: 'Me', picture_url: null, is_admin: false }
const server = vi.fn<(request: Request) => Promise<Response>>()

beforeEach(() => {
  vi.stubGlobal('fetch', server)
  server.mockReset().mockRejectedValue(new TypeError('Failed to fetch'))
  openSession({ access_token: 'a', expires_in: 900, refresh_token: '', token_type: 'bearer', user } as never)
  render(
    <QueryClientProvider client={new QueryClient()}>
      <WaitingTakes />
    </QueryClientProvider>,
  )
})

test('shows how many recordings wait, and sends or discards them', async () => {
  expect(screen.queryByText(/waiting/)).toBeNull()
  act(() => {
    addTake(3, user.id, new Blob(['one']))
    addTake(4, user.id, new Blob(['two']))
  })
  await screen.findByText('2 recordings are waiting to be sent.')

  const before = server.mock.calls.length
  await userEvent.click(await screen.findByRole('button', { name: 'Send now' }))
  await waitFor(() => expect(server.mock.calls.length).toBeGreaterThan(before))

  act(() => closeSession())
  await screen.findByText(/Sign in to send them/)
  act(() => openSession({ access_token: 'a', expires_in: 900, user } as never))

  await userEvent.click(await screen.findByRole('button', { name: 'Discard' }))
  await userEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Discard' }))
  await waitFor(() => expect(screen.queryByText(/waiting/)).toBeNull())
})
