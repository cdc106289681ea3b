// Which page stands at which address, and what stands there before it is known who is asking.
import { lazy, Suspense, useEffect, useState } from 'react'
import { useText } from './language'
import { Link, navigate, usePath, useTitle } from './router'
import { loadSession, personOf, SessionProvider, useSession, type Session } from './session'
import { takeReturn } from './share'
import { Shell } from './shell'
import { JoinPage } from './pages/join'
import { SignInPage } from './pages/sign-in'
import { PublicPage } from './pages/public'
import { Boundary } from './ui/boundary'
import { Loading, Notice } from './ui/parts'

const BoardPage = lazy(() => import('./pages/board/page'))
const WorkPage = lazy(() => import('./pages/work/page'))
const OperationsPage = lazy(() => import('./pages/operations/page'))
const EditorPage = lazy(() => import('./pages/editor/page'))

export function App() {
  const [session, setSession] = useState<Session | null>(null)
  const [failed, setFailed] = useState(false)
  const [tries, setTries] = useState(0)
  useEffect(() => {
    setFailed(false)
    loadSession().then(
      (first) => {
        const to = first.signedIn && location.pathname === '/console' ? takeReturn() : null
        if (to) navigate(to, { replace: true })
        setSession(first)
      },
      () => setFailed(true),
    )
  }, [tries])
  useEffect(() => {
    if (!failed) return
    const again = () => setTries((n) => n + 1)
    addEventListener('online', again)
    const timer = setTimeout(again, 5000)
    return () => {
      removeEventListener('online', again)
      clearTimeout(timer)
    }
  }, [failed])
  if (!session) return failed ? <NoServer again={() => setTries((n) => n + 1)} /> : <Loading />
  return (
    <SessionProvider first={session}>
      <Shell>
        <Boundary>
          <Suspense fallback={<Loading />}>
            <Page />
          </Suspense>
        </Boundary>
      </Shell>
    </SessionProvider>
  )
}

function Page() {
  const path = usePath().replace(/\/+$/, '')
  const { session } = useSession()
  if (path === '/console/sign-in') return <SignInPage />
  if (!session.signedIn) return <PublicPage />
  // Nothing that one person typed stays on the page of the next.
  return <MemberPage key={personOf(session)} path={path} />
}

function MemberPage({ path }: { path: string }) {
  const { session } = useSession()
  if (!session.party) return <JoinPage />
  switch (path) {
    case '/console':
      return <BoardPage />
    case '/work':
      return <WorkPage />
    case '/console/operations':
      return <OperationsPage />
    case '/console/editor':
      return <EditorPage />
    case '/console/join':
      return <JoinPage />
    default:
      return <NotFound />
  }
}

function NotFound() {
  const t = useText()
  useTitle(t('Không có trang này', 'No such page'))
  return (
    <div className="narrow">
      <h1>{t('Không có trang này', 'No such page')}</h1>
      <p>
        <Link href="/console">{t('Về bảng tổng hợp', 'To the board')}</Link>
      </p>
    </div>
  )
}

function NoServer({ again }: { again: () => void }) {
  const t = useText()
  return (
    <main className="narrow page">
      <h1>Cam Kết</h1>
      <Notice kind="warning">
        <p>
          {t(
            'Chưa kết nối được máy chủ. Trang sẽ tự thử lại; những gì đã lưu nháp vẫn còn trên máy này.',
            'The server cannot be reached. This page tries again by itself; saved drafts are still on this device.',
          )}
        </p>
        <button type="button" className="button" onClick={again}>
          {t('Thử lại ngay', 'Try again now')}
        </button>
      </Notice>
    </main>
  )
}
