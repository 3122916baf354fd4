import { act, render, screen } from '@testing-library/react'
import { Suspense } from 'react'
import { expect, test } from 'vitest'
import { loadAhead } from './loadAhead'

const show = (Component: React.ComponentType) =>
  render(
    <Suspense fallback="loading">
      <Component />
    </Suspense>,
  )

test('a component that was loaded ahead appears at once', async () => {
  const { Component, preload } = loadAhead(() => Promise.resolve(() => <p>scores</p>))
  await preload()
  show(Component)
  expect(screen.getByText('scores')).toBeTruthy()
})

test('a component that was not loaded ahead is loaded when it is shown, and stays the same', async () => {
  let finish = () => {}
  const { Component, preload } = loadAhead(async () => {
    await new Promise<void>((resolve) => (finish = resolve))
    return () => <input aria-label="note" />
  })
  const { rerender } = show(Component)
  expect(screen.getByText('loading')).toBeTruthy()
  await act(async () => {
    finish()
    await preload()
  })
  const input = await screen.findByRole('textbox')
  rerender(
    <Suspense fallback="loading">
      <Component />
    </Suspense>,
  )
  expect(screen.getByRole('textbox')).toBe(input)
})

test('a component that could not be loaded ahead is loaded again when it is shown', async () => {
  let tries = 0
  const { Component, preload } = loadAhead(() => {
    tries += 1
    return tries === 1 ? Promise.reject(new Error('offline')) : Promise.resolve(() => <p>scores</p>)
  })
  await expect(preload()).rejects.toThrow('offline')
  show(Component)
  expect(await screen.findByText('scores')).toBeTruthy()
})
