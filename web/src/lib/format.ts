import i18n from './i18n'

export function formatDate(iso: string): string {
  return new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium' }).format(new Date(iso))
}

export function formatDateTime(iso: string): string {
  return new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso))
}

/** Formats a calendar day of the API (`2026-11-23`); it has no time, so no time zone may shift it. */
export function formatDay(day: string): string {
  return new Intl.DateTimeFormat(i18n.language, { month: 'short', day: 'numeric', timeZone: 'UTC' }).format(
    new Date(day),
  )
}

export function formatNumber(value: number, digits = 0): string {
  return new Intl.NumberFormat(i18n.language, { maximumFractionDigits: digits }).format(value)
}

/** A length in seconds: "12 sec", and from a minute on "1 min 5 sec". */
export function formatLength(seconds: number): string {
  const unit = (value: number, name: 'minute' | 'second') =>
    new Intl.NumberFormat(i18n.language, { style: 'unit', unit: name, unitDisplay: 'short' }).format(value)
  const whole = Math.round(seconds)
  if (whole < 60) return unit(whole, 'second')
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60]
  return rest === 0 ? unit(minutes, 'minute') : `${unit(minutes, 'minute')} ${unit(rest, 'second')}`
}

export function formatBytes(bytes: number): string {
  if (bytes < 1024 * 1024) return `${formatNumber(bytes / 1024)} KB`
  return `${formatNumber(bytes / 1024 / 1024, 1)} MB`
}
