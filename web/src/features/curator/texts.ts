import { addTexts } from '@/lib/i18n'
import en from '@/locales/en/curator.json'
import ko from '@/locales/ko/curator.json'

addTexts('curator', { en, ko })
