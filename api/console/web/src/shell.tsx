// What stands around every page: where one is, for whom one acts, and what must not be missed.
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { setLanguage, useLanguage, useText } from './language'
import { onReached, Problem } from './net'
import { Link, navigate, usePath } from './router'
import { useSession, type OwnParty } from './session'
import { setTheme, useTheme } from './theme'
import { ExpiredDialog } from './pages/expired'
import { ViewAsBanner, ViewAsDialog } from './pages/view-as'
import { Icon, Segmented, type IconName } from './ui/parts'
import { roleName } from './terms'

export function Shell({ children }: { children: ReactNode }) {
  const t = useText()
  const { session, expired } = useSession()
  const path = usePath()
  const main = useRef<HTMLElement>(null)
  const first = useRef(true)
  // A screen reader hears that there is another page, and Tab goes on from its beginning.
  useEffect(() => {
    if (first.current) first.current = false
    else main.current?.focus({ preventScroll: true })
  }, [path, !session.party])
  return (
    <div className={path.startsWith('/console/editor') ? 'shell full' : 'shell'}>
      <a className="skip" href="#main" onClick={() => main.current?.focus()}>
        {t('Đến nội dung chính', 'Skip to the content')}
      </a>
      <ViewAsBanner />
      <header className="top">
        <Link className="brand" href={session.signedIn ? '/console' : '/console/sign-in'}>
          <svg viewBox="0 0 32 32" aria-hidden="true">
            <rect width="32" height="32" rx="8" />
            <path d="M9 16.5l4.600 4.7L23.500 11" />
          </svg>
          <span>Cam Kết</span>
        </Link>
        {session.party && <Navigation path={path} />}
        <div className="who">
          {session.signedIn ? <Account /> : <Preferences />}
        </div>
      </header>
      <OfflineBanner />
      <main id="main" className="page" ref={main} tabIndex={-1}>
        {children}
      </main>
      {expired && <ExpiredDialog />}
    </div>
  )
}

function Navigation({ path }: { path: string }) {
  const t = useText()
  const places: { href: string; icon: IconName; label: string }[] = [
    { href: '/console', icon: 'board', label: t('Tổng hợp', 'Board') },
    { href: '/work', icon: 'work', label: t('Việc cần làm', 'My work') },
    { href: '/console/operations', icon: 'operations', label: t('Thao tác', 'Operations') },
    { href: '/console/editor', icon: 'editor', label: t('Soạn truy vấn', 'Editor') },
  ]
  return (
    <nav className="places" aria-label={t('Các trang', 'Pages')}>
      {places.map((place) => (
        <Link key={place.href} href={place.href} aria-current={path === place.href ? 'page' : undefined}>
          <Icon name={place.icon} />
          <span>{place.label}</span>
        </Link>
      ))}
    </nav>
  )
}

/** A disclosure that closes on Escape, on a click elsewhere and when focus leaves it. */
function Menu({ label, children }: { label: ReactNode; children: (close: () => void) => ReactNode }) {
  const ref = useRef<HTMLDetailsElement>(null)
  const close = () => ref.current?.removeAttribute('open')
  useEffect(() => {
    const elsewhere = (event: Event) => {
      if (ref.current && !ref.current.contains(event.target as Node)) close()
    }
    document.addEventListener('pointerdown', elsewhere)
    return () => document.removeEventListener('pointerdown', elsewhere)
  }, [])
  return (
    <details
      ref={ref}
      className="menu"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        close()
        ref.current?.querySelector('summary')?.focus()
      }}
      onBlur={(event) => {
        if (event.relatedTarget && !ref.current?.contains(event.relatedTarget)) close()
      }}
    >
      <summary>{label}</summary>
      <div className="menu-body">{children(close)}</div>
    </details>
  )
}

