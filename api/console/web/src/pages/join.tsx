// Becoming a member: what somebody finds who is signed in and in no party yet, or was invited to one more.
import { useState, type FormEvent } from 'react'
import Join from './join.graphql?raw'
import { useText } from '../language'
import { ask, Problem, SignedOut } from '../net'
import { navigate, useTitle } from '../router'
import { useSession } from '../session'
import { Field } from '../ui/parts'

interface Joined {
  acceptInvitation: { member: { party: { id: string } } | null; userErrors: { code: string; message: string }[] } | null
}

export function JoinPage() {
  const t = useText()
  useTitle(t('Tham gia một đơn vị', 'Join a party'))
  const { session, actFor } = useSession()
  const [code, setCode] = useState('')
  const [errors, setErrors] = useState<string[]>([])
  const [busy, setBusy] = useState(false)

  async function join(event: FormEvent) {
    event.preventDefault()
    if (!code.trim()) {
      setErrors([t('Hãy nhập mã mời.', 'Enter the code.')])
      return
    }
    const again = t('Chưa gửi được. Hãy thử lại.', 'Not sent. Try again.')
    const said: Record<string, string> = {
      NOT_FOUND: t('Không có lời mời nào với mã này. Hãy xem lại từng ký tự.', 'No invitation has this code. Look at it once more.'),
      ALREADY_RECORDED: t('Bạn đã là thành viên của đơn vị này; mã vẫn chưa dùng.', 'You are a member of this party already; the code is not used.'),
    }
    setBusy(true)
    try {
      const { acceptInvitation: answer } = await ask<Joined>(Join, { input: { code } })
      // Who is a member already is told so beside the membership that stands.
      if (!answer?.member || answer.userErrors.length) {
        setErrors(answer?.userErrors.map((one) => said[one.code] ?? one.message) ?? [again])
        return
      }
      await actFor(answer.member.party.id)
      if (location.pathname === '/console/join') navigate('/work')
    } catch (error) {
      if (error instanceof SignedOut) return
      setErrors([error instanceof Problem ? error.message : again])
    } finally {
      setBusy(false)
    }
  }

  return (
    <div className="narrow">
      <h1>{t('Tham gia một đơn vị', 'Join a party')}</h1>
      {!session.party && (
        <p>
          {session.parties.length
            ? t(
                'Bạn không còn là thành viên của đơn vị đã chọn. Hãy chọn đơn vị khác ở góc trên, hoặc nhập mã mời.',
                'You are no member of the chosen party any more. Choose another above, or enter a code.',
              )
            : t('Bạn đã đăng nhập nhưng chưa thuộc đơn vị nào.', 'You are signed in, and in no party yet.')}
        </p>
      )}
      <form onSubmit={(event) => void join(event)}>
        <Field
          label={t('Mã mời', 'Code of the invitation')}
          hint={t(
            'Người quản lý của đơn vị gửi cho bạn mã này; mã dùng được một lần.',
            'A manager of the party gives it to you; it is good once.',
          )}
          errors={errors}
        >
          {(attributes) => (
            <input
              {...attributes}
              type="text"
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              maxLength={200}
              value={code}
              onChange={(event) => setCode(event.target.value)}
            />
          )}
        </Field>
        <button type="submit" className="button primary" disabled={busy}>
          {t('Tham gia', 'Join')}
        </button>
      </form>
    </div>
  )
}
