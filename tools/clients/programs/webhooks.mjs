// Standard Webhooks by the package of Node.js: `webhooks.mjs verify` or `webhooks.mjs sign`, as webhooks.py.
import { text } from 'node:stream/consumers'
import { Webhook } from 'standardwebhooks'

const { secret, headers, id, body, target } = JSON.parse(await text(process.stdin))
const webhook = new Webhook(secret)
if (process.argv[2] === 'verify') {
  webhook.verify(body, headers)
  webhook.verify(target, { ...headers, 'webhook-signature': headers['yousync-target'] }, { jsonParse: false })
} else {
  const now = new Date()
  const signed = {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now / 1000)),
    'webhook-signature': webhook.sign(id, now, body),
    'yousync-target': webhook.sign(id, now, target),
  }
  console.log(JSON.stringify(signed))
}
