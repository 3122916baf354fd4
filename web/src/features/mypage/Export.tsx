import { useMutation } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/components/Button'
import { Card, CardTitle } from '@/components/Card'
import { formatBytes } from '@/lib/format'
import { authorizedFetch } from '@/lib/http'
import { explain } from '@/lib/problem'

const FILE = 'yousync-export.zip'

/** Reads the archive while the server creates it; throws if the stream breaks off, so no partial file is saved. */
async function fetchExport(onReceived: (bytes: number) => void): Promise<Blob> {
  const answer = await authorizedFetch(new URL('/api/mypage/export', window.location.origin))
  if (!answer.ok || !answer.body) throw await answer.json()
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let received = 0
  const reader = answer.body.getReader()
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    chunks.push(next.value)
    received += next.value.byteLength
    onReceived(received)
  }
  return new Blob(chunks, { type: 'application/zip' })
}

function download(archive: Blob) {
  const url = URL.createObjectURL(archive)
  const link = document.createElement('a')
  link.href = url
  link.download = FILE
  link.click()
  // Some browsers read the URL only after the click.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

export function Export() {
  const { t } = useTranslation()
  const [received, setReceived] = useState(0)
  const fetching = useMutation({
    mutationFn: () => fetchExport(setReceived),
    onMutate: () => setReceived(0),
    onSuccess: download,
  })
  return (
    <Card>
      <CardTitle>{t('account.export.title')}</CardTitle>
      <p className="text-muted">{t('account.export.text')}</p>
      <div className="mt-4 flex flex-wrap items-center gap-4">
        <Button disabled={fetching.isPending} onClick={() => fetching.mutate()}>
          <Download aria-hidden className="size-5" />
          {t('account.export.button')}
        </Button>
        {fetching.isPending && received > 0 && (
          <span className="text-sm text-muted tabular-nums">
            {t('account.export.received', { size: formatBytes(received) })}
          </span>
        )}
        <p role="status" className="text-sm">
          {fetching.isPending && received === 0 && t('account.export.preparing')}
          {fetching.isSuccess && t('account.export.done')}
        </p>
        {fetching.isError && (
          <p role="alert" className="text-sm text-poor">
            {explain(fetching.error)}
          </p>
        )}
      </div>
    </Card>
  )
}
