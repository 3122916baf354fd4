/** What this page uses of Google Identity Services (https://accounts.google.com/gsi/client). */
interface GoogleIdentity {
  initialize: (options: { client_id: string; callback: (answer: { credential: string }) => void }) => void
  renderButton: (
    parent: HTMLElement,
    options: {
      type: 'standard'
      theme: 'outline' | 'filled_black'
      size: 'large'
      shape: 'pill'
      text: 'signin_with'
      locale: string
      width: number
    },
  ) => void
}

interface Window {
  google?: { accounts: { id: GoogleIdentity } }
}
