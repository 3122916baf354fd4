import { Languages, Moon, Sun, SunMoon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { setLanguage } from '@/lib/i18n'
import { setTheme, useTheme, type Theme } from '@/lib/theme'
import { DEFAULT_LANGUAGE, LANGUAGE_CODES, LANGUAGES } from '@/locales/languages'
import { Button } from './Button'

const NEXT_THEME: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' }
const ICONS = { system: SunMoon, light: Sun, dark: Moon }

/** The switches for theme and language; each press selects the next value. */
export function Preferences() {
  return (
    <>
      <ThemeButton />
      <LanguageButton />
    </>
  )
}

function ThemeButton() {
  const { t } = useTranslation()
  const theme = useTheme()
  const Icon = ICONS[theme]
  return (
    <Button
      kind="ghost"
      size="icon"
      aria-label={t('preferences.theme', { theme: t(`preferences.${theme}`) })}
      onClick={() => setTheme(NEXT_THEME[theme])}
    >
      <Icon aria-hidden className="size-5" />
    </Button>
  )
}

/** Named after the language that it selects, in that language. */
function LanguageButton() {
  const { i18n } = useTranslation()
  const index = LANGUAGE_CODES.findIndex((code) => code === i18n.language)
  const next = LANGUAGE_CODES[(index + 1) % LANGUAGE_CODES.length] ?? DEFAULT_LANGUAGE
  const { label, name } = LANGUAGES[next]
  return (
    <Button kind="ghost" size="small" lang={next} aria-label={`${label}, ${name}`} onClick={() => setLanguage(next)}>
      <Languages aria-hidden className="size-5" />
      {label}
    </Button>
  )
}
