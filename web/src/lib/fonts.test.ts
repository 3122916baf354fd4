import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { LANGUAGES } from '@/locales/languages'
import { serve } from '@/testing'
import { cacheFonts } from './fonts'
import i18n from './i18n'

const load = vi.fn<(font: string, text: string) => Promise<FontFace[]>>()

beforeEach(() => {
  vi.useFakeTimers()
  load.mockResolvedValue([])
  Object.defineProperty(document, 'fonts', { value: { load }, configurable: true })
})
afterEach(() => vi.useRealTimers())

function worker(controller: object | null, saveData = false) {
  const serviceWorker = Object.assign(new EventTarget(), { controller })
  vi.stubGlobal('navigator', { serviceWorker, connection: { saveData } })
  return serviceWorker
}

function loaded(...entries: { name: string; workerStart: number }[]) {
  vi.spyOn(performance, 'getEntriesByType').mockReturnValue(entries as PerformanceResourceTiming[])
}

test('nothing is loaded if data saving is on or no service worker can cache it', async () => {
  worker({}, true)
  await cacheFonts()
  vi.stubGlobal('navigator', {})
  await cacheFonts()
  await vi.runAllTimersAsync()
  expect(load).not.toHaveBeenCalled()
})

test('glyphs are loaded once the service worker is in control, and after a language change', async () => {
  const serviceWorker = worker(null)
  loaded()
  void cacheFonts()
  await vi.runAllTimersAsync()
  expect(load).not.toHaveBeenCalled()
  serviceWorker.dispatchEvent(new Event('controllerchange'))
  await vi.runAllTimersAsync()
  expect(load).toHaveBeenCalledTimes(1)
  expect(load.mock.lastCall?.[1]).not.toMatch(LANGUAGES.ko.texts.studio.take.storedOnDevice)
  await i18n.changeLanguage('ko')
  await vi.runAllTimersAsync()
  expect(load).toHaveBeenCalledTimes(2)
  expect(load.mock.lastCall?.[1]).toMatch(LANGUAGES.ko.texts.studio.take.storedOnDevice)
})

test('fonts loaded before the service worker was in control are fetched again through it', async () => {
  worker({})
  loaded(
    { name: 'http://localhost/assets/early.woff2', workerStart: 0 },
    { name: 'http://localhost/assets/late.woff2', workerStart: 12 },
    { name: 'http://localhost/assets/index.js', workerStart: 0 },
  )
  const requests = serve({})
  await cacheFonts()
  await vi.runAllTimersAsync()
  expect(requests.map(({ url }) => url)).toEqual(['http://localhost/assets/early.woff2'])
})

test('without network no font is fetched', async () => {
  worker({})
  load.mockRejectedValue(new DOMException('', 'NetworkError'))
  const requests = serve({})
  await cacheFonts()
  await vi.runAllTimersAsync()
  expect(load).toHaveBeenCalled()
  expect(requests).toHaveLength(0)
})
