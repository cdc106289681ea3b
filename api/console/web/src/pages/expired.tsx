// The session ended under an open page. The page stays; this asks over it.
import { useEffect, useState } from 'react'
import { useText } from '../language'
import { Problem } from '../net'
import { useSession, type Way } from '../session'
import { Dialog, Notice } from '../ui/parts'
import { Ways } from './sign-in'

export function ExpiredDialog() {
  const t = useText()
  const { signIn, reload } = useSession()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)

  // Signing in with a provider happens in another tab: look again when one comes back.
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === 'visible') void reload().catch(() => undefined)
    }
    document.addEventListener('visibilitychange', look)
    addEventListener('focus', look)
    return () => {
      document.removeEventListener('visibilitychange', look)
      removeEventListener('focus', look)
    }
  }, [reload])

  async function enter(how: Way) {
    setBusy(true)
    setError(null)
    try {
      await signIn(how)
    } catch (reason) {
      setError(reason instanceof Problem ? reason.message : t('Hãy thử lại.', 'Try again.'))
    } finally {
      setBusy(false)
    }
  }

  return (
    <Dialog title={t('Phiên làm việc đã hết', 'Your session has ended')}>
      <Notice>
        <p>
          {t(
            'Hãy đăng nhập lại. Những gì bạn đã nhập vẫn còn nguyên sau cửa sổ này.',
            'Please sign in again. Everything you typed is still there behind this window.',
          )}
        </p>
      </Notice>
      {error && (
        <Notice kind="danger">
          <p>{error}</p>
        </Notice>
      )}
      <Ways busy={busy} enter={(how) => void enter(how)} newTab />
    </Dialog>
  )
}
