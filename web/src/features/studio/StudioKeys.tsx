import { useTranslation } from 'react-i18next'
import { KeyboardHelp } from './KeyboardHelp'

/** The keyboard shortcuts of the page of a line. */
export function StudioKeys() {
  const { t } = useTranslation()
  return (
    <KeyboardHelp
      keys={[
        [t('studio.keys.space'), t('studio.keys.record')],
        ['Esc', t('practice.keys.cancel')],
        ['L', t('studio.keys.listenActor')],
        ['R', t('studio.keys.listenMine')],
        ['← →', t('studio.keys.lines')],
        ['− =', t('practice.keys.rate')],
        ['W P O', t('practice.keys.units')],
        [', .', t('practice.keys.move')],
        ['[ ]', t('practice.keys.edges')],
        ['0 1 2 3', t('practice.keys.pauses')],
        ['X', t('practice.keys.switch')],
        ['H', t('practice.keys.text')],
        ['D', t('practice.keys.dictation')],
        ['E', t('practice.keys.words')],
      ]}
    />
  )
}
