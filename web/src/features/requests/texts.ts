import { addTexts } from '@/lib/i18n'
import en from '@/locales/en/requests.json'
import ko from '@/locales/ko/requests.json'

addTexts('requests', { en, ko })
