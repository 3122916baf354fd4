/** The main job by the page's published client: `typescript_client.ts URL EMAIL TAKE`. Prints what python_client.py does. */
import { readFileSync } from 'node:fs'
import { bearer, client, createDevelopmentSession, createJob, followProgress, getResult, listTokens } from 'yousync-web'
import type { AnalysisResultResponse, ProgressEvent } from 'yousync-web'

const [, , baseUrl = '', email = '', take = ''] = process.argv
client.setConfig({ baseUrl })
const session = await createDevelopmentSession({ body: { email }, throwOnError: true })
client.setConfig({ auth: bearer(() => session.data.access_token) })

const { data: page } = await listTokens({ throwOnError: true })
const line = page.items.find(({ has_audio }) => has_audio)
if (!line) throw new Error('no line has audio')
const audio_file = new File([readFileSync(take)], 'take.wav')
const { data: job } = await createJob({ path: { token_id: line.id }, body: { audio_file }, throwOnError: true })
const statuses: ProgressEvent['status'][] = []
for await (const event of followProgress(job)) statuses.push(event.status)
const result = await getResult({ path: { job_id: job.job_id }, throwOnError: true })

const end: AnalysisResultResponse = result.data
console.log(JSON.stringify({ statuses, status: end.status, score: end.overall_score }))
