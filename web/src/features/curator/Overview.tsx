import { cn } from '@/lib/cn'
import { Peaks } from './Peaks'

interface Props {
  peaks: number[]
  lengthS: number
  lines: { id: number; text: string; start_time: number; end_time: number }[]
  openId: number | null
  onOpen: (lineId: number) => void
}

/** All of the scene's sound with its lines, for the pointer; the list below it does the same for the keyboard. */
export function Overview({ peaks, lengthS, lines, openId, onOpen }: Props) {
  return (
    <div aria-hidden className="relative mb-4 h-20 overflow-hidden rounded-xl bg-raised">
      <Peaks peaks={peaks} className="absolute inset-0 size-full text-muted" />
      {lines.map((line) => (
        <div
          key={line.id}
          title={line.text}
          onClick={() => onOpen(line.id)}
          className={cn(
            'absolute inset-y-0 cursor-pointer border-x border-actor',
            line.id === openId ? 'bg-actor/40' : 'bg-actor/10 hover:bg-actor/25',
          )}
          style={{
            left: `${(line.start_time / lengthS) * 100}%`,
            width: `${(Math.max(0, line.end_time - line.start_time) / lengthS) * 100}%`,
          }}
        />
      ))}
    </div>
  )
}
