import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test, vi } from 'vitest'
import { useShortcuts, type Shortcuts } from './keyboard'

function Page({ shortcuts, children }: { shortcuts: Shortcuts; children?: React.ReactNode }) {
  useShortcuts(shortcuts)
  return children
}

function open(children?: React.ReactNode) {
  const shortcuts = { Space: vi.fn(), KeyR: vi.fn(), ArrowLeft: vi.fn() }
  render(<Page shortcuts={shortcuts}>{children}</Page>)
  return { ...shortcuts, user: userEvent.setup() }
}

test('shortcuts work unless a focused control handles the key', async () => {
  const { Space, KeyR, ArrowLeft, user } = open()
  await user.keyboard('[Space][KeyR][ArrowLeft]')
  expect([Space, KeyR, ArrowLeft].map((action) => action.mock.calls.length)).toEqual([1, 1, 1])
})

test('no shortcut fires while typing', async () => {
  const { Space, KeyR, user } = open(<input aria-label="name" />)
  await user.type(screen.getByLabelText('name'), 'r r')
  expect(Space).not.toHaveBeenCalled()
  expect(KeyR).not.toHaveBeenCalled()
})

test('Space activates a focused button once and no shortcut', async () => {
  const press = vi.fn()
  const { Space, KeyR, user } = open(<button onClick={press}>play</button>)
  await user.click(screen.getByRole('button'))
  await user.keyboard('[Space][KeyR]')
  expect(press).toHaveBeenCalledTimes(2)
  expect(Space).not.toHaveBeenCalled()
  expect(KeyR).toHaveBeenCalledTimes(1)
})

test('nothing happens behind a dialog, with a modifier, or while a key is held', async () => {
  const { KeyR, user } = open()
  await user.keyboard('{Control>}[KeyR]{/Control}')
  await user.keyboard('{Meta>}[KeyR]{/Meta}')
  expect(KeyR).not.toHaveBeenCalled()
  await user.keyboard('{r>3/}')
  expect(KeyR).toHaveBeenCalledTimes(1)
  document.body.append(Object.assign(document.createElement('div'), { role: 'dialog' }))
  await user.keyboard('[KeyR]')
  expect(KeyR).toHaveBeenCalledTimes(1)
  document.querySelector('[role=dialog]')?.remove()
})
