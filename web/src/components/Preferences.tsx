import { Languages, Moon, Sun, SunMoon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { setLanguage } from '@/lib/i18n'
import { setTheme, useTheme, type Theme } from '@/lib/theme'
import { Button } from './Button'

const NEXT: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' }
const ICONS = { system: SunMoon, light: Sun, dark: Moon }

/** Language and light or dark, one press each. */
export function Preferences() {
  const { t, i18n } = useTranslation()
  const theme = useTheme()
  const Icon = ICONS[theme]
  const other = i18n.language === 'ko' ? 'en' : 'ko'
  return (
    <>
      <Button
        kind="ghost"
        size="icon"
        aria-label={t('preferences.theme', { theme: t(`preferences.${theme}`) })}
        onClick={() => setTheme(NEXT[theme])}
      >
        <Icon aria-hidden className="size-5" />
      </Button>
      <Button
        kind="ghost"
        size="small"
        lang={other}
        aria-label={other === 'en' ? 'EN, English' : '한, 한국어'}
        onClick={() => setLanguage(other)}
      >
        <Languages aria-hidden className="size-5" />
        {other === 'en' ? 'EN' : '한'}
      </Button>
    </>
  )
}
