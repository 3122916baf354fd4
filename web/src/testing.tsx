import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render } from '@testing-library/react'
import { Tooltip } from 'radix-ui'
import { createMemoryRouter, type RouteObject } from 'react-router'
import { RouterProvider } from 'react-router/dom'
import { Toaster } from 'sonner'
import { vi } from 'vitest'
import type { SessionResponse } from '@/api'
import { openSession } from '@/lib/session'

type Answer = (url: URL, request: Request) => unknown

/** Fakes the API in a component test: maps `GET /api/x` to its answer. Returns the recorded requests. */
export function serve(answers: Record<string, Answer>): Request[] {
  const requests: Request[] = []
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input instanceof Request ? input : new URL(input, window.location.origin), init)
    requests.push(request.clone())
    const url = new URL(request.url)
    const answer = answers[`${request.method} ${url.pathname}`]
    const body = answer ? await answer(url, request) : problem(404, 'not_found')
    if (body instanceof Response) return body
    return body === undefined ? new Response(null, { status: 204 }) : Response.json(body)
  })
  return requests
}

export function problem(status: number, code: string, detail = `detail of ${code}`): Response {
  const body = { type: 'about:blank', title: code, status, code, detail, request_id: null }
  return Response.json(body, { status, headers: { 'Content-Type': 'application/problem+json' } })
}

export const SESSION: SessionResponse = {
  access_token: 'token-1',
  refresh_token: 'refresh-1',
  expires_in: 900,
  token_type: 'bearer',
  user: {
    id: 7,
    name: 'Haneul',
    email: 'haneul@yousync.local',
    picture_url: null,
    is_admin: false,
    created_at: '2026-11-01T00:00:00Z',
  },
  guest_until: null,
  takes_kept: 0,
  takes_refused: 0,
}

/** The session of a visitor without an account. */
export const VISIT: SessionResponse = {
  ...SESSION,
  access_token: 'token-of-guest',
  user: { ...SESSION.user, id: 70, name: '', email: '' },
  guest_until: '2026-12-02T09:30:00Z',
}

export function signIn() {
  openSession(SESSION)
}

export function renderAt(address: string, routes: RouteObject[]) {
  const router = createMemoryRouter(routes, { initialEntries: [address] })
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 30_000 } } })
  render(
    <QueryClientProvider client={client}>
      <Tooltip.Provider>
        <RouterProvider router={router} />
        <Toaster />
      </Tooltip.Provider>
    </QueryClientProvider>,
  )
  return router
}
