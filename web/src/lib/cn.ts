import { clsx, type ClassValue } from 'clsx'
import { twMerge } from 'tailwind-merge'

/** Joins class names; the last of two Tailwind classes for one property wins. */
export function cn(...classes: ClassValue[]): string {
  return twMerge(clsx(classes))
}