function Account() {
  const t = useText()
  const { session, signOut } = useSession()
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Menu
        label={
          <span className="account">
            <span className="account-party">
              {session.party?.name ??
                (session.parties.length ? t('Chưa chọn đơn vị', 'No party chosen') : t('Chưa thuộc đơn vị nào', 'In no party yet'))}
            </span>
            <span className="account-label">{session.label}</span>
            <Icon name="down" />
          </span>
        }
      >
        {(close) => (
          <>
            {session.party && (
              <p className="menu-note">
                {roleName(session.party.role, t)}
                {session.party.isCoordinator && t(' · cơ quan điều phối', ' · coordinator')}
              </p>
            )}
            {session.parties.length > (session.party ? 1 : 0) && !session.viewAs && <PartySwitch onDone={close} />}
            <PreferenceFields />
            {session.party?.isCoordinator && !session.viewAs && (
              <button
                type="button"
                className="menu-item"
                onClick={() => {
                  close()
                  setAsking(true)
                }}
              >
                <Icon name="eye" /> {t('Xem với tư cách đơn vị khác…', 'View as another party…')}
              </button>
            )}
            {session.party && !session.viewAs && (
              <button
                type="button"
                className="menu-item"
                onClick={() => {
                  close()
                  navigate('/console/join')
                }}
              >
                <Icon name="plus" /> {t('Tham gia đơn vị khác…', 'Join another party…')}
              </button>
            )}
            <button
              type="button"
              className="menu-item"
              onClick={() => signOut().then(() => navigate('/console/sign-in'), () => undefined)}
            >
              <Icon name="right" /> {t('Đăng xuất', 'Sign out')}
            </button>
          </>
        )}
      </Menu>
      {asking && <ViewAsDialog onClose={() => setAsking(false)} />}
    </>
  )
}

function PartySwitch({ onDone }: { onDone: () => void }) {
  const t = useText()
  const { session, actFor } = useSession()
  const [error, setError] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const choose = (party: OwnParty) => {
    setBusy(true)
    return actFor(party.id)
      .then(onDone, (reason: unknown) =>
        setError(reason instanceof Problem ? reason.message : t('Chưa đổi được, hãy thử lại.', 'Not changed, try again.')),
      )
      .finally(() => setBusy(false))
  }
  return (
    <div role="group" aria-labelledby="acting-for">
      <p className="menu-title" id="acting-for">
        {t('Làm việc cho', 'Acting for')}
      </p>
      {session.parties.map((party) => {
        const chosen = party.id === session.party?.id
        return (
          <button
            key={party.id}
            type="button"
            className="menu-item"
            aria-pressed={chosen}
            disabled={busy}
            onClick={() => void (chosen ? onDone() : choose(party))}
          >
            <Icon name={chosen ? 'check' : 'right'} />
            <span>
              {party.name} <small>{roleName(party.role, t)}</small>
            </span>
          </button>
        )
      })}
      {error && (
        <p className="field-error" role="alert">
          {error}
        </p>
      )}
    </div>
  )
}

function Preferences() {
  const t = useText()
  return <Menu label={<span className="account">{t('Hiển thị', 'Display')} <Icon name="down" /></span>}>{() => <PreferenceFields />}</Menu>
}

function PreferenceFields() {
  const t = useText()
  const theme = useTheme()
  const language = useLanguage()
  return (
    <>
      <Segmented
        label="Ngôn ngữ · Language"
        name="language"
        chosen={language}
        onChoose={setLanguage}
        options={[
          { key: 'vi', label: 'Tiếng Việt' },
          { key: 'en', label: 'English' },
        ]}
      />
      <Segmented
        label={t('Giao diện', 'Appearance')}
        name="theme"
        chosen={theme}
        onChoose={setTheme}
        options={[
          { key: 'system', label: t('Theo máy', 'System') },
          { key: 'light', label: t('Sáng', 'Light') },
          { key: 'dark', label: t('Tối', 'Dark') },
        ]}
      />
    </>
  )
}

/** Whether the server is out of reach: what the browser says, and what the last request met. */
export function useOffline(): boolean {
  const [offline, setOffline] = useState(!navigator.onLine)
  useEffect(() => {
    const off = () => setOffline(true)
    const on = () => setOffline(false)
    addEventListener('offline', off)
    addEventListener('online', on)
    const stop = onReached((yes) => setOffline(!yes || !navigator.onLine))
    return () => {
      removeEventListener('offline', off)
      removeEventListener('online', on)
      stop()
    }
  }, [])
  return offline
}

function OfflineBanner() {
  const t = useText()
  const offline = useOffline()
  return (
    <div role="status" className="offline">
      {offline && (
        <p>
          <Icon name="offline" />
          {t(
            'Mất kết nối. Những gì bạn nhập được giữ trên máy này và tự gửi khi có mạng.',
            'No connection. What you enter stays on this device and is sent once there is a network.',
          )}
        </p>
      )}
    </div>
  )
}
