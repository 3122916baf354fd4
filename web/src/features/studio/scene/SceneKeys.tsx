import { useTranslation } from 'react-i18next'
import { KeyboardHelp } from '../KeyboardHelp'

export function SceneKeys() {
  const { t } = useTranslation()
  return (
    <KeyboardHelp
      keys={[
        [t('studio.keys.space'), t('studio.keys.record')],
        ['P', t('studio.keys.pause')],
        ['S', t('studio.keys.skip')],
        ['R', t('studio.keys.redo')],
      ]}
    />
  )
}
