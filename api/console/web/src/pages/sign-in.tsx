// Signing in: with a provider, and on a demonstration with the printed link or as one of its people.
import { useEffect, useRef, useState } from 'react'
import { useText } from '../language'
import { Problem } from '../net'
import { Link, navigate, useTitle } from '../router'
import { useSession, type Persona, type Way } from '../session'
import { keepReturn, returnTo } from '../share'
import { roleName } from '../terms'
import { Notice } from '../ui/parts'

/** The spent part of a printed link; taken out of the address before anything else is done with it. */
function takeLink(): string {
  const link = decodeURIComponent(location.hash.slice(1))
  if (link) history.replaceState(null, '', location.pathname + location.search)
  return link
}

export function SignInPage() {
  const t = useText()
  const { session, signIn } = useSession()
  useTitle(t('Đăng nhập', 'Sign in'))
  const [error, setError] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const taken = useRef(false)

  async function enter(how: Way) {
    setBusy(true)
    setError(null)
    try {
      await signIn(how)
      navigate(returnTo(location.search), { replace: true })
    } catch (reason) {
      setError(
        reason instanceof Problem
          ? reason.message
          : t('Chưa kết nối được máy chủ. Hãy thử lại.', 'The server cannot be reached. Try again.'),
      )
    } finally {
      setBusy(false)
    }
  }

  useEffect(() => {
    if (taken.current) return
    taken.current = true
    const link = takeLink()
    if (link) void enter({ link })
    // Once, when the page is opened.
  }, [])

  return (
    <div className="narrow sign-in">
      <h1>{t('Đăng nhập', 'Sign in')}</h1>
      {session.signedIn && (
        <Notice kind="good">
          <p>
            {t('Đang đăng nhập: ', 'Signed in: ')}
            <strong>{session.label}</strong>
            {session.party && ` · ${session.party.name}`}
          </p>
          <Link className="button" href="/console">
            {t('Vào bảng tổng hợp', 'To the board')}
          </Link>
        </Notice>
      )}
      {error && (
        <Notice kind="danger">
          <p>{error}</p>
        </Notice>
      )}
      <Ways busy={busy} enter={(how) => void enter(how)} />
    </div>
  )
}

/** The ways to sign in; the page and the dialog of an ended session show the same ones. */
export function Ways(props: {
  busy: boolean
  enter: (how: Way) => void
  newTab?: boolean
}) {
  const t = useText()
  const { session } = useSession()
  return (
    <>
      {session.providers.length > 0 && (
        <ul className="ways">
          {session.providers.map((provider) => (
            <li key={provider.name}>
              <a
                className="button primary"
                href={sameOrigin(provider.url)}
                {...(props.newTab ? { target: '_blank', rel: 'noopener' } : { onClick: () => keepReturn(location.search) })}
              >
                {t('Đăng nhập qua ', 'Sign in with ')} {provider.name}
              </a>
            </li>
          ))}
        </ul>
      )}
      {session.dev && (
        <>
          <h2>{t('Bản trình diễn', 'Demonstration')}</h2>
          <p>{t('Chọn một người để xem hệ thống qua mắt họ:', 'Choose somebody to see the system with their eyes:')}</p>
          <ul className="personas">
            {(session.personas ?? []).map((persona) => (
              <li key={`${persona.subject} ${persona.partyId ?? ''}`}>
                <PersonaButton
                  persona={persona}
                  disabled={props.busy}
                  choose={() => props.enter({ persona: persona.subject, ...(persona.partyId ? { party: persona.partyId } : {}) })}
                />
              </li>
            ))}
          </ul>
        </>
      )}
      {!session.dev && session.providers.length === 0 && (
        <Notice kind="warning">
          <p>
            {t(
              'Máy chủ này chưa khai báo nhà cung cấp đăng nhập. Xin liên hệ người quản trị.',
              'No sign-in provider is set up on this server. Please ask its administrator.',
            )}
          </p>
        </Notice>
      )}
    </>
  )
}

function PersonaButton({ persona, disabled, choose }: { persona: Persona; disabled: boolean; choose: () => void }) {
  const t = useText()
  return (
    <button type="button" className="persona" disabled={disabled} onClick={choose}>
      <strong>{persona.party ?? t('Chưa thuộc đơn vị nào', 'In no party yet')}</strong>
      <span>
        {persona.label}
        {persona.role && ` · ${roleName(persona.role, t)}`}
      </span>
    </button>
  )
}

function sameOrigin(url: string): string {
  const there = new URL(url, location.origin)
  return there.origin === location.origin ? there.href : '/console/sign-in'
}
